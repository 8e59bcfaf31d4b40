/**
 * A resource's files: picked by a person, hashed in the browser, sent as blobs by their hash, and named in a manifest. Nothing
 * is kept in memory beyond a piece of a file. The hub checks every hash again.
 */
import type { Manifest } from '../api/views.ts'
import { bytesText, countText } from '../format/number.ts'
import { Sha256 } from './sha256.ts'

const PIECE = 1024 * 1024

export interface PickedFile {
  /** Relative, `/`-separated, without the picked folder's own name. */
  readonly path: string
  readonly file: Blob
}

export interface Picked {
  readonly kind: 'file' | 'folder'
  readonly name: string
  readonly files: readonly PickedFile[]
  readonly bytes: number
}

/** What an `<input type="file">` holds; null when it is empty. */
export function pickedOf(list: Iterable<File>, kind: 'file' | 'folder'): Picked | null {
  const all = [...list]
  const first = all[0]
  if (!first) return null
  const bytes = all.reduce((sum, file) => sum + file.size, 0)
  if (kind === 'file') return { kind, name: first.name, files: [{ path: first.name, file: first }], bytes: first.size }
  const files = all
    .map(file => ({ path: file.webkitRelativePath.split('/').slice(1).join('/') || file.name, file }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
  return { kind, name: first.webkitRelativePath.split('/')[0] ?? first.name, files, bytes }
}

/** Of an extension, as the hub and its agents take it. */
const MOST_FILES = 5_000
const MOST_BYTES = 100 * 1024 * 1024

/** A folder of code without what is installed anew where it runs; or why it is not sent, after the extension's name. */
export function codeOf(picked: Picked): Picked | string {
  const files = picked.files.filter(({ path }) => !/(^|\/)(\.git|node_modules)\//.test(path))
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
  if (files.length === 0) return 'is an empty folder'
  if (files.length > MOST_FILES) return `has ${countText(files.length)} files, and may have 5,000: leave data out`
  if (bytes > MOST_BYTES) return `has ${bytesText(bytes)}, and may have 100 MiB: data belongs to the resources`
  return { ...picked, files, bytes }
}

/** Hashes and sends all files. `progress` is told bytes done of 2 × the size: every byte is read once and sent once. */
export async function upload(picked: Picked, progress: (done: number) => void, signal: AbortSignal): Promise<Manifest> {
  let done = 0
  const entries: Manifest['files'][number][] = []
  for (const { path, file } of picked.files) {
    const sha256 = await hashFile(file, signal, bytes => progress(done + bytes))
    done += file.size
    await send(file, sha256, signal, bytes => progress(done + bytes))
    done += file.size
    progress(done)
    entries.push({ path, sha256, size: file.size })
  }
  return { kind: picked.kind, files: entries }
}

async function hashFile(file: Blob, signal: AbortSignal, progress: (bytes: number) => void): Promise<string> {
  if (globalThis.crypto?.subtle && file.size <= 16 * PIECE) {
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
    return Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, '0')).join('')
  }
  const hash = new Sha256()
  for (let at = 0; at < file.size; at += PIECE) {
    signal.throwIfAborted()
    hash.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()))
    progress(Math.min(file.size, at + PIECE))
  }
  return hash.hex()
}

/** XMLHttpRequest, since fetch tells nothing about what it has sent. */
function send(file: Blob, sha256: string, signal: AbortSignal, progress: (bytes: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const stop = () => request.abort()
    signal.addEventListener('abort', stop)
    request.upload.onprogress = event => progress(event.loaded)
    request.onload = () => (request.status < 300 ? resolve() : reject(new Error(refusal(request))))
    request.onerror = () => reject(new Error('The connection to the hub broke during the upload.'))
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'))
    request.onloadend = () => signal.removeEventListener('abort', stop)
    request.open('PUT', `/api/blobs/${sha256}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(file)
  })
}

function refusal(request: XMLHttpRequest): string {
  try {
    const body = JSON.parse(request.responseText) as { error?: unknown }
    if (typeof body.error === 'string') return body.error
  } catch {
    // Not JSON: the status says what can be said.
  }
  return `The hub refused the upload (${request.status}).`
}

/**
 * Local files and folders as manifests: what is sent with an experiment (resources, shipped code). Files are hashed while
 * streamed; a folder respects its `.gitignore` files and leaves out `.git` and `node_modules`. Links that leave the folder
 * are refused, since the receiving machine could not follow them.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import type { Manifest, ManifestFile } from '@flambe/engine'
import ignore, { type Ignore } from 'ignore'
import { fileTrouble } from './file-trouble.ts'
import { Refused } from './refused.ts'

export interface LocalManifest {
  readonly manifest: Manifest
  /** Absolute path of each blob's file. */
  readonly sources: ReadonlyMap<string, string>
}

/** Throws Refused for what cannot be read and for a link that leaves the folder. */
export async function localManifest(path: string): Promise<LocalManifest> {
  try {
    return await read(path)
  } catch (error) {
    const why = fileTrouble(error)
    if (why === null) throw error
    throw new Refused(`cannot read ${(error as NodeJS.ErrnoException).path ?? path}: ${why}`, 2, 'resource-unreadable')
  }
}

async function read(path: string): Promise<LocalManifest> {
  const root = await realpath(path)
  const info = await stat(root)
  const files = info.isDirectory() ? await walk(root, root, []) : [root]
  const sources = new Map<string, string>()
  const entries: ManifestFile[] = []
  for (const file of files.sort()) {
    const { size, mode } = await stat(file)
    const sha256 = await hashFile(file)
    sources.set(sha256, file)
    const label = info.isDirectory() ? relative(root, file).split(sep).join('/') : (root.split(sep).at(-1) as string)
    entries.push({ path: label, sha256, size, ...((mode & 0o100) !== 0 ? { executable: true } : {}) })
  }
  return { manifest: { kind: info.isDirectory() ? 'folder' : 'file', files: entries }, sources }
}

/** Hex SHA-256 of a file, streamed. */
export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

interface Rules {
  readonly dir: string
  readonly rules: Ignore
}

async function walk(root: string, dir: string, above: readonly Rules[]): Promise<string[]> {
  const own = await readFile(join(dir, '.gitignore'), 'utf8').catch(() => null)
  const rules = own === null ? above : [...above, { dir, rules: ignore().add(own) }]
  const found: string[] = []
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (entry.name === '.git' || entry.name === 'node_modules') continue
    const path = join(dir, entry.name)
    const info = await stat(path)
    if (ignored(path, info.isDirectory(), rules)) continue
    if (entry.isSymbolicLink() && !(await realpath(path)).startsWith(root + sep))
      throw new Refused(`${path} is a link that leaves ${root}`, 2, 'resource-unreadable')
    if (info.isDirectory()) found.push(...(await walk(root, path, rules)))
    else if (info.isFile()) found.push(path)
  }
  return found
}

const ignored = (path: string, folder: boolean, above: readonly Rules[]) =>
  above.some(({ dir, rules }) => rules.ignores(relative(dir, path).split(sep).join('/') + (folder ? '/' : '')))

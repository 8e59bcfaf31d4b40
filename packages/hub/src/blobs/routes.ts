/**
 * Blobs and downloads over HTTP: a person's uploads, ranged reads for agents and people, files of a trial, an experiment as
 * a tar. Everything leaves as an attachment, named by a label and addressed by a hash or a row's id (S5, S6).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { OpenStore } from '@flambe/store'
import { attachment, sendJson } from '../http/headers.ts'
import type { Request, Route } from '../http/routes.ts'
import type { Limits } from '../limits.ts'
import { Refused } from '../refused.ts'
import type { Committed } from '../rows/committed.ts'
import { experimentArchive } from './archive.ts'

export interface BlobRoutesOptions {
  readonly store: OpenStore
  readonly rows: Committed
  readonly limits: Limits
}

export function blobRoutes({ store, rows, limits }: BlobRoutesOptions): readonly Route[] {
  const upload = async ({ req, res, params }: Request) => {
    const sha256 = params[0] as string
    const length = Number(req.headers['content-length'] ?? Number.NaN)
    if (length > limits.blob) throw new Refused('TOO_LARGE', `more than ${limits.blob} bytes`)
    const expected = Number.isSafeInteger(length) ? { sha256, size: length } : { sha256 }
    sendJson(res, 201, await store.putBlob(whole(req), { ...expected, limit: limits.blob }))
  }

  const trialFile = async ({ req, res, params }: Request) => {
    const [id, path] = params as [string, string]
    const file = rows.trials.get(id)?.checkpoint?.manifest.files.find(f => f.path === path)
    if (file === undefined) throw new Refused('UNKNOWN', 'no such file')
    attachment(res, path)
    await sendBlob(store, file.sha256, req, res)
  }

  const archive = async ({ res, url, params }: Request) => {
    const experiment = rows.experiments.get(params[0] as string)
    if (experiment === undefined) throw new Refused('UNKNOWN', 'no such experiment')
    const block = url.searchParams.get('block')
    const trial = url.searchParams.get('trial')
    attachment(res, `${[experiment.name, block, trial?.split('.').at(-1)].filter(Boolean).join('-')}.tar`)
    res.setHeader('Content-Type', 'application/x-tar')
    const models = url.searchParams.get('models') === '1'
    await pipeline(experimentArchive({ store, rows, experiment, models, block, trial }), res)
  }

  return [
    {
      method: 'PUT',
      path: /^\/api\/blobs\/([0-9a-f]{64})$/,
      permission: 'operate',
      name: 'PUT /api/blobs/<sha256>',
      audit: true,
      run: upload,
    },
    {
      method: 'GET',
      path: /^\/api\/blobs\/([0-9a-f]{64})$/,
      permission: 'reader',
      name: 'GET /api/blobs/<sha256>',
      audit: true,
      run: async ({ req, res, params }) => {
        attachment(res, params[0] as string)
        await sendBlob(store, params[0] as string, req, res)
      },
    },
    {
      method: 'GET',
      path: /^\/api\/trials\/([A-Za-z0-9_.-]{1,200})\/files\/(.{1,3000})$/,
      permission: 'view',
      name: 'GET /api/trials/<id>/files/<path>',
      audit: true,
      run: trialFile,
    },
    {
      method: 'GET',
      path: /^\/api\/experiments\/([a-z0-9]{1,40})\/archive\.tar$/,
      permission: 'view',
      name: 'GET /api/experiments/<id>/archive.tar',
      audit: true,
      run: archive,
    },
  ]
}

/** The body, or an error when the client went away in the middle: an upload that was cut is never taken as whole. */
async function* whole(req: IncomingMessage): AsyncGenerator<Uint8Array> {
  for await (const chunk of req) yield chunk as Uint8Array
  if (!req.complete) throw new Refused('INCOMPLETE', 'the upload was cut', { after: 0 })
}

/** Content never changes under its hash, so it may be kept for ever by whoever was allowed to read it. */
async function sendBlob(store: OpenStore, sha256: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const blob = await store.blob(sha256)
  if (blob === null) throw new Refused('UNKNOWN', 'no such blob')
  res.setHeader('ETag', `"${sha256}"`)
  res.setHeader('Cache-Control', 'private, max-age=31536000, immutable')
  res.setHeader('Accept-Ranges', 'bytes')
  const range = parseRange(req.headers.range, blob.size)
  if (range === 'unsatisfiable') {
    res.setHeader('Content-Range', `bytes */${blob.size}`)
    res.statusCode = 416
    res.end()
    return
  }
  const { start, end } = range ?? { start: 0, end: blob.size - 1 }
  if (range !== null) {
    res.statusCode = 206
    res.setHeader('Content-Range', `bytes ${start}-${end}/${blob.size}`)
  }
  res.setHeader('Content-Length', end - start + 1)
  if (req.method === 'HEAD' || end < start) {
    res.end()
    return
  }
  await pipeline(await store.openBlob(sha256, { start, end }), res)
}

/** One range, as RFC 9110 has it; null = send all (no range, or a form that a server may ignore). */
export function parseRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (match === null) return null
  const [, first, last] = match as unknown as [string, string, string]
  if (first === '' && last === '') return null
  if (first === '') {
    const length = Math.min(Number(last), size)
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (last !== '' && Number(last) < start) return null
  return start >= size ? 'unsatisfiable' : { start, end }
}

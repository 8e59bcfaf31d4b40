/** Resources of an experiment as paths of this machine. Called by Experiment.processResources; throws Refused, never half a file. */
import { randomUUID } from 'node:crypto'
import { createWriteStream, existsSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { localPath } from '../client/experiment-file.ts'
import { Refused } from '../client/refused.ts'
import { makeFolder } from '../local/folder.ts'
import { Node } from './builders.ts'

/** ms that a server may be silent. */
const PATIENCE = 60_000

export async function processResources(
  resources: { readonly [name: string]: string | Node },
  folder: string,
): Promise<{ readonly [name: string]: string | Node }> {
  const found: { [name: string]: string | Node } = {}
  for (const [name, location] of Object.entries(resources)) found[name] = await processOne(name, location, folder)
  return found
}

async function processOne(name: string, location: string | Node, folder: string): Promise<string | Node> {
  if (location instanceof Node || /^s3:\/\//i.test(location)) return location
  if (/^https?:\/\//i.test(location)) return await fetched(name, location, resolve(folder))
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1]
  if (scheme !== undefined) throw wrong(name, `${scheme} is no scheme of resources: http, https or s3`)
  const path = localPath(join(resolve('.'), 'experiment.yaml'), location)
  if (!existsSync(path)) throw wrong(name, `${path} does not exist`)
  return path
}

async function fetched(name: string, url: string, folder: string): Promise<string> {
  // As the language has it for names, so it is a plain file name.
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name)) throw wrong(name, 'is no name')
  makeFolder(folder)
  const last = new URL(url).pathname.split('/').at(-1) ?? ''
  const path = join(folder, name + (/\.[A-Za-z0-9.]{1,20}$/.exec(last)?.[0] ?? ''))
  const part = `${path}.${randomUUID()}.part`
  const silence = new AbortController()
  const giveUp = () => silence.abort(new Error(`no byte in ${PATIENCE / 1000} s`))
  let timer = setTimeout(giveUp, PATIENCE)
  try {
    const answer = await fetch(url, { signal: silence.signal, headers: { 'accept-encoding': 'identity' } })
    if (!answer.ok || answer.body === null) throw wrong(name, `${url} answered ${answer.status} ${answer.statusText}`)
    const length = answer.headers.get('content-length')
    let size = 0
    const counted = Readable.fromWeb(answer.body as never).on('data', (chunk: Uint8Array) => {
      clearTimeout(timer)
      timer = setTimeout(giveUp, PATIENCE)
      size += chunk.byteLength
    })
    await pipeline(counted, createWriteStream(part))
    if (length !== null && Number(length) !== size) throw wrong(name, `${size} of ${length} bytes of ${url} arrived`)
    renameSync(part, path)
    return path
  } catch (error) {
    if (error instanceof Refused) throw error
    const { cause, message } = error as Error
    throw wrong(name, `cannot fetch ${url}: ${cause instanceof Error ? cause.message : message}`)
  } finally {
    clearTimeout(timer)
    rmSync(part, { force: true })
  }
}

const wrong = (name: string, why: string) => new Refused(`resource ${name}: ${why}`, 2, 'resource-unreadable')

/**
 * Which token speaks for this person at which hub: `flambe login` stores them in `~/.flambe/tokens.json` (0600), and a hub on
 * this machine leaves a `local.json` in its data folder that only its owner can read. Tokens never appear in arguments.
 */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expandHome, tokensFile } from '../local/places.ts'
import { mustAnswer } from './connect.ts'
import { fileTrouble } from './file-trouble.ts'
import { Refused } from './refused.ts'

export interface HubAddress {
  /** Origin, without a slash at the end. */
  readonly url: string
  readonly token: string
}

interface LocalFile {
  readonly url: string
  readonly token: string
  readonly pid: number
}

/** The hub that `--hub` names, or the one that runs on this machine. */
export async function findHub(url: string | undefined): Promise<HubAddress> {
  if (url === undefined) {
    const local = localHubs()[0]
    if (local === undefined)
      throw new Refused('no hub runs on this machine: start one with `flambe hub`, or name one with --hub URL')
    return local
  }
  const origin = originOf(url)
  const token = process.env.FLAMBE_TOKEN ?? stored()[origin] ?? localHubs().find(h => sameHost(h.url, origin))?.token
  if (token !== undefined) return { url: origin, token }
  // A wrong address is the likelier mistake.
  await mustAnswer(origin)
  throw new Refused(`no token for ${origin}: run \`flambe login ${origin}\` first`)
}

/** Remembers the data folder of a hub that was started here, so that commands find it without `--hub`. */
export function rememberDataFolder(dir: string): void {
  const known = dataFolders()
  if (known.includes(dir)) return
  try {
    writePrivate(foldersFile(), JSON.stringify([dir, ...known].slice(0, 20)))
  } catch (error) {
    // A home folder that is read-only, as in containers, is no reason not to serve.
    const why = fileTrouble(error)
    if (why === null) throw error
    process.stderr.write(`${foldersFile()}: ${why}; commands on this machine need --hub URL\n`)
  }
}

export function storeToken(url: string, token: string): void {
  writePrivate(tokensFile(), JSON.stringify({ ...stored(), [originOf(url)]: token }, null, 2))
}

export function originOf(url: string): string {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `http://${url}`
  if (!URL.canParse(full) || !/^https?:$/.test(new URL(full).protocol))
    throw new Refused(`'${url}' is no address of a hub; it looks like http://machine:4955`)
  return new URL(full).origin
}

/** `local.json` of a data folder, if its hub lives. */
export function readLocal(dir: string): HubAddress | null {
  const file = join(dir, 'local.json')
  if (!existsSync(file)) return null
  const { url, token, pid } = readJson(file) as LocalFile
  return alive(pid) ? { url, token } : null
}

const foldersFile = () => join(dirname(tokensFile()), 'hubs.json')
const dataFolders = (): string[] => (existsSync(foldersFile()) ? (readJson(foldersFile()) as string[]) : [])
const localHubs = (): HubAddress[] =>
  [...dataFolders(), expandHome('~/.flambe/hub')].flatMap(dir => {
    const hub = readLocal(dir)
    return hub === null ? [] : [hub]
  })
const stored = (): Record<string, string> =>
  existsSync(tokensFile()) ? (readJson(tokensFile()) as Record<string, string>) : {}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Refused(`${file}: ${fileTrouble(error) ?? 'it is damaged; delete it'}`)
  }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])
function sameHost(a: string, b: string): boolean {
  const [x, y] = [new URL(a), new URL(b)]
  return x.port === y.port && (x.hostname === y.hostname || (LOOPBACK.has(x.hostname) && LOOPBACK.has(y.hostname)))
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function writePrivate(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, `${text}\n`, { mode: 0o600 })
  chmodSync(file, 0o600)
}

/**
 * The agent's home folder: who it is (`private/identity.json`, 0600) and the lock that keeps a second agent out. Opened first by
 * agent.ts, closed last. On Linux the lock is an abstract socket, which the kernel lets go of when the process dies,
 * however it dies; elsewhere a file with the holder's pid.
 */
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { Complaint } from './complaint.ts'
import { createExclusive, writeDurable } from './files.ts'

const identity = z.object({
  /** Minted by the hub. */
  agent: z.string(),
  token: z.string(),
  /** Origin of the hub that gave both: the token is shown to no other. */
  hub: z.string(),
})
export type Identity = z.infer<typeof identity>

export interface Home {
  readonly folder: string
  /** What no trial may see; holds `identity.json`. */
  readonly secret: string
  /** As `readIdentity`. */
  identity(hub: string): Identity | null
  keep(identity: Identity): void
  /** It has joined no hub any more. */
  forget(): void
  /** Takes the folder away again when it was made just now: its agent never joined, and nothing lies in it that counts. */
  undo(): void
  close(): void
}

/** Throws Complaint when another agent runs in this folder. */
export async function openHome(path: string): Promise<Home> {
  const made: string[] = []
  const folder = makeFolder(path, made)
  const unlock = process.platform === 'linux' ? await lockByName(folder) : lockByFile(folder)
  const secret = makeFolder(join(folder, 'private'))
  const file = join(secret, 'identity.json')
  // Where it was before trials could be kept from seeing it.
  if (existsSync(join(folder, 'identity.json'))) renameSync(join(folder, 'identity.json'), file)
  return {
    folder,
    secret,
    identity: hub => readIdentity(folder, hub),
    keep(value) {
      writeDurable(file, JSON.stringify(value), 0o600)
    },
    forget() {
      for (const gone of [file, join(folder, 'stranger.json')]) rmSync(gone, { force: true })
    },
    undo() {
      if (made.length === 0 || existsSync(file)) return
      rmSync(folder, { recursive: true, force: true })
      // The folders on the way to it too, as far as nobody else has put something there.
      for (const parent of made.slice(0, -1).reverse()) if (!removeEmpty(parent)) break
    },
    close: unlock,
  }
}

/** Null before the first join, or when the home belongs to a hub at another address. Throws Complaint when it is damaged. */
export function readIdentity(home: string, hub: string): Identity | null {
  const file = join(home, 'private', 'identity.json')
  if (!existsSync(file)) return null
  const parsed = identity.safeParse(parse(readFileSync(file, 'utf8')))
  if (!parsed.success) throw new Complaint(`${file} is damaged. Delete it and join again with a new token.`)
  return sameHub(parsed.data.hub, hub) ? parsed.data : null
}

function makeFolder(path: string, made: string[] = []): string {
  try {
    makeMissing(path, made)
    readdirSync(path) // says so when it is a file
    chmodSync(path, 0o700)
    return realpathSync(path)
  } catch (error) {
    throw new Complaint(`Cannot use the folder ${path}: ${(error as Error).message}`)
  }
}

/** One by one: Node's recursive mkdir never returns where a mkdir in a folder that is there says "no such folder" (`/proc`). */
function makeMissing(path: string, made: string[]): void {
  if (existsSync(path)) return
  if (dirname(path) !== path) makeMissing(dirname(path), made)
  try {
    mkdirSync(path, { mode: 0o700 })
    made.push(path)
  } catch (error) {
    // Another agent made it in between; whether it is a folder shows at its first use.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

function removeEmpty(path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch {
    return false // something is in it
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // the schema says no to it
  }
}

/** Ports of this very machine change from start to start; another machine is another hub until a person says otherwise. */
function sameHub(known: string, asked: string): boolean {
  const [a, b] = [new URL(known), new URL(asked)]
  const loopback = (u: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(u.hostname)
  return a.origin === b.origin || (loopback(a) && loopback(b))
}

const taken = (folder: string) =>
  new Complaint(`Another agent already runs in ${folder}. Give this one its own name: --name NAME`)

async function lockByName(folder: string): Promise<() => void> {
  const name = `\0flambe-agent-${createHash('sha256').update(folder).digest('hex')}`
  const server = createServer(socket => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' ? taken(folder) : error))
    server.listen(name, resolve)
  })
  server.unref()
  return () => void server.close()
}

function lockByFile(folder: string): () => void {
  const file = join(folder, 'lock')
  const mine = String(process.pid)
  if (!createExclusive(file, mine)) {
    if (lives(Number(readFileSync(file, 'utf8')))) throw taken(folder)
    rmSync(file, { force: true })
    if (!createExclusive(file, mine)) throw taken(folder)
  }
  return () => rmSync(file, { force: true })
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

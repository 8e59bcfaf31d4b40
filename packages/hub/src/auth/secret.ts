/**
 * The hub's 256-bit secret: made on the first start, kept in the data folder for its owner alone (S1). Two things come
 * from it: the token of the local command and the local agent's starter, and the hub's short id. All other tokens are the
 * store's. Who can read this file can read the database anyway.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'

export interface Secret {
  /** Bearer token of whoever may read the data folder; the same after a restart. */
  readonly local: string
  isLocal(token: string): boolean
  /** Eight hex characters that name this hub: two hubs on one machine must not share a cookie. */
  readonly hub: string
}

export async function openSecret(dataDir: string): Promise<Secret> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, 'secret')
  const key = Buffer.from(await readOrMake(path), 'hex')
  if (key.length !== 32) throw new Error(`${path} is damaged: expected 64 hex characters`)
  const derive = (what: string) => createHmac('sha256', key).update(what).digest()
  const local = `local_${derive('local').toString('base64url')}`
  return {
    local,
    isLocal: token => timingSafeEqual(digest(token), digest(local)),
    hub: derive('hub').toString('hex').slice(0, 8),
  }
}

/** Equal lengths, so that tokens of any length compare in constant time (S2). */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

async function readOrMake(path: string): Promise<string> {
  try {
    const text = await readFile(path, 'utf8')
    await chmod(path, 0o600)
    return text.trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const made = randomBytes(32).toString('hex')
  await writePrivate(path, `${made}\n`)
  return made
}

/** Writes aside, syncs, renames: readable by the owner alone from its first byte on. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}.new`
  const file = await open(aside, 'w', 0o600)
  try {
    await file.chmod(0o600)
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(aside, path)
}

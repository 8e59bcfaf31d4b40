/**
 * The trial runtime as a short-lived program of its own, for what must not run in the agent: packing and describing extensions. The
 * agent's token is hidden as it is from trials (S8), secrets are not in its environment (S10), time and memory are bounded, and no process that it started is left. Called by
 * packing.ts and description.ts.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { bootId, identify } from '../trial/identity.ts'
import { COOKIE, endSession, membersOf } from '../trial/session.ts'
import type { Shield } from '../trial/shield.ts'
import { strangerEnvironment } from '../trial/spawn.ts'

export interface Runtime {
  /** The trial runtime: a JavaScript file. */
  readonly program: string
  readonly shield: Shield
  /** Where Node keeps what it has compiled of the runtime. */
  readonly compiled: string
  /** Variables that are for trials alone. */
  readonly secrets: readonly string[]
}

export interface Ran {
  /** Its last line on standard output. */
  readonly line: string
  readonly stderr: string
  /** Why it was ended, or how it ended by itself; null: well. */
  readonly trouble: string | null
}

export interface Bounds {
  readonly cwd: string
  /** ms. */
  readonly limit: number
  /** Bytes of all its processes together. */
  readonly memory?: number
  readonly signal: AbortSignal
}

/** Bytes. */
const MEMORY = 2 * 1024 * 1024 * 1024
/** MB of JavaScript objects. */
const HEAP = 1024
/** Characters kept of what it prints: a catalogue has at most a million. */
const KEPT = 2_000_000
const LOOK_EVERY = 250
const PAGE = 4096
/** No process has this number: Linux gives at most 2^22. */
const NOBODY = 2 ** 22 + 1

/** `cwd`: an empty folder of its own; everything that runs below it is ended. Rejects with the signal's reason only. */
export async function runIsolated(
  { program, shield, compiled, secrets }: Runtime,
  args: readonly string[],
  { cwd, limit, memory = MEMORY, signal }: Bounds,
): Promise<Ran> {
  signal.throwIfAborted()
  const command = shield.wrap(process.execPath, [`--max-old-space-size=${HEAP}`, program, ...args])
  const child = spawn(command.program, command.args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...strangerEnvironment(process.env, secrets), [COOKIE]: cwd, NODE_COMPILE_CACHE: compiled },
  })
  let failed: string | null = null
  child.once('error', error => {
    failed = error.message
  })
  const ended = once(child, 'exit').then(
    ([code, by]) => (code === 0 ? null : by === null ? `it ends with code ${code}` : `it is ended by ${by}`),
    (error: Error) => error.message,
  )
  const out = tail(child.stdout)
  const err = tail(child.stderr)
  if (child.pid === undefined) return { line: '', stderr: '', trouble: failed ?? (await ended) }
  const leader = identify(child.pid)
  const over = new AbortController()
  const watch = watched(() => membersOf(leader, cwd), { limit, memory }, AbortSignal.any([signal, over.signal]))
  const trouble = await Promise.race([ended, watch])
  over.abort()
  await endSession(leader, cwd, 0)
  // Of a pipe that a process elsewhere still holds no end is awaited.
  await Promise.race([Promise.all([out.closed, err.closed]), sleep(LOOK_EVERY)])
  child.stdout.destroy()
  child.stderr.destroy()
  signal.throwIfAborted()
  return { line: out.text().trimEnd().split('\n').at(-1) ?? '', stderr: err.text().trim(), trouble }
}

/** Ends what a program with this `cwd` has left running when its agent was killed. */
export const endLeftOver = (cwd: string) => endSession({ pid: NOBODY, start: '0', boot: bootId() }, cwd, 0)

/** Resolves with why it must end. */
async function watched(
  members: () => readonly number[],
  { limit, memory }: { readonly limit: number; readonly memory: number },
  signal: AbortSignal,
): Promise<string> {
  const from = performance.now()
  while (!signal.aborted) {
    if (performance.now() - from > limit) return `it does not end within ${Math.round(limit / 1_000)} s`
    if (members().reduce((sum, pid) => sum + memoryOf(pid), 0) > memory)
      return `it takes more than ${Math.round(memory / 2 ** 20)} MiB of memory`
    await sleep(LOOK_EVERY, undefined, { signal }).catch(() => undefined)
  }
  return 'it was given up'
}

function memoryOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE
  } catch {
    return 0 // gone since
  }
}

function tail(stream: Readable): { text(): string; readonly closed: Promise<unknown> } {
  let text = ''
  stream.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-KEPT)
  })
  const closed = new Promise(resolve => stream.once('close', resolve))
  return { text: () => text, closed }
}

/**
 * Asks agents what an extension brings that somebody has uploaded: the hub runs no code of users. What was answered is kept by content,
 * so that the page's live check and a submission do not ask again. An agent that goes, or that says another may do better, is
 * followed by the next one. Used by the procedures; told by agents/agents.ts who is there.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { Catalogue } from '@flambe/language'
import {
  CAN_DESCRIBE,
  type Down,
  MAX_EXTENSION_BYTES,
  MAX_EXTENSION_FILES,
  type Manifest,
  type Up,
} from '@flambe/protocol'
import type { OpenStore } from '@flambe/store'
import type { Timers } from '../clock.ts'
import type { Emit } from '../driver/outbox.ts'
import type { Limits } from '../limits.ts'
import { Refused } from '../refused.ts'
import { catalogueOf } from './catalogue-shape.ts'

export type Described =
  | { readonly kind: 'described'; readonly manifest: Manifest; readonly catalogue: Catalogue }
  /** These blobs must be uploaded first. */
  | { readonly kind: 'missing'; readonly missing: readonly string[] }
  | { readonly kind: 'problem'; readonly problem: string; readonly hint: string }

export interface Describing {
  /** The agent has said hello on this connection. */
  connect(agent: string, hello: Up['hello'], emit: Emit): void
  /** Forgets the connection if it is still this one; what was asked over it is asked of another agent. */
  disconnect(agent: string, emit: Emit): void
  /** What an agent says; ignored unless it was asked. */
  described(agent: string, message: Up['described']): void
  /** What is known already; null: nobody was asked. */
  known(name: string, manifest: Manifest): Described | null
  /** Asks unless it is known. Throws Refused when too many are asked at once. */
  describe(name: string, manifest: Manifest): Promise<Described>
}

export interface DescribingOptions {
  readonly store: Pick<OpenStore, 'missingBlobs'>
  readonly limits: Limits
  readonly timers: Timers
  /** Whether the agent may be given work. */
  readonly enabled: (agent: string) => boolean
  /** Command that starts a matching agent. */
  readonly command: () => string
}

interface Line {
  readonly emit: Emit
  readonly can: boolean
  /** Its Node.js transpiles TypeScript. */
  readonly young: boolean
  asked: number
}
type Problem = Extract<Described, { kind: 'problem' }>
type Settle = (result: Up['described']['result'] | 'gone' | 'silent') => void

/** Answers that are kept. */
const KEPT = 50

export function createDescribing(options: DescribingOptions): Describing {
  const { store, limits, timers } = options
  const lines = new Map<string, Line>()
  const asked = new Map<string, { readonly agent: string; readonly emit: Emit; readonly settle: Settle }>()
  const known = new Map<string, Described>()
  const running = new Map<string, Promise<Described>>()

  function keep(key: string, answer: Described): void {
    known.delete(key)
    known.set(key, answer)
    if (known.size > KEPT) known.delete(known.keys().next().value as string)
  }

  /** Those that can, the fittest first. */
  const candidates = (without: ReadonlySet<string>) =>
    [...lines]
      .filter(([agent, line]) => line.can && options.enabled(agent) && !without.has(agent))
      .sort(([, a], [, b]) => Number(b.young) - Number(a.young) || a.asked - b.asked)

  async function askOne(agent: string, line: Line, name: string, manifest: Manifest) {
    const request = randomUUID()
    line.asked++
    const answer = new Promise<Parameters<Settle>[0]>(resolve => {
      const settle: Settle = result => {
        cancel()
        asked.delete(request)
        resolve(result)
      }
      const cancel = timers.after(limits.describe + limits.ack_timeout, () => settle('silent'))
      asked.set(request, { agent, emit: line.emit, settle })
      const message: Down['describe'] = { request, name, manifest, limit: limits.describe }
      line.emit('describe', message).then(
        reply => reply.ok !== true && settle('gone'),
        () => settle('gone'),
      )
    })
    try {
      return await answer
    } finally {
      line.asked--
    }
  }

  async function ask(name: string, manifest: Manifest): Promise<Described> {
    const tried = new Set<string>()
    let last: Problem | null = null
    while (tried.size < limits.describe_tries) {
      const [next] = candidates(tried)
      if (next === undefined) break
      const [agent, line] = next
      tried.add(agent)
      const answer = await askOne(agent, line, name, manifest)
      if (answer === 'silent') return problem('was not described in time by the agent that was asked', 'try again')
      if (answer === 'gone') {
        last = problem('could not be described: the agent that was asked went away', 'try again')
        continue
      }
      if (answer.kind === 'problem') {
        last = problem(answer.message, answer.hint)
        if (answer.elsewhere) continue
        return last
      }
      return await checked(answer)
    }
    return last ?? nobody()
  }

  /** An agent's word is input like any other. */
  async function checked({ manifest, catalogue }: { readonly manifest: Manifest; readonly catalogue: object }) {
    const found = catalogueOf(catalogue)
    if (found === null) return problem('was described with a catalogue that is none', 'update the agent')
    const missing = await store.missingBlobs(manifest as never)
    if (missing.length > 0) return problem('was packed by an agent that did not upload all of it', 'try again')
    return { kind: 'described', manifest, catalogue: found } as const
  }

  function nobody(): Problem {
    const there = [...lines].filter(([agent]) => options.enabled(agent))
    if (there.length === 0)
      return problem('waits for an agent: none is connected that could read it', 'connect one (page Agents)')
    return problem('cannot be read by the connected agents: they are older than this hub', options.command())
  }

  async function describe(name: string, manifest: Manifest): Promise<Described> {
    const wrong = unfit(manifest)
    if (wrong !== null) return wrong
    const key = keyOf(name, manifest)
    const before = known.get(key)
    if (before?.kind === 'described') {
      keep(key, before)
      // Blobs that nothing refers to are cleaned up after a while.
      if ((await store.missingBlobs(before.manifest as never)).length === 0) return before
    }
    const missing = await store.missingBlobs(manifest as never)
    if (missing.length > 0) return { kind: 'missing', missing: [...new Set(missing)] }
    const answer = await ask(name, manifest)
    keep(key, answer)
    // What it was packed into is known too: a second look at the same experiment comes with it.
    if (answer.kind === 'described') keep(keyOf(name, answer.manifest), answer)
    return answer
  }

  return {
    connect(agent, { can, host }, emit) {
      lines.set(agent, { emit, can: can?.includes(CAN_DESCRIBE) === true, young: transpiles(host.node), asked: 0 })
    },
    disconnect(agent, emit) {
      if (lines.get(agent)?.emit === emit) lines.delete(agent)
      for (const one of [...asked.values()]) if (one.agent === agent && one.emit === emit) one.settle('gone')
    },
    described(agent, { request, result }) {
      const one = asked.get(request)
      if (one?.agent === agent) one.settle(result)
    },
    known: (name, manifest) => known.get(keyOf(name, manifest)) ?? null,
    describe(name, manifest) {
      const key = keyOf(name, manifest)
      const mine = running.get(key)
      if (mine !== undefined) return mine
      if (running.size >= limits.describes)
        throw new Refused('BUSY', `${limits.describes} extensions are being described`, { after: 2_000 })
      const made = describe(name, manifest).finally(() => running.delete(key))
      running.set(key, made)
      return made
    },
  }
}

const problem = (words: string, hint: string): Problem => ({ kind: 'problem', problem: words, hint })

/** A hash: 5,000 paths would weigh more than the answer. */
function keyOf(name: string, { files }: Manifest): string {
  const parts = files.map(f => [f.path, f.sha256, f.executable === true].join(' ')).sort()
  return createHash('sha256')
    .update(JSON.stringify([name, ...parts]))
    .digest('hex')
}

function unfit({ kind, files }: Manifest): Problem | null {
  const bytes = files.reduce((sum, file) => sum + file.size, 0)
  if (kind !== 'folder') return problem('is no folder', 'give the folder that its package.json lies in')
  if (files.length === 0) return problem('is empty', '')
  if (files.length > MAX_EXTENSION_FILES)
    return problem(`has ${files.length} files, and may have 5,000`, 'leave node_modules and data out')
  if (bytes > MAX_EXTENSION_BYTES)
    return problem(`is ${Math.round(bytes / 2 ** 20)} MiB large, and may be 100`, 'data belongs to `resources`')
  if (new Set(files.map(file => file.path)).size < files.length) return problem('names a file twice', '')
  return null
}

/** Node.js 22.13 is the first one. */
function transpiles(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > 22 || (major === 22 && minor >= 13)
}

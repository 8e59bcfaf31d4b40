/**
 * A trial process that waits for attempts (`TRIAL --spare BACKEND`) from the agent's side: starts it, hands it one attempt after
 * the other over its channel, hears what becomes of it. Owned by processes.ts. When the agent dies the channel closes: a waiting
 * process ends, one that runs an attempt goes on.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'

const word = z.discriminatedUnion('word', [
  z.object({ word: z.literal('waiting') }),
  z.object({ word: z.literal('claimed'), mine: z.boolean() }),
  z.object({ word: z.literal('left'), memory: z.number() }),
  z.object({ word: z.literal('unclean'), why: z.array(z.string()) }),
])
type Word = z.infer<typeof word>

export interface Host {
  readonly child: ChildProcess
  /** Attempts that it was given. */
  readonly runs: number
  /** Bytes when it last left an attempt; 0 before. */
  readonly memory: number
  readonly gone: boolean
  /** Why it could not be used again; empty when nobody asked or nothing was in the way. */
  readonly remains: readonly string[]
  /** Resolves with whether the attempt is this process's; `gone` when it ended before it said so. */
  run(folder: string, env: { readonly [name: string]: string }): Promise<'mine' | 'not mine' | 'gone'>
  /** The current attempt is over for this process: it has left it clean, or it has ended. */
  readonly over: Promise<'left' | 'gone'>
  /** A waiting process ends; resolves when it is gone. */
  dismiss(): Promise<void>
  kill(): void
}

/** ms for a waiting process to go. */
const LAST_WORD = 3_000
/** Characters of a word, at most. */
const LONGEST = 65_536

export function startHost(options: {
  readonly program: string
  readonly args: readonly string[]
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
}): Host {
  const child = spawn(options.program, options.args, {
    cwd: options.folder,
    detached: true,
    // What it says before an attempt is nobody's; a start that fails is told when the attempt is started without it.
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    env: options.env,
  })
  child.unref()
  const channel = child.stdio[3] as Duplex & { unref(): void }
  channel.unref()
  channel.on('error', () => undefined) // its process is gone, and `exit` says so
  let gone = false
  let runs = 0
  let memory = 0
  let remains: readonly string[] = []
  let claimed: ((how: 'mine' | 'not mine' | 'gone') => void) | null = null
  let finish: ((how: 'left' | 'gone') => void) | null = null
  let over: Promise<'left' | 'gone'> = Promise.resolve('left')

  function hear(said: Word): void {
    if (said.word === 'claimed') claimed?.(said.mine ? 'mine' : 'not mine')
    if (said.word === 'unclean') remains = said.why
    if (said.word !== 'left') return
    memory = said.memory
    finish?.('left')
  }
  function end(): void {
    gone = true
    claimed?.('gone')
    finish?.('gone')
  }
  // Not readline: it throws a pipe's errors at whoever listens not.
  let rest = ''
  channel.setEncoding('utf8')
  channel.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = (lines.pop() ?? '').slice(-LONGEST)
    for (const line of lines) {
      const parsed = word.safeParse(json(line))
      if (parsed.success) hear(parsed.data)
    }
  })
  child.once('exit', end)
  child.once('error', end)

  return {
    child,
    get runs() {
      return runs
    },
    get memory() {
      return memory
    },
    get gone() {
      return gone
    },
    get remains() {
      return remains
    },
    get over() {
      return over
    },
    run(folder, env) {
      runs++
      over = new Promise(resolve => {
        finish = resolve
      })
      const answer = new Promise<'mine' | 'not mine' | 'gone'>(resolve => {
        claimed = resolve
      })
      if (gone) end()
      else channel.write(`${JSON.stringify({ run: folder, env })}\n`)
      return answer
    },
    kill: () => void child.kill('SIGKILL'),
    async dismiss() {
      if (gone) return
      channel.end()
      await Promise.race([once(child, 'exit'), sleep(LAST_WORD, undefined, { ref: false })])
      if (!gone) child.kill('SIGKILL')
    },
  }
}

function json(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null // a trial wrote to the channel: no word of ours
  }
}

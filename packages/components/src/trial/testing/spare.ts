/** A waiting trial process and the agent's end of its channel, for tests. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Word } from '../channel.ts'
import type { Attempt } from './folder.ts'

const TRIAL = fileURLToPath(new URL('./trial.ts', import.meta.url))

export interface Spare {
  readonly child: ChildProcess
  /** Resolves with what the process says of itself when the attempt is over; 'gone' when it has ended instead. */
  run(attempt: Attempt, env?: { readonly [name: string]: string }): Promise<Word | 'gone'>
  /** As an agent that dies. */
  hangUp(): void
  readonly ended: Promise<number | string | null>
}

export async function startSpare(backend = 'wasm'): Promise<Spare> {
  const child = spawn(process.execPath, [TRIAL, '--spare', backend], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const channel = child.stdio[3] as Duplex
  const words: (Word | 'gone')[] = []
  let wake: () => void = () => undefined
  const push = (word: Word | 'gone') => {
    words.push(word)
    wake()
  }
  createInterface({ input: channel }).on('line', line => push(JSON.parse(line)))
  const ended = new Promise<number | string | null>(done =>
    child.once('exit', (code, signal) => {
      done(code ?? signal)
      push('gone')
    }),
  )
  const next = async (): Promise<Word | 'gone'> => {
    for (;;) {
      const word = words.shift()
      if (word !== undefined && (word === 'gone' || word.word !== 'claimed')) return word
      if (word === undefined)
        await new Promise<void>(resolve => {
          wake = resolve
        })
    }
  }
  await next()
  return {
    child,
    run(attempt, env = {}) {
      channel.write(`${JSON.stringify({ run: attempt.path, env })}\n`)
      return next()
    },
    hangUp: () => void channel.destroy(),
    ended,
  }
}

/**
 * Asks the language about places of the text, in a worker, so that typing never waits (S7: the live check's bounds hold for
 * completion and hover too). One question is under way at a time and the newest of each kind waits; an older one is dropped. A worker
 * that does not answer is ended, and its text is not asked about again. Used by the editor's extensions.
 */
import type { Catalogue } from '@flambe/language'
import type { Answers, FromClerk, Kind, ToClerk } from './answer.ts'

/** As `LIMITS.bytes` of the language, which reads nothing longer (a test holds the two together): not even asked. */
export const LONGEST = 256 * 1024
/** Twice what the language promises for the worst text, since the machine has other things to do. */
const PATIENCE = 1000

/** A worker, of a browser or another. */
export interface Clerk {
  send(message: ToClerk): void
  end(): void
}
export type StartClerk = (on: { answer(message: FromClerk): void; broken(): void }) => Clerk

interface Question {
  readonly kind: Kind
  readonly text: string
  readonly offset: number
  readonly settle: (answer: unknown) => void
}

export class Desk {
  #start: StartClerk
  #patience: number
  #clerk: Clerk | null = null
  #catalogue: Catalogue | null = null
  #asked: (Question & { readonly id: number; readonly timer: ReturnType<typeof setTimeout> }) | null = null
  #waiting = new Map<Kind, Question>()
  #ids = 0
  #hopeless: string | null = null
  #closed = false

  constructor(start: StartClerk, patience = PATIENCE) {
    this.#start = start
    this.#patience = patience
  }

  /** What may be named; until it is told, only the language's own words are known. */
  know(catalogue: Catalogue): void {
    this.#catalogue = catalogue
    this.#clerk?.send({ catalogue })
  }

  /** Null: nothing is known there, a newer question of this kind came, or there was no answer in time. */
  ask<K extends Kind>(kind: K, text: string, offset: number): Promise<Answers[K] | null> {
    if (this.#closed || text.length > LONGEST || text === this.#hopeless) return Promise.resolve(null)
    return new Promise(resolve => {
      this.#waiting.get(kind)?.settle(null)
      this.#waiting.set(kind, { kind, text, offset, settle: resolve as (answer: unknown) => void })
      this.#next()
    })
  }

  close(): void {
    this.#closed = true
    this.#settle(null)
    for (const question of this.#waiting.values()) question.settle(null)
    this.#waiting.clear()
    this.#end()
  }

  #next(): void {
    if (this.#asked !== null || this.#closed) return
    const [question] = this.#waiting.values()
    if (question === undefined) return
    this.#waiting.delete(question.kind)
    if (question.text === this.#hopeless) {
      question.settle(null)
      this.#next()
      return
    }
    const fresh = this.#clerk === null
    this.#clerk ??= this.#start({
      answer: ({ id, answer }) => {
        if (this.#asked?.id !== id) return
        this.#settle(answer ?? null)
        this.#next()
      },
      broken: () => this.#giveUp(),
    })
    if (fresh && this.#catalogue !== null) this.#clerk.send({ catalogue: this.#catalogue })
    this.#ids += 1
    const { kind, text, offset } = question
    // The first question also pays for loading the worker.
    const patience = fresh ? 10 * this.#patience : this.#patience
    this.#asked = { ...question, id: this.#ids, timer: setTimeout(() => this.#giveUp(), patience) }
    this.#clerk.send({ id: this.#ids, kind, text, offset })
  }

  #giveUp(): void {
    this.#end()
    if (this.#asked !== null) this.#hopeless = this.#asked.text
    this.#settle(null)
    this.#next()
  }

  #settle(answer: unknown): void {
    const asked = this.#asked
    if (asked === null) return
    clearTimeout(asked.timer)
    this.#asked = null
    asked.settle(answer)
  }

  #end(): void {
    this.#clerk?.end()
    this.#clerk = null
  }
}

export const startWorker: StartClerk = on => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'flambe-language' })
  worker.onmessage = (event: MessageEvent<FromClerk>) => on.answer(event.data)
  worker.onerror = () => on.broken()
  return { send: message => worker.postMessage(message), end: () => worker.terminate() }
}

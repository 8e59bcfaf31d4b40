/**
 * The load of a large ASHA experiment, for benches: trials on 64 slots that report by turns, one result a step, and end when they are
 * told to. What an event costs is the caller's business: `send` decides, applies and perhaps commits it.
 */
import type { Plan } from '@flambe/language'
import type { Decision } from '../decide.ts'
import type { Event } from '../event.ts'
import { sketch } from './sketch.ts'

export interface AshaLoad {
  readonly trials: number
  readonly steps: number
  /** Tag of the search. */
  readonly search: string
  /** False: no scheduler, every trial reports all of its results. */
  readonly stops: boolean
  /** Called after each result, with the number of results so far. */
  readonly onResult: (results: number) => void
  send(event: Event): Pick<Decision, 'actions'>
}

const AGENTS = 8
const SLOTS = 8

export function planOf({ trials, steps, search, stops }: AshaLoad): Plan {
  const asha = { tag: 'ASHA', params: { max_t: steps, grace: 1, factor: 3 } }
  return sketch([{ id: 'b', search: { tag: search, n_trials: trials }, ...(stops ? { scheduler: asha } : {}) }], {
    max_trials: trials,
  })
}

/** @returns the number of results reported. */
export function runAshaLoad(load: AshaLoad): number {
  const running: { readonly attempt: string; step: number }[] = []
  const ending = new Set<string>()
  const send = (event: Event): void => {
    for (const action of load.send(event).actions) {
      if (action.type === 'assign') running.push({ attempt: action.attempt, step: 0 })
      else if (action.type === 'end') ending.add(action.attempt)
    }
  }
  for (let i = 0; i < AGENTS; i++) {
    const agent = `g${i}`
    send({ type: 'agent-connected', time: 0, agent, name: agent, cpu: SLOTS, gpus: [], backends: [], attempts: [] })
  }
  const plan = planOf(load)
  send({ type: 'experiment-submitted', time: 0, experiment: 'e', user: 'u', plan, resources: {}, paused: false })
  let results = 0
  for (let next = running.shift(); next; next = running.shift()) {
    const { attempt } = next
    const step = ++next.step
    const metric = 1 - Math.abs(hash(attempt) - 0.3) - 0.2 / step
    send({ type: 'attempt-reported', time: 1, attempt, step, metric })
    load.onResult(++results)
    const stopped = ending.delete(attempt)
    if (!stopped && step < load.steps) {
      running.push(next)
      continue
    }
    const checkpoint = { attempt, number: 1, step, manifest: { kind: 'folder', files: [] } } as const
    send({ type: 'attempt-saved', time: 1, attempt, checkpoint })
    send({ type: 'attempt-ended', time: 1, attempt, exit: { kind: stopped ? 'stopped' : 'done' } })
  }
  return results
}

/** In [0, 1), from a text. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return (h >>> 0) / 2 ** 32
}

/** The experiment that every scenario runs: producers that keep ledgers, submitted as a person would, compared at the end. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { experimentState, submit, until } from '../harness/cluster.ts'
import { folder } from '../harness/places.ts'
import { type Comparison, compare, type Killed } from './compare.ts'
import type { House } from './house.ts'

export interface Options {
  readonly seed: number
  /** Of the random schedule. */
  readonly seconds: number
  /** For every build: smaller counts and shorter freezes, the same faults. */
  readonly short: boolean
}

export interface Outcome extends Comparison {
  /** Faults really injected, by kind; a scenario that misses one of its kinds says so as a violation. */
  readonly faults: { readonly [kind: string]: number }
}

export type Scenario = (options: Options) => Promise<Outcome>

export const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

export async function produce(
  house: House,
  seed: number,
  trials: number,
  steps: number,
  pace: number,
  line = 400,
  max_failures = 100,
): Promise<string> {
  const file = join(folder(), 'faults.yaml')
  const producer = join(import.meta.dirname, 'producer.mjs')
  const numbers = Array.from({ length: trials }, (_, n) => n + 1).join(', ')
  writeFileSync(
    file,
    `!Experiment
name: faults-${seed}
max_failures: ${max_failures}
pipeline:
  work: !Script
    command: ["${process.execPath}", "${producer}"]
    kwargs: {ledger: "${house.ledger}", steps: ${steps}, pace: ${pace}, line: ${line}, number: !g [${numbers}]}
    metric: value
`,
  )
  return submit(house.hub, file, seed)
}

export const ended = (house: House, id: string, limit = 180_000): Promise<string> =>
  until(
    () => experimentState(house.hub, id).catch(() => 'away'),
    state => ['success', 'failure', 'failed', 'cancelled'].includes(state),
    limit,
  )

export async function finish(house: House, id: string, killed: Killed = new Map()): Promise<Comparison> {
  await ended(house, id)
  return compare(house, id, killed)
}

/** What must have happened at least once for the scenario to mean anything. */
export const never = (faults: { readonly [kind: string]: number }, kinds: readonly string[]): string[] =>
  kinds.filter(kind => !((faults[kind] ?? 0) > 0)).map(kind => `harness: no fault of kind "${kind}" was injected`)

/**
 * What a block's search has seen, as pages draw it: who stood at which rung in which order, and what each trial made of every
 * objective. Folded from the journal row by row, so that a page that looks again pays only for what is new. Pure; called by
 * `search.course`, which reads the journal.
 */
import type { JournalRow, TrialRow } from '@flambe/engine'
import type { Plan, PlannedBlock } from '@flambe/language'
import { judgedMode, objectivesOf, rungRule, score } from '@flambe/search'
import { paretoFront } from '@flambe/search/insight'
import type { CopyView, CourseView, RungEntryView, RungView } from '../api/views-course.ts'
import { tuningOf } from '../plan/tuning.ts'

/** Trials of one rung that are named; the newest to get there. */
const MOST_ENTRIES = 400
/** Points of a multi-objective search that are given: all of the front, and the newest others. */
const MOST_POINTS = 2_000
/** Copies of a population that are given: the first ones. */
const MOST_COPIES = 2_000

export interface Digest {
  /** Of the newest row that is in it. */
  seq: number
  readonly tables: Map<string, Table>
  readonly trials: Map<number, Seen>
  readonly copies: CopyView[]
}

interface Table {
  readonly bracket: number
  readonly step: number
  readonly entries: Entry[]
  /** Scores of those with a finite value, best first. */
  readonly scores: number[]
}

interface Entry {
  readonly trial: number
  readonly step: number
  readonly value: number | null
  readonly rank: number | null
}

interface Seen {
  step: number
  /** Places that it has reached, in its bracket. */
  reached: number
  values: readonly (number | null)[]
  feasible: boolean
}

export const emptyDigest = (): Digest => ({ seq: 0, tables: new Map(), trials: new Map(), copies: [] })

/** Where trials of a block are compared. */
export interface Places {
  readonly kind: 'rungs' | 'steps'
  readonly mode: 'min' | 'max'
  readonly bracketOf: (trial: number) => number
  readonly cutoff: (others: readonly number[]) => number | null
  /** Ascending, and the last one the full length; for `steps` those up to the given one. */
  readonly stepsOf: (bracket: number, upTo: number) => readonly number[]
  readonly planned: (bracket: number, step: number) => number | null
}

/** Null for a block without a scheduler, or with one that compares nobody (PBT has lanes of its own). */
export function placesOf(plan: Plan, block: PlannedBlock, trials: number): Places | null {
  const { scheduler } = block
  if (scheduler === null || /^(ray\.)?(PBT|PB2|PopulationBased|FIFO)/.test(scheduler.tag)) return null
  const rule = rungRule(scheduler.tag, scheduler.params)
  if (rule === null) {
    return {
      kind: 'steps',
      mode: judgedMode(block.search, block.mode),
      bracketOf: () => 0,
      cutoff: () => null,
      stepsOf: (_, upTo) => powersOfTwo(upTo),
      planned: () => null,
    }
  }
  const whole = Math.max(trials, tuningOf(plan, block)?.trials ?? 1, 1)
  const rungs = tuningOf(plan, block, { trials: whole })?.rungs ?? []
  const byBracket = new Map<number, typeof rungs>()
  for (const rung of rungs) byBracket.set(rung.bracket, [...(byBracket.get(rung.bracket) ?? []), rung])
  return {
    kind: 'rungs',
    mode: rule.direction ?? judgedMode(block.search, block.mode),
    bracketOf: rule.bracketOf,
    cutoff: rule.cutoff,
    stepsOf: bracket => (byBracket.get(bracket) ?? []).map(({ step }) => step),
    planned: (bracket, step) => byBracket.get(bracket)?.find(rung => rung.step === step)?.trials ?? null,
  }
}

function powersOfTwo(upTo: number): readonly number[] {
  const steps: number[] = []
  for (let step = 1; step <= upTo; step *= 2) steps.push(step)
  return steps
}

/** Changes the digest in place. */
export function digestRow(digest: Digest, row: JournalRow, places: Places | null): void {
  digest.seq = row.seq
  if (row.what === 'exploited' && digest.copies.length < MOST_COPIES)
    digest.copies.push({ trial: row.trial, donor: row.donor, at: digest.trials.get(row.trial)?.step ?? 0 })
  if (row.what !== 'reported') return
  const seen = digest.trials.get(row.trial) ?? { step: 0, reached: 0, values: [], feasible: true }
  digest.trials.set(row.trial, seen)
  seen.step = row.step
  seen.values = row.values ?? [row.value]
  seen.feasible = (row.constraints ?? []).every(violation => violation !== null && violation <= 0)
  if (places === null || !row.judged) return
  const bracket = places.bracketOf(row.trial)
  const steps = places.stepsOf(bracket, row.step)
  for (let at = seen.reached; at < steps.length && (steps[at] ?? 0) <= row.step; at++) {
    put(tableAt(digest, bracket, steps[at] ?? 0), row, places.mode)
    // One without a finite value stands there, but a later report may still bring one.
    if (row.value !== null) seen.reached = at + 1
  }
}

function tableAt(digest: Digest, bracket: number, step: number): Table {
  const key = `${bracket} ${step}`
  const table = digest.tables.get(key) ?? { bracket, step, entries: [], scores: [] }
  digest.tables.set(key, table)
  return table
}

function put(table: Table, row: { trial: number; step: number; value: number | null }, mode: 'min' | 'max'): void {
  const { trial, step, value } = row
  const before = table.entries.findLastIndex(entry => entry.trial === trial)
  if (before >= 0) table.entries.splice(before, 1)
  if (value === null) {
    table.entries.push({ trial, step, value, rank: null })
    return
  }
  const own = score(value, mode)
  let low = 0
  for (let high = table.scores.length; low < high; ) {
    const middle = (low + high) >>> 1
    if ((table.scores[middle] ?? 0) > own) low = middle + 1
    else high = middle
  }
  table.scores.splice(low, 0, own)
  table.entries.push({ trial, step, value, rank: low + 1 })
}

/** `trialOf`: the trial's row as it is now. */
export function courseView(
  digest: Digest,
  block: PlannedBlock,
  places: Places | null,
  trialOf: (number: number) => TrialRow | undefined,
): CourseView {
  const objectives = block.search === null ? [] : objectivesOf(block.search.tag, block.search.params, block.mode)
  return {
    copies: digest.copies,
    objectives: objectives.map(({ name, mode }) => ({ name: name ?? 'metric', mode })),
    rungs: places && rungsView(digest, places, trialOf, block.scheduler?.tag ?? ''),
    pareto: objectives.length > 1 ? paretoView(digest, objectives, trialOf) : null,
  }
}

type TrialOf = (number: number) => TrialRow | undefined

function rungsView(digest: Digest, places: Places, trialOf: TrialOf, scheduler: string): CourseView['rungs'] {
  const brackets = new Set([0, ...[...digest.tables.values()].map(({ bracket }) => bracket)])
  const furthest = Math.max(0, ...[...digest.trials.values()].map(({ step }) => step))
  const rungs = [...brackets]
    .sort((a, b) => a - b)
    .flatMap(bracket => {
      const steps = places.stepsOf(bracket, furthest)
      return steps.map((step, at): RungView => {
        const table = digest.tables.get(`${bracket} ${step}`)
        const entries = (table?.entries ?? []).map((entry, order) => entryView(digest, entry, order, trialOf, at))
        const cutoff = at === steps.length - 1 && places.kind === 'rungs' ? null : places.cutoff(table?.scores ?? [])
        const count = (outcome: RungEntryView['outcome']) => entries.filter(entry => entry.outcome === outcome).length
        return {
          bracket,
          step,
          planned: places.planned(bracket, step),
          last: at === steps.length - 1,
          reached: entries.length,
          promoted: count('promoted'),
          running: count('running'),
          paused: count('paused'),
          stopped: count('stopped'),
          finished: count('finished'),
          failed: count('failed'),
          cutoff: cutoff === null || !Number.isFinite(cutoff) ? null : places.mode === 'max' ? cutoff : -cutoff,
          entries: entries.slice(-MOST_ENTRIES),
        }
      })
    })
  return { kind: places.kind, scheduler, mode: places.mode, rungs }
}

function entryView(
  digest: Digest,
  { trial, step, value, rank }: Entry,
  order: number,
  trialOf: TrialOf,
  place: number,
): RungEntryView {
  const on = (digest.trials.get(trial)?.reached ?? 0) > place + 1
  return { trial, step, value, rank, of: order + 1, outcome: on ? 'promoted' : outcomeOf(trialOf(trial)) }
}

function outcomeOf(trial: TrialRow | undefined): RungEntryView['outcome'] {
  if (trial === undefined) return 'failed'
  if (trial.verdict?.kind === 'stop' && trial.verdict.as === 'pruned') return 'stopped'
  switch (trial.state) {
    case 'success':
      return 'finished'
    case 'pruned':
      return 'stopped'
    case 'failure':
    case 'cancelled':
    case 'masked':
      return 'failed'
    case 'paused':
      return 'paused'
    default:
      return trial.held === 'scheduler' ? 'paused' : 'running'
  }
}

function paretoView(
  digest: Digest,
  objectives: ReturnType<typeof objectivesOf>,
  trialOf: TrialOf,
): CourseView['pareto'] {
  const modes = objectives.map(({ mode }) => mode)
  const all = [...digest.trials]
    .sort(([a], [b]) => a - b)
    .flatMap(([number, { values, feasible }]) => {
      const state = trialOf(number)?.state
      return state === undefined || state === 'failure' || state === 'cancelled'
        ? []
        : [{ number, values, feasible, state }]
    })
  const counted = all.filter(({ feasible }) => feasible)
  const rows = counted.map(({ number, values }) => ({ number, params: {}, metric: values[0] ?? null, metrics: values }))
  const front = new Set(paretoFront(rows, modes))
  const left = Math.max(0, MOST_POINTS - front.size)
  const others = all.filter(({ number }) => !front.has(number))
  const shown = new Set([...front, ...others.slice(Math.max(0, others.length - left)).map(({ number }) => number)])
  return {
    total: all.length,
    points: all
      .filter(({ number }) => shown.has(number))
      .map(({ number, values, feasible }) => ({ trial: number, values, feasible, front: front.has(number) })),
  }
}

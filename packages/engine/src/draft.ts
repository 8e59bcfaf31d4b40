/**
 * What one event changes, laid over the state, which is only read. Handlers read rows through it (and see their own
 * changes), `put` new rows and push actions; `decide` takes the result or, when the event is refused, throws it all away.
 */
import type { Action } from './action.ts'
import { blockKey, must } from './ids.ts'
import { Indexes, type Lookup, type Tables } from './indexes.ts'
import type { AgentRow, AttemptRow, BlockRow, ExperimentRow, JournalEntry, JournalRow, Row, TrialRow } from './rows.ts'
import type { Course, Folded } from './search/course.ts'
import { folding } from './search/journals.ts'
import type { VariantSource } from './search/variant.ts'
import type { Change, EngineState } from './state.ts'
import { ATTEMPT, allowed, BLOCK, EXPERIMENT, FINAL, TRIAL } from './transitions.ts'

class Overlay<T extends Row> implements Lookup<T> {
  readonly own = new Map<string, T>()
  private readonly base: ReadonlyMap<string, T>
  constructor(base: ReadonlyMap<string, T>) {
    this.base = base
  }
  get(id: string): T | undefined {
    return this.own.get(id) ?? this.base.get(id)
  }
}

export class Draft implements Tables {
  readonly time: number
  readonly experiments: Overlay<ExperimentRow>
  readonly blocks: Overlay<BlockRow>
  readonly trials: Overlay<TrialRow>
  readonly attempts: Overlay<AttemptRow>
  readonly agents: Overlay<AgentRow>
  readonly index: Indexes
  readonly actions: Action[] = []
  /** Experiments whose blocks may now end or start; settled once, after the handler. */
  readonly touched = new Set<string>()
  /** Something was queued, became free, or no longer waits and so keeps no room. */
  mayPlace = false
  private readonly journals = new Map<string, JournalRow>()
  private readonly order: { readonly own: ReadonlyMap<string, Row>; readonly key: string }[] = []

  /** Trials whose end, or second beginning, their course has not been told yet. */
  private readonly turned: string[] = []
  /** Trials that became final, for those that wait for them. */
  private readonly finals: string[] = []
  /** Experiments whose pending trials are all looked at again: a reduce was decided, or a retry changed what counts. */
  readonly reviewed = new Set<string>()
  readonly variants: VariantSource

  constructor(state: EngineState, time: number, variants: VariantSource) {
    this.time = time
    this.variants = variants
    this.experiments = new Overlay(state.experiments)
    this.blocks = new Overlay(state.blocks)
    this.trials = new Overlay(state.trials)
    this.attempts = new Overlay(state.attempts)
    this.agents = new Overlay(state.agents)
    this.index = new Indexes(state.index)
  }

  experiment(id: string): ExperimentRow {
    return must(this.experiments.get(id), `experiment ${id}`)
  }
  block(experiment: string, id: string): BlockRow {
    return must(this.blocks.get(blockKey(experiment, id)), `block ${experiment}.${id}`)
  }
  trial(id: string): TrialRow {
    return must(this.trials.get(id), `trial ${id}`)
  }

  /** Of a block, by number. */
  *trialsOf(key: string): Generator<TrialRow, void, undefined> {
    const total = this.index.total(key)
    for (let n = 1; n <= total; n++) yield this.trial(`${key}.${n}`)
  }
  course(key: string): Course | null {
    return this.index.course(key, this)
  }

  putExperiment(row: ExperimentRow): void {
    const before = this.experiments.get(row.id)
    if (before) check(allowed(EXPERIMENT, before.state, row.state), row.id, before.state, row.state)
    if (row.wish !== before?.wish) this.mayPlace = true
    this.write(this.experiments.own, row.id, before, row)
  }

  putBlock(row: BlockRow): void {
    const key = blockKey(row.experiment, row.id)
    const before = this.blocks.get(key)
    if (before) check(allowed(BLOCK, before.state, row.state), key, before.state, row.state)
    this.write(this.blocks.own, key, before, row)
  }

  putTrial(row: TrialRow): void {
    const before = this.trials.get(row.id)
    if (before) check(allowed(TRIAL, before.state, row.state), row.id, before.state, row.state)
    if (before?.state !== row.state) {
      if (row.state === 'queued' || (before?.state === 'queued' && row.state !== 'preparing')) this.mayPlace = true
      if (FINAL.trial(row.state)) this.finals.push(row.id)
      if (FINAL.trial(row.state) || row.state === 'paused' || row.state === 'pending') this.touched.add(row.experiment)
      if (FINAL.trial(row.state) !== (before !== undefined && FINAL.trial(before.state))) this.turned.push(row.id)
    }
    this.write(this.trials.own, row.id, before, row)
  }

  putAttempt(row: AttemptRow): void {
    const before = this.attempts.get(row.id)
    if (before) check(allowed(ATTEMPT, before.state, row.state), row.id, before.state, row.state)
    if (FINAL.attempt(row.state)) this.mayPlace = true
    this.write(this.attempts.own, row.id, before, row)
  }

  putAgent(row: AgentRow): void {
    this.mayPlace = true
    this.write(this.agents.own, row.id, this.agents.get(row.id), row)
  }

  /** Appends to a block's journal; the answer of its scheduler is the caller's to act on. */
  journal(experiment: string, block: string, entry: JournalEntry): Folded {
    const key = blockKey(experiment, block)
    const before = this.course(key)
    const row: JournalRow = { kind: 'journal', experiment, block, seq: (before?.seq ?? 0) + 1, ...entry }
    const folded = folding(before, row, this)
    const own = `${key}.${row.seq}`
    this.journals.set(own, row)
    this.order.push({ own: this.journals, key: own })
    this.index.update(undefined, row, this)
    return folded
  }

  /** Takes one off the list. */
  nextTurned(experiment: string): string | undefined {
    return this.take(this.turned, experiment)
  }

  nextFinal(experiment: string): string | undefined {
    return this.take(this.finals, experiment)
  }

  /** Rows in the order in which each was first put, so that what a row refers to comes before it. */
  changes(): Change[] {
    return this.order.map(({ own, key }) => must(own.get(key), key))
  }

  private take(list: string[], experiment: string): string | undefined {
    const at = list.findIndex(id => this.trial(id).experiment === experiment)
    return at === -1 ? undefined : list.splice(at, 1)[0]
  }

  private write<T extends Row>(own: Map<string, T>, key: string, before: T | undefined, row: T): void {
    if (!own.has(key)) this.order.push({ own, key })
    own.set(key, row)
    this.index.update(before, row, this)
  }
}

function check(ok: boolean, id: string, from: string, to: string): void {
  if (!ok) throw new Error(`engine: ${id} may not go from ${from} to ${to}`)
}

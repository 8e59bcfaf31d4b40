/**
 * What follows from the rows and would be slow to look up each time: trials by block and state, the queue in order, free
 * capacity. The state owns one and changes it in `apply`; a draft lays a second one over it, which copies an entry before
 * its first write. Both go through `update`, so they cannot disagree.
 */
import { copyUsage, freeCpu, noUsage, type Usage, use } from './capacity.ts'
import { blockKey, must } from './ids.ts'
import type { AgentRow, AttemptRow, BlockRow, ExperimentRow, JournalRow, Row, TrialRow, TrialState } from './rows.ts'
import type { Course } from './search/course.ts'
import { folded, Journals } from './search/journals.ts'
import { FINAL, TRIAL_STATES } from './transitions.ts'
import { TrialSet } from './trial-set.ts'

export interface Lookup<T> {
  get(id: string): T | undefined
}

export interface Tables {
  readonly experiments: Lookup<ExperimentRow>
  readonly blocks: Lookup<BlockRow>
  readonly trials: Lookup<TrialRow>
  readonly attempts: Lookup<AttemptRow>
  readonly agents: Lookup<AgentRow>
}

/** A block that has queued trials, or a search that may give more, and its place in the queue: experiment's creation, then its id, then the block's index. */
interface QueuedBlock {
  readonly key: string
  readonly experiment: string
  readonly block: string
  readonly created: number
  readonly index: number
}

const PLACE = new Map<TrialState, number>(TRIAL_STATES.map((s, i) => [s, i]))
const place = (s: TrialState): number => PLACE.get(s) as number
/** `refuses` is missing in rows of older hubs. */
export const takesTrials = (agent: AgentRow): boolean =>
  agent.state === 'connected' && agent.enabled && (agent.refuses ?? null) === null

const NOTHING: ReadonlySet<string> = new Set()

export class Indexes {
  private readonly base: Indexes | null
  private readonly counts = new Map<string, Int32Array>()
  /** Trials of a block that have had an attempt. */
  private readonly begins = new Map<string, number>()
  /** By ancestor: the pending trials that name it. A draft has only those that it added. */
  private readonly waiting = new Map<string, Set<string>>()
  /** Of the state: all journals. A draft has only the courses that it has moved on. */
  private readonly journals = new Journals()
  private readonly courses = new Map<string, Course | null>()
  private readonly queues = new Map<string, TrialSet>()
  private readonly usages = new Map<string, Usage>()
  private readonly held = new Map<string, Set<string>>()
  /** Blocks that want slots, in the order in which they are served. Replaced, never changed in place. */
  order: readonly QueuedBlock[]
  /** Agents that take trials and have processors free, by id. Replaced, never changed in place. */
  open: readonly string[]
  /** Agents by id. Replaced, never changed in place. */
  agents: readonly string[]

  constructor(base: Indexes | null = null) {
    this.base = base
    this.order = base?.order ?? []
    this.open = base?.open ?? []
    this.agents = base?.agents ?? []
  }

  count(block: string, state: TrialState): number {
    return this.countsOf(block)?.[place(state)] ?? 0
  }

  sum(block: string, states: readonly TrialState[]): number {
    const counts = this.countsOf(block)
    return counts ? states.reduce((n, s) => n + (counts[place(s)] as number), 0) : 0
  }

  total(block: string): number {
    return this.countsOf(block)?.reduce((a, b) => a + b, 0) ?? 0
  }

  begun(block: string): number {
    return this.begins.get(block) ?? this.base?.begun(block) ?? 0
  }

  /** Trials built on this one that may still be pending, in the order of their ids. */
  dependents(trial: string): string[] {
    return [...new Set([...(this.base?.waiting.get(trial) ?? []), ...(this.waiting.get(trial) ?? [])])].sort()
  }

  /** Null for a block without search and scheduler, and once it has ended. */
  course(block: string, tables: Tables): Course | null {
    const own = this.courses.get(block)
    if (own !== undefined) return own
    return this.base ? this.base.course(block, tables) : this.journals.course(block, tables)
  }

  /** Rows of the journals that are still needed. */
  journalRows(): Iterable<JournalRow> {
    return this.journals.rows()
  }

  queue(block: string): TrialSet | undefined {
    return this.queues.get(block) ?? this.base?.queue(block)
  }

  usage(agent: string): Usage {
    return this.usages.get(agent) ?? this.base?.usage(agent) ?? noUsage()
  }

  /** Live attempts of an agent as committed: a draft does not see its own here. Order is not defined. */
  live(agent: string): ReadonlySet<string> {
    return (this.base ?? this).held.get(agent) ?? NOTHING
  }

  /** `tables` already hold `after`. */
  update(before: Row | undefined, after: Row, tables: Tables): void {
    if (after.kind === 'trial') this.updateTrial(before as TrialRow | undefined, after, tables)
    else if (after.kind === 'attempt') this.updateAttempt(before as AttemptRow | undefined, after, tables)
    else if (after.kind === 'block') this.updateBlock(before as BlockRow | undefined, after, tables)
    else if (after.kind === 'journal') this.updateJournal(after, tables)
    else if (after.kind === 'agent') {
      if (before === undefined) this.agents = inserted(this.agents, after.id)
      this.reopen(after.id, tables)
    }
  }

  private updateBlock(before: BlockRow | undefined, after: BlockRow, tables: Tables): void {
    const key = blockKey(after.experiment, after.id)
    if (after.search?.over) {
      if (this.base) this.courses.set(key, null)
      else this.journals.delete(key)
    }
    if (before && hungry(before) === hungry(after)) return
    if (!hungry(after)) this.leave(key, tables)
    else if (!this.order.some(b => b.key === key))
      this.order = withBlock(this.order, queuedBlock(after.experiment, after.id, tables))
  }

  private updateJournal(row: JournalRow, tables: Tables): void {
    const key = blockKey(row.experiment, row.block)
    if (tables.blocks.get(key)?.search?.over) return
    if (this.base) this.courses.set(key, folded(row))
    else this.journals.add(row)
  }

  /** Out of the order, when nothing is queued and nothing more will come. */
  private leave(key: string, tables: Tables): void {
    const block = tables.blocks.get(key)
    if ((this.queue(key)?.size ?? 0) === 0 && !(block && hungry(block)))
      this.order = this.order.filter(b => b.key !== key)
  }

  private updateTrial(before: TrialRow | undefined, after: TrialRow, tables: Tables): void {
    const key = blockKey(after.experiment, after.block)
    if (after.epoch > 0 && (before?.epoch ?? 0) === 0) this.begins.set(key, this.begun(key) + 1)
    if (before?.state === after.state) return
    if (after.state === 'pending')
      for (const id of Object.values(after.ancestors)) own(this.waiting, id, () => new Set()).add(after.id)
    else if (before?.state === 'pending' && this.base === null)
      for (const id of Object.values(before.ancestors)) this.waiting.get(id)?.delete(after.id)
    const counts = this.ownCounts(key)
    if (before) counts[place(before.state)] = (counts[place(before.state)] as number) - 1
    counts[place(after.state)] = (counts[place(after.state)] as number) + 1
    if (before?.state === 'queued') {
      const queue = this.ownQueue(key)
      queue.remove(after.number)
      if (queue.size === 0) this.leave(key, tables)
    } else if (after.state === 'queued') {
      const queue = this.ownQueue(key)
      queue.add(after.number)
      if (queue.size === 1 && !this.order.some(b => b.key === key))
        this.order = withBlock(this.order, queuedBlock(after.experiment, after.block, tables))
    }
  }

  private updateAttempt(before: AttemptRow | undefined, after: AttemptRow, tables: Tables): void {
    const was = before !== undefined && !FINAL.attempt(before.state)
    const is = !FINAL.attempt(after.state)
    if (was === is) return
    use(this.ownUsage(after.agent), after.slot, is ? 1 : -1)
    if (this.base === null) {
      const held = this.held.get(after.agent) ?? new Set()
      this.held.set(after.agent, held)
      if (is) held.add(after.id)
      else held.delete(after.id)
    }
    this.reopen(after.agent, tables)
  }

  private reopen(id: string, tables: Tables): void {
    const agent = tables.agents.get(id)
    const open = agent !== undefined && takesTrials(agent) && freeCpu(agent, this.usage(id)) > 0
    const was = this.open.includes(id)
    if (open && !was) this.open = inserted(this.open, id)
    else if (!open && was) this.open = this.open.filter(a => a !== id)
  }

  private countsOf(block: string): Int32Array | undefined {
    return this.counts.get(block) ?? this.base?.countsOf(block)
  }

  private ownCounts(block: string): Int32Array {
    return own(this.counts, block, () => this.base?.countsOf(block)?.slice() ?? new Int32Array(TRIAL_STATES.length))
  }

  private ownQueue(block: string): TrialSet {
    return own(this.queues, block, () => new TrialSet(this.base?.queue(block)))
  }

  private ownUsage(agent: string): Usage {
    return own(this.usages, agent, () => copyUsage(this.usage(agent)))
  }
}

/** The entry of this layer, made from the one below before its first write. */
function own<T>(entries: Map<string, T>, key: string, make: () => T): T {
  let entry = entries.get(key)
  if (entry === undefined) {
    entry = make()
    entries.set(key, entry)
  }
  return entry
}

/** Its search may give another trial, or let a paused one go on. */
const hungry = ({ state, search }: BlockRow): boolean => state === 'running' && search !== null && !search.over

function queuedBlock(experiment: string, block: string, tables: Tables): QueuedBlock {
  const key = blockKey(experiment, block)
  const { created } = must(tables.experiments.get(experiment), experiment)
  const { index } = must(tables.blocks.get(key), key)
  return { key, experiment, block, created, index }
}

function withBlock(order: readonly QueuedBlock[], block: QueuedBlock): readonly QueuedBlock[] {
  const later = order.findIndex(b => before(block, b))
  return later === -1 ? [...order, block] : order.toSpliced(later, 0, block)
}

function before(a: QueuedBlock, b: QueuedBlock): boolean {
  if (a.created !== b.created) return a.created < b.created
  if (a.experiment !== b.experiment) return a.experiment < b.experiment
  return a.index < b.index
}

function inserted(ids: readonly string[], id: string): readonly string[] {
  const later = ids.findIndex(other => id < other)
  return later === -1 ? [...ids, id] : ids.toSpliced(later, 0, id)
}

/**
 * How many variants every block has, and whether that is more than the file allows. Called by `plan`. Exact where variants are
 * known before anything runs; `n_trials` under a search algorithm; below one, at most so many as the trials that are kept.
 */
import type { PlannedBlock } from '../plan.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report } from '../reader/source.ts'
import { ancestrySets } from './ancestries.ts'
import { Counter, Entangled } from './counting.ts'
import { isEnumerable } from './enumerable.ts'
import { sizeOf } from './search-space.ts'
import { compileSpace } from './space.ts'

/** Numbers beyond 2^53 - 1 are that number. Without an entry: too entangled, which has been reported. */
export function countAll(
  blocks: readonly PlannedBlock[],
  experiment: ParsedExperiment,
  report: Report,
): ReadonlyMap<string, number> {
  const space = compileSpace(blocks)
  const counter = new Counter(space)
  const most = experiment.settings.max_trials
  const at = { span: experiment.pipelineSpan, path: 'pipeline' }
  const counts = new Map<string, bigint>()
  const pinned = new Set(blocks.filter(({ search, reduce }) => search !== null || reduce !== null).map(({ id }) => id))
  const pins = new Map<string, bigint>()
  /** Made only where something is searched. */
  let below: Counter | null = null
  let total = 0n
  for (const block of blocks) {
    const { id, reduce, search } = block
    let count: bigint | null
    try {
      if (isEnumerable({ blocks }, id)) count = counter.block(id)
      else {
        below ??= new Counter(compileSpace(blocks, pinned), pins)
        const upstream = below.together(ancestorsBelow(block, blocks, pinned))
        if (search === null) ancestrySets(space, id)
        else if (upstream > BigInt(most)) tooManyUpstream(block, upstream, most, experiment, report)
        count = search === null ? below.block(id) : trialsOf(block, upstream)
      }
    } catch (error) {
      if (!(error instanceof Entangled)) throw error
      const message = `the options of \`${id}\` open shared blocks in too many ways to be counted`
      report.add({ rule: 'entangled-space', ...at, message, hint: 'link blocks outside of options' })
      return new Map()
    }
    // An open end is bounded by `budget` and by `max_trials` while the experiment runs.
    const bound = BigInt(experiment.settings.budget.trials ?? experiment.settings.max_trials)
    if (count !== null) total += count
    counts.set(id, count ?? bound)
    if (pinned.has(id)) pins.set(id, least(count ?? bound, reduce === null ? null : BigInt(reduce.k)))
  }
  if (total > BigInt(most)) {
    const message = `the experiment has ${thousands(total)} variants, more than ${most.toLocaleString('en')} (\`max_trials\`)`
    const hint =
      total > BigInt(Number.MAX_SAFE_INTEGER) ? 'take options out' : `take options out, or write max_trials: ${total}`
    report.add({ rule: 'max-trials', ...at, message, hint })
  }
  return new Map([...counts].map(([id, count]) => [id, Number(least(count, BigInt(Number.MAX_SAFE_INTEGER)))]))
}

/** Null: the algorithm may go on for ever. */
function trialsOf({ search }: PlannedBlock, upstream: bigint): bigint | null {
  if (search === null) return null
  if (search.n_trials !== null) return BigInt(search.n_trials)
  const size = sizeOf(search.space)
  return size === null ? null : BigInt(size) * upstream
}

/** All ancestors that the block may call for, but for those that the trial of another one settles. */
function ancestorsBelow(
  { ancestors }: PlannedBlock,
  blocks: readonly PlannedBlock[],
  pinned: ReadonlySet<string>,
): readonly string[] {
  const settled = new Set(
    blocks.filter(({ id }) => pinned.has(id) && ancestors.includes(id)).flatMap(block => block.ancestors),
  )
  return ancestors.filter(id => !settled.has(id))
}

function tooManyUpstream(
  { id, search }: PlannedBlock,
  upstream: bigint,
  most: number,
  experiment: ParsedExperiment,
  report: Report,
): void {
  const entry = experiment.search.find(({ block }) => block === id)
  if (entry === undefined || search === null) return
  const message = `\`${id}\` can build on ${thousands(upstream)} combinations of upstream trials, more than ${most.toLocaleString('en')} (\`max_trials\`)`
  const hint = 'reduce the blocks upstream'
  report.add({ rule: 'too-many-upstream', span: entry.keySpan, path: entry.path, message, hint })
}

function least(a: bigint, b: bigint | null): bigint {
  return b === null || a < b ? a : b
}

function thousands(count: bigint): string {
  const digits = count.toString()
  if (digits.length > 30) return `about 10^${digits.length - 1}`
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}

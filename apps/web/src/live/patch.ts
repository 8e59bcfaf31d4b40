/**
 * Live changes onto answers of reads: pure, so that it can be tested without a browser. `patch` returns the same object when
 * nothing changed; `outdated` says when an answer cannot be patched and has to be read again.
 */
import type { Reads, SeriesInput, TrialsInput } from '../api/procedures.ts'
import type { LiveChange } from '../api/views.ts'

type Answer<P extends keyof Reads> = Reads[P]['output']
type Pages = { readonly pages: readonly Answer<'experiments.list'>[]; readonly pageParams: readonly unknown[] }
type PointsChange = Extract<LiveChange, { kind: 'points' }>

export function patch(path: string, input: unknown, data: unknown, change: LiveChange): unknown {
  switch (path) {
    case 'experiments.list':
      return change.kind === 'experiment' ? patchPages(data as Pages, change.row) : data
    case 'experiments.get':
      return patchExperiment(data as Answer<'experiments.get'>, change)
    case 'trials.list': {
      const answer = data as Answer<'trials.list'>
      if (change.kind !== 'trial') return data
      const items = replace(answer.items, change.row)
      return items === answer.items ? data : { ...answer, items }
    }
    case 'trials.get': {
      const detail = data as Answer<'trials.get'>
      return change.kind === 'trial' && change.row.id === detail.id ? { ...detail, ...change.row } : data
    }
    case 'agents.list': {
      const answer = data as Answer<'agents.list'>
      if (change.kind !== 'agent') return data
      const known = answer.items.some(agent => agent.id === change.row.id)
      return { ...answer, items: known ? replace(answer.items, change.row) : [...answer.items, change.row] }
    }
    case 'series.read': {
      const answer = data as Answer<'series.read'>
      return change.kind === 'points' ? patchSeries(answer, input as SeriesInput, change) : data
    }
    default:
      return data
  }
}

/** True when the answer lacks what the change brings, or its order or membership may no longer hold. */
export function outdated(path: string, input: unknown, data: unknown, change: LiveChange): boolean {
  switch (path) {
    case 'experiments.list': {
      if (change.kind !== 'experiment') return false
      const all = (data as Pages).pages.flatMap(page => page.items)
      const known = all.find(item => item.id === change.row.id)
      const wanted = (input as { state?: string | undefined }).state
      return known === undefined || (wanted !== undefined && known.state !== change.row.state)
    }
    case 'hub.status':
      return change.kind === 'agent'
    case 'experiments.events': {
      const id = (input as { id: string }).id
      if (change.kind === 'experiment') return change.row.id === id
      if (change.kind === 'block') return change.experiment === id
      return change.kind === 'trial' && change.row.experiment === id
    }
    case 'trials.list':
      return change.kind === 'trial' && trialsOutdated(input as TrialsInput, data as Answer<'trials.list'>, change.row)
    case 'search.course': {
      const of = input as { experiment: string; block: string }
      return change.kind === 'trial' && change.row.experiment === of.experiment && change.row.block === of.block
    }
    case 'trials.get': {
      const detail = data as Answer<'trials.get'>
      if (change.kind !== 'trial' || change.row.id !== detail.id) return false
      return change.row.epoch !== detail.attempts.length || change.row.state !== detail.state
    }
    case 'artifacts.list': {
      const of = (input as { trial: string }).trial
      const has = (data as Answer<'artifacts.list'>).checkpoint?.number ?? null
      return change.kind === 'trial' && change.row.id === of && (change.row.checkpoint?.number ?? null) !== has
    }
    case 'series.tags':
      return change.kind === 'points' && !(data as Answer<'series.tags'>).tags.some(tag => tag.tag === change.tag)
    case 'series.read':
      return change.kind === 'points' && seriesOutdated(data as Answer<'series.read'>, input as SeriesInput, change)
    default:
      return false
  }
}

function patchPages(data: Pages, row: Extract<LiveChange, { kind: 'experiment' }>['row']): Pages {
  let changed = false
  const pages = data.pages.map(page => {
    const items = replace(page.items, row)
    if (items === page.items) return page
    changed = true
    return { ...page, items }
  })
  return changed ? { ...data, pages } : data
}

function patchExperiment(detail: Answer<'experiments.get'>, change: LiveChange): Answer<'experiments.get'> {
  if (change.kind === 'experiment' && change.row.id === detail.id) return { ...detail, ...change.row }
  if (change.kind !== 'block' || change.experiment !== detail.id) return detail
  const list = replace(detail.block_list, change.row)
  if (list === detail.block_list) return detail
  const blocks = detail.blocks.map(block =>
    block.id === change.row.id ? { ...block, state: change.row.state } : block,
  )
  return { ...detail, block_list: list, blocks }
}

function trialsOutdated(
  input: TrialsInput,
  data: Answer<'trials.list'>,
  row: Extract<LiveChange, { kind: 'trial' }>['row'],
): boolean {
  if (row.experiment !== input.experiment) return false
  if (input.block !== undefined && row.block !== input.block) return false
  const known = data.items.find(item => item.id === row.id)
  if (known === undefined) return input.state !== undefined || input.search !== undefined || !full(input, data)
  if (input.state !== undefined && row.state !== input.state) return true
  return (input.sort ?? []).some(({ by }) => by in row && !same(known[by as 'step'], row[by as 'step']))
}

function full(input: TrialsInput, data: Answer<'trials.list'>): boolean {
  return data.items.length >= input.limit
}

function patchSeries(answer: Answer<'series.read'>, input: SeriesInput, change: PointsChange): Answer<'series.read'> {
  if (!input.trials.includes(change.trial) || !input.tags.includes(change.tag)) return answer
  const at = answer.series.findIndex(one => one.trial === change.trial && one.tag === change.tag)
  const old = answer.series[at]
  // A point already read has a step that is not after the last one.
  const last = old?.last?.step ?? Number.NEGATIVE_INFINITY
  const fresh = change.steps.map((_, i) => i).filter(i => (change.steps[i] ?? 0) > last)
  const end = fresh.at(-1)
  if (end === undefined) return answer
  const steps = fresh.map(i => change.steps[i] as number)
  const values = fresh.map(i => change.values[i] ?? null)
  const times = fresh.map(i => change.times[i] as number)
  const finite = values.filter(value => value !== null)
  const next = {
    trial: change.trial,
    tag: change.tag,
    total: (old?.total ?? 0) + fresh.length,
    last: { step: steps.at(-1) as number, value: values.at(-1) ?? Number.NaN, time: times.at(-1) as number },
    min: extreme(Math.min, old?.min ?? null, finite),
    max: extreme(Math.max, old?.max ?? null, finite),
    steps: [...(old?.steps ?? []), ...steps],
    values: [...(old?.values ?? []), ...values],
    mins: [...(old?.mins ?? []), ...values],
    maxs: [...(old?.maxs ?? []), ...values],
    times: [...(old?.times ?? []), ...times],
  }
  const series = old ? answer.series.map((one, i) => (i === at ? next : one)) : [...answer.series, next]
  return { ...answer, series }
}

/**
 * Twice as many points as asked for: time to bucket again on the hub. Or a newer point at an older step: another attempt
 * went on from a checkpoint, and the points that it replaces no longer count.
 */
function seriesOutdated(answer: Answer<'series.read'>, input: SeriesInput, change: PointsChange): boolean {
  const one = answer.series.find(series => series.trial === change.trial && series.tag === change.tag)
  if (one === undefined) return false
  const { last } = one
  const again = last !== null && change.steps.some((step, i) => step <= last.step && (change.times[i] ?? 0) > last.time)
  return again || one.steps.length > 2 * input.points
}

function extreme(pick: (...values: number[]) => number, old: number | null, more: readonly number[]): number | null {
  if (more.length === 0) return old
  return old === null ? pick(...more) : pick(old, ...more)
}

function replace<R extends { readonly id: string }>(rows: readonly R[], row: R): readonly R[] {
  const at = rows.findIndex(old => old.id === row.id)
  return at < 0 ? rows : rows.map((old, i) => (i === at ? row : old))
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

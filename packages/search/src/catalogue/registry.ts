// From a tag and plain JSON params to an algorithm or scheduler, and what is wrong with them, in words.
// Hub and command ask for problems before anything runs; the engine creates. Creating with problems throws: ask first.

import type { Scheduler, SearchAlgorithm } from '../contract.ts'
import type { Mode } from '../history.ts'
import { randomStream } from '../random.ts'
import { withTrialRule } from '../schedulers/rule.ts'
import { type Space, spaceProblems } from '../space.ts'
import { paramProblems, withDefaults } from './check.ts'
import { schedulerParams, searchParams } from './common.ts'
import { constraintProblems } from './constraints.ts'
import { lookUp } from './lookup.ts'
import { maybeNumber, type Params } from './params.ts'
import { completePoint, readPoint } from './points.ts'
import { withProposalRules } from './proposals.ts'

export interface SearchOptions {
  readonly space: Space
  /** Of the experiment; `seed` of the params comes before it. */
  readonly seed: number
  readonly block: string
  /** Direction of the metric as the component says it; `mode` of the params comes before it. */
  readonly mode: Mode
  /** Whoever drives has an end of its own (a budget): neither `n_trials` nor `timeout` is needed. */
  readonly bounded?: boolean
}

/** Throws when `searchProblems` is not empty. */
export function createSearch(tag: string, params: Params, options: SearchOptions): SearchAlgorithm {
  const problems = searchProblems(tag, params, options.space, options)
  const found = lookUp(tag, params, 'SearchAlgorithm')
  if (problems.length > 0 || found.kind !== 'search') throw new Error(`${tag}: ${problems.join('; ')}`)
  const { definition } = found
  const whole = withDefaults(found.params, [...definition.params, ...searchParams])
  const modes = modesOf(whole, options.mode)
  const seed = maybeNumber(whole, 'seed') ?? options.seed
  const { space, block } = options
  const initial = pointsOf(whole).map((written, at) =>
    completePoint(space, readPoint(space, written).point, randomStream(seed, block, at + 1)),
  )
  return withProposalRules(definition.build(whole, { space, seed, block, mode: modes[0] ?? options.mode, modes }), {
    initial,
    n_trials: maybeNumber(whole, 'n_trials') ?? null,
    max_concurrent: maybeNumber(whole, 'max_concurrent') ?? null,
    exhaustive: definition.exhaustive ?? false,
  })
}

export interface SchedulerOptions {
  /** Direction of what it judges by (`judgedMode`); `direction` of the params comes before it. */
  readonly mode: Mode
  readonly seed: number
  readonly block: string
  /** What PBT and PB2 may change. */
  readonly space?: Space | null
}

/** Throws when `schedulerProblems` is not empty. */
export function createScheduler(tag: string, params: Params, options: SchedulerOptions): Scheduler {
  const problems = schedulerProblems(tag, params, options.space)
  const found = lookUp(tag, params, 'Scheduler')
  if (problems.length > 0 || found.kind !== 'scheduler') throw new Error(`${tag}: ${problems.join('; ')}`)
  const { definition } = found
  const whole = withDefaults(found.params, [...definition.params, ...schedulerParams])
  const mode = whole.direction === 'min' || whole.direction === 'max' ? whole.direction : options.mode
  const inner = definition.build(whole, {
    mode,
    seed: options.seed,
    block: options.block,
    space: options.space ?? null,
    nested: written => {
      const { tag: below, params: its } = nestedOf(written)
      return createScheduler(below, its, { ...options, mode })
    },
  })
  const on_nan = whole.on_nan === 'stop' || whole.on_nan === 'ignore' || whole.on_nan === 'fail' ? whole.on_nan : null
  return withTrialRule(inner, { ...definition.bounds(whole), on_nan: on_nan ?? definition.on_nan?.(whole) ?? 'stop' })
}

/** What is wrong with a `search:` entry over this space, in words; empty when it can run. */
export function searchProblems(
  tag: string,
  params: Params,
  space: Space,
  { bounded = false }: Pick<SearchOptions, 'bounded'> = {},
): string[] {
  const found = lookUp(tag, params, 'SearchAlgorithm')
  if (found.kind === 'problems') return found.problems
  if (found.kind !== 'search') throw new Error(`${tag} is no search algorithm`)
  const { definition } = found
  const problems = [...paramProblems(found.params, [...definition.params, ...searchParams]), ...spaceProblems(space)]
  if (problems.length > 0) return problems
  const whole = withDefaults(found.params, [...definition.params, ...searchParams])
  const endless = !bounded && !definition.exhaustive && whole.n_trials === undefined && whole.timeout === undefined
  return [
    ...(endless ? [`n_trials: is needed, or timeout: ${definition.tag} never ends by itself`] : []),
    ...pointsOf(whole).flatMap((written, at) =>
      readPoint(space, written).problems.map(problem => `initial: point ${at + 1}: ${problem}`),
    ),
    ...constraintProblems(whole.constraints ?? {}).map(problem => `constraints: ${problem}`),
    ...(definition.problems?.(whole, space) ?? []),
  ]
}

/** What is wrong with a `schedulers:` entry; `space` is null for a block without a search, undefined when not known. */
export function schedulerProblems(tag: string, params: Params, space?: Space | null): string[] {
  const found = lookUp(tag, params, 'Scheduler')
  if (found.kind === 'problems') return found.problems
  if (found.kind !== 'scheduler') throw new Error(`${tag} is no scheduler`)
  const { definition } = found
  const known = [...definition.params, ...schedulerParams]
  const problems = paramProblems(found.params, known)
  if (problems.length > 0) return problems
  const whole = withDefaults(found.params, known)
  const nested = definition.params
    .filter(param => param.component === 'Scheduler' && whole[param.name] !== undefined)
    .flatMap(param => {
      const written = whole[param.name]
      if (!isNested(written)) return [`${param.name}: must be a scheduler`]
      const { tag: below, params: its } = nestedOf(written)
      return schedulerProblems(below, its, space).map(problem => `${param.name}: ${problem}`)
    })
  return [...nested, ...(nested.length > 0 ? [] : (definition.problems?.(whole, space) ?? []))]
}

export interface Objective {
  /** Tag of the logged scalar; null: the trial's own metric. */
  readonly name: string | null
  readonly mode: Mode
}

/** What a search optimizes, the first one first. `mode` is the metric's own. Empty when the params have problems. */
export function objectivesOf(tag: string, params: Params, mode: Mode): readonly Objective[] {
  const found = lookUp(tag, params, 'SearchAlgorithm')
  if (found.kind !== 'search') return []
  const { metric } = found.params
  const names: unknown[] = Array.isArray(metric) ? metric : [metric]
  return modesOf(found.params, mode).map((own, at) => ({
    name: typeof names[at] === 'string' ? names[at] : null,
    mode: own,
  }))
}

/** Direction in which the scheduler of a block looks: it judges by the first objective of the search, where there is one. */
export function judgedMode(search: { readonly tag: string; readonly params: Params } | null, mode: Mode): Mode {
  return (search === null ? undefined : objectivesOf(search.tag, search.params, mode)[0]?.mode) ?? mode
}

function modesOf(params: Params, otherwise: Mode): Mode[] {
  const written: unknown[] = Array.isArray(params.mode) ? params.mode : [params.mode]
  const objectives = Array.isArray(params.metric) ? params.metric.length : written.length
  return Array.from({ length: Math.max(objectives, written.length) }, (_, at) => {
    const mode = written[at] ?? written.at(-1)
    return mode === 'min' || mode === 'max' ? mode : otherwise
  })
}

function pointsOf(params: Params): readonly Params[] {
  return Array.isArray(params.initial) ? (params.initial as readonly Params[]) : []
}

function isNested(written: unknown): written is { readonly tag: string; readonly params?: Params } {
  return typeof written === 'object' && written !== null && 'tag' in written && typeof written.tag === 'string'
}

function nestedOf(written: unknown): { readonly tag: string; readonly params: Params } {
  if (!isNested(written)) throw new Error('not a nested scheduler')
  return { tag: written.tag, params: written.params ?? {} }
}

/** The one filter of an experiment's page, as the URL holds it: it drives table, curves and export alike. */
import type { TrialsInput } from '../api/procedures.ts'
import type { TrialView } from '../api/views.ts'
import { TRIAL_STATES } from '../ui/state.ts'

export interface Sort {
  readonly by: string
  readonly desc: boolean
}

export interface TrialFilter {
  readonly block: string
  readonly state: TrialView['state'] | ''
  readonly search: string
  readonly sort: readonly Sort[]
}

/** Reads search parameters; what makes no sense is taken as absent. */
export function filterOf(get: (name: string) => string): TrialFilter {
  const state = get('state')
  return {
    block: get('block'),
    state: TRIAL_STATES.find(known => known === state) ?? '',
    search: get('q'),
    sort: sortOf(get('sort')),
  }
}

/** `-metric,params.train.lr` ⇄ sort: a minus is descending. */
export function sortOf(text: string): Sort[] {
  return text
    .split(',')
    .filter(part => part !== '' && part !== '-')
    .slice(0, 5)
    .map(part => (part.startsWith('-') ? { by: part.slice(1), desc: true } : { by: part, desc: false }))
}

export function sortText(sort: readonly Sort[]): string {
  return sort.map(({ by, desc }) => `${desc ? '-' : ''}${by}`).join(',')
}

/**
 * The sort after a click on a heading: first direction, other direction, none. With `add` (Shift) the others stay. Metrics go
 * best first, everything else ascending.
 */
export function nextSort(sort: readonly Sort[], by: string, add: boolean, mode: 'min' | 'max'): Sort[] {
  const down = mode === 'max' && (by === 'metric' || by === 'best')
  const old = sort.find(one => one.by === by)
  const next = old === undefined ? [{ by, desc: down }] : old.desc === down ? [{ by, desc: !down }] : []
  return [...(add ? sort.filter(one => one.by !== by) : []), ...next]
}

/** What `trials.list` is asked for. Equal filters give equal inputs, so that table, curves and export share answers. */
export function trialsInput(experiment: string, filter: TrialFilter, offset: number, limit: number): TrialsInput {
  return {
    experiment,
    ...(filter.block === '' ? {} : { block: filter.block }),
    ...(filter.state === '' ? {} : { state: filter.state }),
    ...(filter.search.trim() === '' ? {} : { search: filter.search.trim().slice(0, 500) }),
    ...(filter.sort.length === 0 ? {} : { sort: filter.sort }),
    offset,
    limit,
  }
}

/** Pages of `size` rows that cover rows first..last, one more at either end, within `total`. */
export function pagesFor(first: number, last: number, size: number, total: number): number[] {
  const from = Math.max(0, Math.floor(first / size) - 1)
  const to = Math.min(Math.max(0, Math.ceil(total / size) - 1), Math.floor(last / size) + 1)
  return Array.from({ length: Math.max(1, to - from + 1) }, (_, i) => from + i)
}

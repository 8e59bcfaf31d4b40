'use client'
/**
 * Rows of the trials table, read in pages around what is in view. 10,000 trials are never held at once. The first page is
 * always there: it tells how many rows there are, and the curves show its trials.
 */
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { readOptions, useRead } from '../api/query.ts'
import type { TrialView } from '../api/views.ts'
import { pagesFor, type TrialFilter, trialsInput } from './trial-filter.ts'

export const PAGE_ROWS = 200
/** Pages in view at most: a dependency list must keep its length. */
const MOST_PAGES = 6

export interface TrialPages {
  readonly total: number
  readonly loaded: boolean
  readonly error: Error | null
  readonly retry: () => void
  /** Loaded rows by their place. */
  readonly rows: ReadonlyMap<number, TrialView>
}

export function useTrialPages(
  experiment: string,
  filter: TrialFilter,
  view: { readonly first: number; readonly last: number },
  enabled: boolean,
): TrialPages {
  const first = useRead('trials.list', trialsInput(experiment, filter, 0, PAGE_ROWS), { enabled, keep: true })
  const total = first.data?.total ?? 0
  const pages = pagesFor(view.first, view.last, PAGE_ROWS, total).filter(page => page > 0)
  const others = useQueries({
    queries: pages.slice(0, MOST_PAGES).map(page => ({
      ...readOptions('trials.list', trialsInput(experiment, filter, page * PAGE_ROWS, PAGE_ROWS)),
      enabled: enabled && !first.isPlaceholderData,
    })),
  })
  const datas = Array.from({ length: MOST_PAGES }, (_, i) => others[i]?.data)
  const key = pages.join(',')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answers, one by one, are the dependencies
  const rows = useMemo(() => {
    const map = new Map<number, TrialView>()
    first.data?.items.forEach((row, at) => {
      map.set(at, row)
    })
    pages.forEach((page, i) => {
      datas[i]?.items.forEach((row, at) => {
        map.set(page * PAGE_ROWS + at, row)
      })
    })
    return map
  }, [first.data, key, ...datas])
  const failed = [first, ...others].find(answer => answer.isError && answer.data === undefined)
  return {
    total,
    loaded: first.data !== undefined,
    error: failed?.error ?? null,
    retry: () => {
      for (const answer of [first, ...others]) if (answer.isError) answer.refetch().catch(() => {})
    },
    rows,
  }
}

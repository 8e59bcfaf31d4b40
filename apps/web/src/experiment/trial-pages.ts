'use client'
/** Rows of the trials table, read in pages around what is in view. 10,000 trials are never held at once. */
import { keepPreviousData, useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import { readOptions } from '../api/query.ts'
import type { TrialView } from '../api/views.ts'
import { pagesFor, type TrialFilter, trialsInput } from './trial-filter.ts'

export const PAGE_ROWS = 200

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
  view: { readonly first: number; readonly last: number; readonly total: number },
  enabled: boolean,
): TrialPages {
  const pages = pagesFor(view.first, view.last, PAGE_ROWS, view.total)
  const answers = useQueries({
    queries: pages.map(page => ({
      ...readOptions('trials.list', trialsInput(experiment, filter, page * PAGE_ROWS, PAGE_ROWS)),
      enabled,
      placeholderData: keepPreviousData,
    })),
  })
  const datas = answers.map(answer => answer.data)
  const key = pages.join(',')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the answers, one by one, are the dependencies
  const rows = useMemo(() => {
    const map = new Map<number, TrialView>()
    pages.forEach((page, i) => {
      datas[i]?.items.forEach((row, at) => {
        map.set(page * PAGE_ROWS + at, row)
      })
    })
    return map
  }, [key, ...padded(datas)])
  const failed = answers.find(answer => answer.isError && answer.data === undefined)
  return {
    total: datas.find(data => data !== undefined)?.total ?? 0,
    loaded: datas.some(data => data !== undefined),
    error: failed?.error ?? null,
    retry: () => {
      for (const answer of answers) if (answer.isError) answer.refetch().catch(() => {})
    },
    rows,
  }
}

/** A dependency list must keep its length. */
function padded<T>(items: readonly T[]): readonly (T | undefined)[] {
  return Array.from({ length: 6 }, (_, i) => items[i])
}

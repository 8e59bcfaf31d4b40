'use client'
/** The first page: every experiment as one dense row, newest first, searched and filtered on the hub. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { FlaskConical, Plus, SearchX } from 'lucide-react'
import { errorText, read } from '../api/client.ts'
import type { ExperimentSummary } from '../api/views.ts'
import { countText } from '../format/number.ts'
import { useWatch } from '../live/live.tsx'
import { Page } from '../shell/page.tsx'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Command } from '../ui/copy.tsx'
import { useDebounced } from '../ui/debounced.ts'
import { SearchField, Select, Tick } from '../ui/field.tsx'
import { Empty, Failed, SkeletonRows } from '../ui/panel.tsx'
import { useViewState } from '../ui/view-state.ts'
import { ExperimentRows } from './experiment-rows.tsx'

const PAGE = 100
const STATES = ['running', 'pending', 'paused', 'success', 'failure', 'cancelled'] as const

export function ExperimentsPage() {
  const view = useViewState()
  const ready = useWatch(['experiments'])
  const search = view.get('q')
  const state = view.get('state')
  const archived = view.get('archived') === '1'
  const settled = useDebounced(search.trim(), 250)
  const filtered = search !== '' || state !== '' || archived
  const input = {
    limit: PAGE,
    ...(settled === '' ? {} : { search: settled }),
    ...(state === '' ? {} : { state: state as ExperimentSummary['state'] }),
    archived,
  }
  const list = useInfiniteQuery({
    queryKey: ['experiments.list', input] as const,
    queryFn: ({ pageParam, signal }) =>
      read('experiments.list', { ...input, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: page => page.next,
    enabled: ready,
    placeholderData: keepPreviousData,
  })
  const items = list.data?.pages.flatMap(page => page.items) ?? []
  const total = list.data?.pages.at(-1)?.total ?? 0

  return (
    <Page title="Experiments" crumbs={[{ text: 'Experiments' }]}>
      <div className="flex flex-wrap items-center gap-2 px-3 py-2.5 md:px-5">
        <SearchField
          label="Search experiments"
          value={search}
          onChange={q => view.set({ q })}
          className="max-sm:w-auto max-sm:flex-1"
        />
        <Select
          label="State"
          value={state}
          onChange={value => view.set({ state: value })}
          options={[{ value: '', text: 'All states' }, ...STATES.map(value => ({ value, text: value }))]}
        />
        <Tick label="Archived" checked={archived} onChange={on => view.set({ archived: on ? '1' : '' })} />
        <span className="nums text-xs text-faint max-sm:hidden" aria-live="polite">
          {list.data && `${countText(items.length)} of ${countText(total)} shown`}
        </span>
        <ButtonLink href="/submit" look="primary" icon={Plus} className="ml-auto max-sm:hidden">
          New experiment
        </ButtonLink>
      </div>
      <div className="border-t border-line">
        {list.isError && !list.data ? (
          <Failed text={errorText(list.error)} retry={() => list.refetch()} />
        ) : !list.data ? (
          <SkeletonRows rows={10} />
        ) : items.length === 0 ? (
          filtered ? (
            <Empty icon={SearchX} title="No experiment matches">
              <p>Nothing on this hub fits the search and filters.</p>
              <Button className="mt-3" onClick={() => view.set({ q: '', state: '', archived: '' })}>
                Clear filters
              </Button>
            </Empty>
          ) : (
            <NoExperiments />
          )
        ) : (
          <>
            <ExperimentRows items={items} />
            {list.hasNextPage && (
              <div className="flex justify-center p-3">
                <Button disabled={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
                  {list.isFetchingNextPage ? 'Loading' : `Load ${PAGE} more`}
                </Button>
              </div>
            )}
          </>
        )}
      </div>
    </Page>
  )
}

function NoExperiments() {
  const origin = typeof window === 'undefined' ? '' : window.location.origin
  return (
    <Empty icon={FlaskConical} title="No experiments yet">
      <p>One YAML file describes a pipeline; it becomes trials that agents run. Write one here, or submit a file:</p>
      <div className="mx-auto mt-4 flex max-w-md flex-col gap-2 text-left">
        <Command text={`node packages/flambe/bin/flambe.mjs submit examples/digits.yaml --hub ${origin}`} />
        <ButtonLink href="/submit" look="primary" size="md" icon={Plus} className="self-center">
          Write an experiment
        </ButtonLink>
      </div>
    </Empty>
  )
}

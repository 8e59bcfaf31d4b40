'use client'
/** The curves of the filtered trials, with what governs them all: smoothing, scale, how many, which tags. */
import { LineChart } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useMemo } from 'react'
import { errorText } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import type { Crosshair } from '../chart/crosshair.ts'
import { countText, plural } from '../format/number.ts'
import { differingKeys } from '../format/param.ts'
import { SearchField, Select, Slider, Tick } from '../ui/field.tsx'
import { Empty, Failed, Panel } from '../ui/panel.tsx'
import { useViewState } from '../ui/view-state.ts'
import { curveTrials } from './curve-trials.ts'
import { type TrialFilter, trialsInput } from './trial-filter.ts'
import { PAGE_ROWS } from './trial-pages.ts'

export const loadCurves = () => import('../chart/curves.tsx')

const Curves = dynamic(loadCurves, {
  ssr: false,
  loading: () => <div className="skeleton h-58" />,
})

export function ExperimentCurves({
  experiment,
  filter,
  crosshair,
  ready,
}: {
  readonly experiment: string
  readonly filter: TrialFilter
  readonly crosshair: Crosshair
  readonly ready: boolean
}) {
  const view = useViewState()
  const router = useRouter()
  const most = Number(view.get('curves', '10')) || 10
  const smoothing = Math.min(0.99, Math.max(0, Number(view.get('smooth', '0')) || 0))
  const log = view.get('log') === '1'
  const search = view.get('tags').toLowerCase()

  const block = filter.block === '' ? {} : { block: filter.block }
  const tags = useRead('series.tags', { experiment, ...block }, { enabled: ready, keep: true })
  const page = useRead('trials.list', trialsInput(experiment, filter, 0, PAGE_ROWS), { enabled: ready, keep: true })
  const rows = page.data?.items
  // Live rows come often; the list of trials changes seldom, and charts read again only when it does.
  const key = (rows ?? []).map(row => `${row.id}:${row.epoch > 0}`).join(' ')
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the rows
  const trials = useMemo(
    () => curveTrials(rows ?? [], most, differingKeys(rows ?? []), filter.block === ''),
    [key, most, filter.block],
  )
  const shown = (tags.data?.tags ?? []).filter(tag => tag.tag.toLowerCase().includes(search))

  return (
    <Panel
      bare
      title="Curves"
      note={page.data && `${plural(trials.length, 'trial')} of ${countText(page.data.total)}`}
      actions={
        <>
          <SearchField
            label="Tags"
            value={view.get('tags')}
            onChange={text => view.set({ tags: text })}
            className="w-28"
          />
          <Slider
            label="Smooth"
            text={smoothing.toFixed(2)}
            min={0}
            max={0.99}
            step={0.01}
            value={smoothing}
            onChange={event => view.set({ smooth: event.target.value === '0' ? '' : event.target.value })}
          />
          <Tick label="log y" checked={log} onChange={on => view.set({ log: on ? '1' : '' })} />
          <Select
            label="Curves in a panel"
            value={String(most)}
            onChange={value => view.set({ curves: value === '10' ? '' : value })}
            options={['10', '25', '50', '100'].map(value => ({ value, text: `${value} curves` }))}
          />
        </>
      }
    >
      {tags.isError && !tags.data ? (
        <Failed text={errorText(tags.error)} retry={() => tags.refetch()} />
      ) : !tags.data ? (
        <div className="skeleton h-58" />
      ) : shown.length === 0 ? (
        <Empty icon={LineChart} title={search === '' ? 'No points yet' : 'No tag matches'}>
          <p>
            {search === ''
              ? 'What a component hands to log() appears here while it runs, one panel a tag.'
              : 'No tag of these trials holds this text.'}
          </p>
        </Empty>
      ) : (
        <Curves
          tags={shown}
          trials={trials}
          most={most}
          smoothing={smoothing}
          log={log}
          crosshair={crosshair}
          onOpen={trial => router.push(`/t/${encodeURIComponent(trial)}`)}
        />
      )}
    </Panel>
  )
}

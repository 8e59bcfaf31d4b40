'use client'
/**
 * Insight into the search of one block: history with the best so far, importance, parallel coordinates whose ranges filter the
 * table, and each parameter against the metric. Drawn from trial rows alone, live.
 */
import { axesOf, pedAnova } from '@flambe/search/insight'
import { Telescope } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useDeferredValue, useMemo, useState } from 'react'
import { errorText } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import type { ExperimentDetail } from '../api/views.ts'
import { makeCrosshair } from '../chart/crosshair.ts'
import { countText } from '../format/number.ts'
import { columnNames } from '../format/param.ts'
import { Select, Tick } from '../ui/field.tsx'
import { Empty, Failed, SkeletonRows } from '../ui/panel.tsx'
import { useViewState } from '../ui/view-state.ts'
import { type Brush, brushed, brushOf, brushText } from './brush.ts'
import { BrushedTable } from './brushed-table.tsx'
import { History } from './history.tsx'
import { Importance } from './importance.tsx'
import { Parallel } from './parallel.tsx'
import { parallelShape } from './plots.ts'
import { Slice } from './slice.tsx'
import { searchedBlock, type TrialRow, trialRows } from './trial-rows.ts'

/** One read's worth; beyond it the best are shown, and the page says so. */
const MOST = 1000

export default function SearchTab({ detail, ready }: { readonly detail: ExperimentDetail; readonly ready: boolean }) {
  const view = useViewState()
  const block = searchedBlock(detail.block_list, view.get('block'))
  const mode = block?.mode ?? 'max'
  const pruned = view.get('pruned') !== '0'
  const answer = useRead(
    'trials.list',
    {
      experiment: detail.id,
      block: block?.id ?? '',
      sort: [{ by: 'best', desc: mode === 'max' }],
      offset: 0,
      limit: MOST,
    },
    { enabled: ready && block !== undefined, keep: true },
  )
  // Live rows come often: drawing waits until there is time for it.
  const trials = useDeferredValue(answer.data?.items)
  const rows = useMemo(() => trialRows(trials ?? [], pruned), [trials, pruned])
  if (block === undefined) return null
  const measured = rows.filter(row => row.metric !== null).length
  return (
    <div className="flex flex-col gap-3 p-3 md:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Select
          label="Block"
          value={block.id}
          onChange={id => view.set({ block: id, brush: '' })}
          options={detail.block_list.map(({ id }) => ({ value: id, text: id }))}
        />
        <span className="nums text-xs text-faint" aria-live="polite">
          {answer.data &&
            `${countText(measured)} with a metric of ${countText(answer.data.total)} trials${answer.data.total > MOST ? `; the best ${countText(MOST)} are shown` : ''}`}
        </span>
        {(block.trials.pruned ?? 0) > 0 && (
          <Tick label="Pruned too" checked={pruned} onChange={on => view.set({ pruned: on ? '' : '0' })} />
        )}
      </div>
      {answer.isError && !answer.data ? (
        <Failed text={errorText(answer.error)} retry={() => answer.refetch()} />
      ) : !answer.data ? (
        <SkeletonRows rows={8} />
      ) : measured === 0 ? (
        <Empty icon={Telescope} title="No metric to look at yet">
          <p>
            A search is drawn from the metrics of its trials: they appear here as soon as the first trial reports one.
          </p>
        </Empty>
      ) : (
        <Insight rows={rows} mode={mode} measured={measured} />
      )}
    </div>
  )
}

function Insight({
  rows,
  mode,
  measured,
}: {
  readonly rows: readonly TrialRow[]
  readonly mode: 'min' | 'max'
  readonly measured: number
}) {
  const view = useViewState()
  const router = useRouter()
  const [crosshair] = useState(makeCrosshair)
  const onOpen = (trial: string) => router.push(`/t/${encodeURIComponent(trial)}`)
  const finite = useMemo(() => rows.filter(row => row.metric !== null), [rows])
  const axes = useMemo(() => axesOf(finite), [finite])
  const names = useMemo(() => columnNames(axes.map(axis => axis.name)), [axes])
  const shares = useMemo(() => pedAnova(finite, mode), [finite, mode])
  // What matters most stands next to the metric.
  const order = useMemo(() => shares.map(share => share.name).toReversed(), [shares])
  const text = view.get('brush')
  const brush = useMemo(() => brushOf(text), [text])
  const inside = useMemo(() => {
    const shape = parallelShape(rows, order, mode, { width: 100, height: 100 })
    return new Set(brushed(shape.lines, shape.axes, brush).map(line => line.id))
  }, [rows, order, mode, brush])
  const within = useMemo(() => {
    const sign = mode === 'max' ? -1 : 1
    return finite.filter(row => inside.has(row.id)).sort((a, b) => sign * ((a.metric ?? 0) - (b.metric ?? 0)))
  }, [finite, inside, mode])
  const onBrush = (next: Brush) => view.set({ brush: brushText(next) })
  const shared = { rows, mode, within: brush.size === 0 ? null : inside, crosshair, onOpen }
  const best = order.toReversed()
  return (
    <>
      <div className="grid gap-3 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <History {...shared} />
        <Importance shares={shares} names={names} measured={measured} />
      </div>
      {axes.length > 0 && <Parallel {...shared} names={names} order={order} brush={brush} onBrush={onBrush} />}
      <BrushedTable rows={within} total={finite.length} keys={best} names={names} crosshair={crosshair} />
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,20rem),1fr))] gap-3">
        {best.slice(0, 12).map(name => {
          const axis = axes.find(one => one.name === name)
          return axis && <Slice key={name} {...shared} axis={axis} name={names.get(name) ?? name} />
        })}
      </div>
    </>
  )
}

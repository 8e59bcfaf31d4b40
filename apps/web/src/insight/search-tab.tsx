'use client'
/**
 * Insight into the search of one block, live: what its scheduler decided (rungs, or a population), the Pareto front of several
 * objectives, history with the best so far, importance, parallel coordinates whose ranges filter the table, and the options
 * against the metric, one by one and in pairs.
 */
import { axesOf, pedAnova } from '@flambe/search/insight'
import { Telescope } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useCallback, useDeferredValue, useMemo, useState } from 'react'
import { errorText } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import type { BlockView, CourseView, ExperimentDetail, TrialView } from '../api/views.ts'
import { makeCrosshair } from '../chart/crosshair.ts'
import { countText } from '../format/number.ts'
import { columnNames } from '../format/param.ts'
import { Select, Tick } from '../ui/field.tsx'
import { Empty, Failed, SkeletonRows } from '../ui/panel.tsx'
import { useViewState } from '../ui/view-state.ts'
import { type Brush, brushed, brushOf, brushText } from './brush.ts'
import { BrushedTable } from './brushed-table.tsx'
import { Distribution } from './distribution.tsx'
import { History } from './history.tsx'
import { Importance } from './importance.tsx'
import { Pair } from './pair.tsx'
import { Parallel } from './parallel.tsx'
import { Pareto } from './pareto.tsx'
import { parallelShape } from './plots.ts'
import { Population } from './population-panel.tsx'
import { Rungs } from './rungs.tsx'
import { Slice } from './slice.tsx'
import { searchedBlock, type TrialRow, trialRows } from './trial-rows.ts'

/** One read's worth; beyond it the best are shown, and the page says so. */
const MOST = 1000

export default function SearchTab({ detail, ready }: { readonly detail: ExperimentDetail; readonly ready: boolean }) {
  const view = useViewState()
  const block = searchedBlock(detail.block_list, view.get('block'))
  const pruned = view.get('pruned') !== '0'
  const wanted = { enabled: ready && block !== undefined, keep: true }
  const answer = useRead(
    'trials.list',
    {
      experiment: detail.id,
      block: block?.id ?? '',
      sort: [{ by: 'best', desc: (block?.mode ?? 'max') === 'max' }],
      offset: 0,
      limit: MOST,
    },
    wanted,
  )
  const tuned = block !== undefined && block.search !== null
  const course = useRead(
    'search.course',
    { experiment: detail.id, block: block?.id ?? '' },
    { ...wanted, enabled: wanted.enabled && tuned },
  )
  // Live rows come often: drawing waits until there is time for it.
  const trials = useDeferredValue(answer.data?.items)
  const seen = useDeferredValue(tuned ? course.data : undefined)
  const objectives = seen !== undefined && seen.objectives.length > 1 ? seen.objectives : []
  const objective = objectives.find(({ name }) => name === view.get('objective')) ?? objectives[0]
  const name = objective?.name ?? null
  const rows = useMemo(() => trialRows(trials ?? [], pruned, name), [trials, pruned, name])
  if (block === undefined) return null
  const measured = rows.filter(row => row.metric !== null).length
  return (
    <div className="flex flex-col gap-3 p-3 md:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Select
          label="Block"
          value={block.id}
          onChange={id => view.set({ block: id, brush: '', rung: '', bracket: '', objective: '' })}
          options={detail.block_list.map(({ id }) => ({ value: id, text: id }))}
        />
        {objective && (
          <Select
            label="Objective"
            value={objective.name}
            onChange={chosen => view.set({ objective: chosen === objectives[0]?.name ? '' : chosen, brush: '' })}
            options={objectives.map(one => ({ value: one.name, text: `${one.name} (${one.mode})` }))}
          />
        )}
        <span className="nums text-xs text-faint" aria-live="polite">
          {answer.data &&
            `${countText(measured)} with a metric of ${countText(answer.data.total)} trials${answer.data.total > MOST ? `; the best ${countText(MOST)} are shown` : ''}`}
        </span>
        {block.search?.done && <span className="text-xs text-muted">No new trials: {block.search.done}.</span>}
        {(block.trials.pruned ?? 0) > 0 && (
          <Tick label="Pruned too" checked={pruned} onChange={on => view.set({ pruned: on ? '' : '0' })} />
        )}
      </div>
      {answer.isError && !answer.data ? (
        <Failed text={errorText(answer.error)} retry={() => answer.refetch()} />
      ) : tuned && course.isError && !course.data ? (
        <Failed text={errorText(course.error)} retry={() => course.refetch()} />
      ) : !answer.data || (tuned && !seen) ? (
        <SkeletonRows rows={8} />
      ) : measured === 0 ? (
        <Empty icon={Telescope} title="No metric to look at yet">
          <p>
            A search is drawn from the metrics of its trials: they appear here as soon as the first trial reports one.
          </p>
        </Empty>
      ) : (
        <Insight
          detail={detail}
          block={block}
          trials={trials ?? []}
          course={seen}
          rows={rows}
          mode={objective?.mode ?? block.mode}
          measured={measured}
        />
      )}
    </div>
  )
}

function Insight({
  detail,
  block,
  trials,
  course,
  rows,
  mode,
  measured,
}: {
  readonly detail: ExperimentDetail
  readonly block: BlockView
  readonly trials: readonly TrialView[]
  /** Absent for a block without a search and a scheduler. */
  readonly course: CourseView | undefined
  readonly rows: readonly TrialRow[]
  readonly mode: 'min' | 'max'
  readonly measured: number
}) {
  const view = useViewState()
  const router = useRouter()
  const [crosshair] = useState(makeCrosshair)
  const onOpen = (trial: string) => router.push(`/t/${encodeURIComponent(trial)}`)
  const idOf = useCallback((trial: number) => `${detail.id}.${block.id}.${trial}`, [detail.id, block.id])
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
  const reached = course?.rungs?.rungs.some(rung => rung.reached > 0) ?? false
  const population = /^(ray\.)?(PBT|PB2|PopulationBased)/.test(block.search?.scheduler ?? '')
  return (
    <>
      {course?.rungs && reached && <Rungs {...shared} view={course.rungs} idOf={idOf} />}
      {course && population && (
        <Population
          {...shared}
          mode={block.mode}
          trials={trials}
          copies={course.copies}
          about={{ experiment: detail.id, name: detail.name, block: block.id, seed: detail.seed }}
        />
      )}
      {course?.pareto && <Pareto {...shared} view={course.pareto} objectives={course.objectives} idOf={idOf} />}
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
      <div className="grid gap-3 xl:grid-cols-2">
        <Pair {...shared} keys={best} names={names} />
        <Distribution rows={finite} />
      </div>
    </>
  )
}

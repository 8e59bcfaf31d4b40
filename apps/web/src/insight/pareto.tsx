'use client'
/**
 * Several objectives: which trials nobody beats in everything, how the space that they cover grew, and all their values in a
 * table. Dominated trials are faint; those that break a constraint are crosses.
 */
import { hypervolumeHistory } from '@flambe/search/insight'
import Link from 'next/link'
import { useMemo } from 'react'
import type { ParetoView } from '../api/views.ts'
import { countText, plural } from '../format/number.ts'
import { paramText } from '../format/param.ts'
import { Select } from '../ui/field.tsx'
import { Metric } from '../ui/metric.tsx'
import { Panel } from '../ui/panel.tsx'
import { Swatch } from '../ui/swatch.tsx'
import { useViewState } from '../ui/view-state.ts'
import { type Objective, paretoShape } from './pareto-shape.ts'
import { Axes, Hits, PlotPanel, PointedDot, type Shared } from './plot.tsx'
import { frameOf, type Size } from './plots.ts'
import { placeIn, rangeOf, rangeTicks } from './scale.ts'

type Given = Omit<Shared, 'mode' | 'within'> & {
  readonly view: ParetoView
  readonly objectives: readonly Objective[]
  readonly idOf: (trial: number) => string
}

export function Pareto(props: Given) {
  const { view, objectives } = props
  const state = useViewState()
  const at = (key: string, usual: number) => {
    const found = objectives.findIndex(({ name }) => name === state.get(key))
    return found < 0 ? usual : found
  }
  const pair = [at('px', 0), at('py', 1)] as const
  const front = view.points.filter(point => point.front)
  const options = objectives.map(({ name }) => ({ value: name, text: name }))
  return (
    <div className="grid gap-3 xl:grid-cols-[minmax(0,1fr)_20rem]">
      <PlotPanel
        title="Pareto front"
        file="pareto-front"
        note={`${plural(front.length, 'trial')} of ${countText(view.total)} on the front${view.points.length < view.total ? `; ${countText(view.points.length)} are shown` : ''}`}
        height={320}
        actions={
          objectives.length > 2 && (
            <>
              <Select
                label="Across"
                value={objectives[pair[0]]?.name ?? ''}
                onChange={px => state.set({ px })}
                options={options}
              />
              <Select
                label="Upwards"
                value={objectives[pair[1]]?.name ?? ''}
                onChange={py => state.set({ py })}
                options={options}
              />
            </>
          )
        }
      >
        {size => <Drawing {...props} pair={pair} size={size} />}
      </PlotPanel>
      <PlotPanel title="Hypervolume" file="hypervolume" note="of the front, by trial" height={320}>
        {size => <Volume view={view} objectives={objectives} size={size} />}
      </PlotPanel>
      <FrontTable {...props} />
    </div>
  )
}

const arrow = ({ name, mode }: Objective) => `${name} (${mode === 'min' ? 'less' : 'more'} is better)`

function Drawing({
  view,
  objectives,
  idOf,
  pair,
  rows,
  size,
  crosshair,
  onOpen,
}: Given & { readonly pair: readonly [number, number]; readonly size: Size }) {
  const { width, height } = size
  const [across, upwards] = pair
  const shape = useMemo(
    () => paretoShape(view.points, objectives, [across, upwards], idOf, { width, height }),
    [view, objectives, across, upwards, idOf, width, height],
  )
  const { frame } = shape
  const [x, y] = [objectives[across], objectives[upwards]]
  const drawn = useMemo(
    () =>
      shape.dots.map(({ id, x, y, front, feasible }) =>
        feasible ? (
          <circle
            key={id}
            cx={x}
            cy={y}
            r={front ? 4.5 : 3}
            fill={front ? 'var(--accent)' : 'var(--faint)'}
            stroke="var(--surface)"
            strokeWidth={front ? 1.5 : 0}
            opacity={front ? 1 : 0.45}
          />
        ) : (
          <path
            key={id}
            d={`M${x - 3} ${y - 3}l6 6m0 -6l-6 6`}
            stroke="var(--faint)"
            strokeWidth={1.25}
            opacity={0.6}
          />
        ),
      ),
    [shape],
  )
  return (
    <svg width={width} height={height} role="img" aria-label={`${y?.name} by ${x?.name}`}>
      <Axes frame={frame} xs={shape.xs} ys={shape.ys} />
      <text x={frame.left - 7} y={14} fontSize={11} fill="var(--muted)">
        {y && arrow(y)}
      </text>
      <text x={frame.right} y={height - 8} textAnchor="end" fontSize={11} fill="var(--muted)">
        {x && arrow(x)}
      </text>
      <path d={shape.line} fill="none" stroke="var(--accent)" strokeWidth={1.25} opacity={0.75} />
      {drawn}
      <PointedDot dots={shape.dots} rows={rows} frame={frame} crosshair={crosshair} />
      <Hits dots={shape.dots} frame={frame} crosshair={crosshair} onOpen={onOpen} />
    </svg>
  )
}

function Volume({
  view,
  objectives,
  size: { width, height },
}: Pick<Given, 'view' | 'objectives'> & { readonly size: Size }) {
  const history = useMemo(() => {
    const rows = view.points
      .filter(point => point.feasible)
      .map(({ trial, values }) => ({ number: trial, params: {}, metric: values[0] ?? null, metrics: values }))
    return hypervolumeHistory(
      rows,
      objectives.map(({ mode }) => mode),
    )
  }, [view, objectives])
  const frame = frameOf({ width, height }, 52)
  const range = rangeOf([0, ...history.map(({ volume }) => volume)])
  const last = history.at(-1)
  if (range === null || last === undefined) return null
  const numbers = { low: 0.5, high: last.number + 0.5 }
  const x = (number: number) => frame.left + placeIn(numbers, number) * (frame.right - frame.left)
  const y = (volume: number) => frame.bottom - placeIn(range, volume) * (frame.bottom - frame.top)
  const line = history.map(({ number, volume }, i) =>
    i === 0 ? `M${x(number)} ${y(volume)}` : `H${x(number)}V${y(volume)}`,
  )
  return (
    <svg width={width} height={height} role="img" aria-label={`Hypervolume after ${plural(history.length, 'trial')}`}>
      <Axes
        frame={frame}
        xs={rangeTicks(numbers, 4).filter(tick => Number.isInteger(Number(tick.text)))}
        ys={rangeTicks(range, 4)}
      />
      <path d={line.join('')} fill="none" stroke="var(--accent)" strokeWidth={1.75} />
    </svg>
  )
}

function FrontTable({ view, objectives, rows, idOf, crosshair }: Given) {
  const front = useMemo(
    () =>
      view.points
        .filter(point => point.front)
        .sort((a, b) => ((a.values[0] ?? 0) - (b.values[0] ?? 0)) * (objectives[0]?.mode === 'max' ? -1 : 1)),
    [view, objectives],
  )
  const params = new Map(rows.map(row => [row.id, row.params]))
  const keys = [...new Set(rows.flatMap(row => Object.keys(row.params)))].slice(0, 8)
  return (
    <Panel flush title="Trials on the front" note={`best ${objectives[0]?.name} first`} className="xl:col-span-2">
      <div className="max-h-80 overflow-auto" onPointerLeave={() => crosshair.point({ trial: null })}>
        <table aria-label="Trials on the front" className="w-full border-collapse text-xs">
          <thead className="sticky top-0 z-10 bg-surface text-faint">
            <tr className="h-7 shadow-[0_1px_0_var(--line)]">
              <th className="px-3">#</th>
              {objectives.map(objective => (
                <th key={objective.name} title={arrow(objective)} className="px-3 text-right whitespace-nowrap">
                  {objective.name}
                </th>
              ))}
              {keys.map(key => (
                <th key={key} title={key} className="px-3 whitespace-nowrap">
                  {key.slice(key.lastIndexOf('.') + 1)}
                </th>
              ))}
              <th aria-hidden className="w-full" />
            </tr>
          </thead>
          <tbody className="nums">
            {front.map(({ trial, values }) => (
              <tr
                key={trial}
                onPointerEnter={() => crosshair.point({ trial: idOf(trial) })}
                className="relative h-7.5 border-b border-line last:border-b-0 focus-within:bg-hover hover:bg-hover"
              >
                <td className="px-3">
                  <Link
                    href={`/t/${encodeURIComponent(idOf(trial))}`}
                    prefetch={false}
                    onFocus={() => crosshair.point({ trial: idOf(trial) })}
                    className="flex items-center gap-2 font-medium after:absolute after:inset-0"
                  >
                    <Swatch number={trial} />
                    {trial}
                  </Link>
                </td>
                {objectives.map(({ name }, i) => (
                  <td key={name} className="px-3 text-right font-medium">
                    <Metric value={values[i] ?? null} />
                  </td>
                ))}
                {keys.map(key => (
                  <td key={key} className="max-w-60 truncate px-3 text-muted">
                    {paramText(params.get(idOf(trial))?.[key])}
                  </td>
                ))}
                <td aria-hidden />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

'use client'
/**
 * Several objectives: which trials nobody beats in everything, how the space that they cover grew, and all their values in a
 * table. Dominated trials are faint; those that break a constraint are crosses.
 */
import { useMemo } from 'react'
import type { ParetoView } from '../api/views.ts'
import { countText, plural } from '../format/number.ts'
import { Select } from '../ui/field.tsx'
import { useViewState } from '../ui/view-state.ts'
import { FrontTable } from './front-table.tsx'
import { Hypervolume } from './hypervolume.tsx'
import { type Objective, paretoShape, wayOf } from './pareto-shape.ts'
import { Axes, Hits, PlotPanel, PointedDot, type Shared } from './plot.tsx'
import type { Size } from './plots.ts'

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
        {size => <Hypervolume view={view} objectives={objectives} size={size} />}
      </PlotPanel>
      <FrontTable {...props} />
    </div>
  )
}

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
        {y && wayOf(y)}
      </text>
      <text x={frame.right} y={height - 8} textAnchor="end" fontSize={11} fill="var(--muted)">
        {x && wayOf(x)}
      </text>
      <path d={shape.line} fill="none" stroke="var(--accent)" strokeWidth={1.25} opacity={0.75} />
      {drawn}
      <PointedDot dots={shape.dots} rows={rows} frame={frame} crosshair={crosshair} />
      <Hits dots={shape.dots} frame={frame} crosshair={crosshair} onOpen={onOpen} />
    </svg>
  )
}

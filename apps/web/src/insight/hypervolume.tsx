/** How much of the space of objectives the Pareto front covers, after each trial: level where the search no longer finds better. */
import { hypervolumeHistory } from '@flambe/search/insight'
import { useMemo } from 'react'
import type { ParetoView } from '../api/views.ts'
import { plural } from '../format/number.ts'
import type { Objective } from './pareto-shape.ts'
import { Axes } from './plot.tsx'
import { frameOf, type Size } from './plots.ts'
import { placeIn, rangeOf, rangeTicks } from './scale.ts'

export function Hypervolume({
  view,
  objectives,
  size: { width, height },
}: {
  readonly view: ParetoView
  readonly objectives: readonly Objective[]
  readonly size: Size
}) {
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

/**
 * The rungs of a bracket side by side: at each the trials from left to right as they got there, a line where the next one is cut
 * off, and the way of the trial that is pointed at. Its numbers stand in the table of rungs.
 */
import { useMemo } from 'react'
import type { RungView } from '../api/views.ts'
import { Mark } from './outcome.tsx'
import { Axes, Hits, labelOf, PointedLabel, type Shared, usePointed } from './plot.tsx'
import type { Size } from './plots.ts'
import { type RungShape, rungShape } from './rung-shape.ts'

interface Given extends Omit<Shared, 'mode' | 'within'> {
  readonly rungs: readonly RungView[]
  readonly idOf: (trial: number) => string
  readonly size: Size
}

export function RungDrawing({ rungs, rows, size, idOf, crosshair, onOpen }: Given) {
  const { width, height } = size
  const shape = useMemo(() => rungShape(rungs, idOf, { width, height }), [rungs, idOf, width, height])
  const { frame } = shape
  const drawn = useMemo(
    () => (
      <>
        {shape.ways.map(({ id, path }) => (
          <path key={id} d={path} fill="none" stroke="var(--line-strong)" strokeWidth={1} opacity={0.6} />
        ))}
        {shape.dots.map(dot => (
          <Mark key={`${dot.id} ${dot.column}`} outcome={dot.outcome} x={dot.x} y={dot.y} />
        ))}
      </>
    ),
    [shape],
  )
  return (
    <svg width={width} height={height} role="img" aria-label={`Metric of trials at ${rungs.length} rungs`}>
      <Axes frame={frame} xs={[]} ys={shape.ys} />
      {shape.columns.map(({ step, left, right, title, count, cut }, i) => (
        <g key={step} className="nums" fontSize={11}>
          {i > 0 && <line x1={left} x2={left} y1={frame.top} y2={frame.bottom} stroke="var(--line)" />}
          <text x={(left + right) / 2} y={frame.bottom + 16} textAnchor="middle" fill="var(--ink)" fontWeight={600}>
            {title}
          </text>
          <text x={(left + right) / 2} y={frame.bottom + 30} textAnchor="middle" fill="var(--faint)">
            {count}
          </text>
          {cut !== null && (
            <line
              x1={left + 3}
              x2={right - 3}
              y1={cut}
              y2={cut}
              stroke="var(--accent)"
              strokeWidth={1.5}
              strokeDasharray="5 3"
            />
          )}
        </g>
      ))}
      {drawn}
      <PointedWay shape={shape} rows={rows} crosshair={crosshair} />
      <Hits dots={shape.dots} frame={frame} crosshair={crosshair} onOpen={onOpen} />
    </svg>
  )
}

/** The trial that is pointed at, over all its rungs. */
function PointedWay({ shape, rows, crosshair }: Pick<Given, 'rows' | 'crosshair'> & { readonly shape: RungShape }) {
  const trial = usePointed(crosshair)
  const own = trial === null ? [] : shape.dots.filter(dot => dot.id === trial)
  const last = own.at(-1)
  if (!last) return null
  const left = last.x > (shape.frame.left + shape.frame.right) / 2
  const way = shape.ways.find(({ id }) => id === trial)
  return (
    <g pointerEvents="none">
      {way && <path d={way.path} fill="none" stroke="var(--ink)" strokeWidth={1.5} />}
      {own.map(dot => (
        <g key={dot.column}>
          <circle cx={dot.x} cy={dot.y} r={7} fill="var(--surface)" stroke="var(--ink)" strokeWidth={1.25} />
          <Mark outcome={dot.outcome} x={dot.x} y={dot.y} />
        </g>
      ))}
      <PointedLabel
        x={last.x + (left ? -12 : 12)}
        y={Math.max(shape.frame.top + 10, last.y - 7)}
        textAnchor={left ? 'end' : 'start'}
      >
        {labelOf(rows, trial) || `#${last.number}`}
      </PointedLabel>
    </g>
  )
}

'use client'
/**
 * Every trial as a line over its parameters and the metric. Dragging along an axis (or arrow keys on it) chooses a range; the
 * table below shows the trials within all ranges. The URL holds the ranges.
 */
import { useMemo } from 'react'
import { trialColor } from '../chart/color.ts'
import type { Crosshair } from '../chart/crosshair.ts'
import { Button } from '../ui/button.tsx'
import { type Brush, withSpan } from './brush.ts'
import { AxisHandle } from './parallel-axis.tsx'
import { labelOf, PlotPanel, PointedLabel, type Shared, usePointed } from './plot.tsx'
import { METRIC, type ParallelLine, type ParallelShape, parallelShape, type Size } from './plots.ts'

interface Brushing {
  readonly names: ReadonlyMap<string, string>
  readonly order: readonly string[]
  readonly brush: Brush
  readonly onBrush: (brush: Brush) => void
}

export function Parallel(props: Shared & Brushing) {
  return (
    <PlotPanel
      title="Parallel coordinates"
      file="parallel-coordinates"
      note={
        props.brush.size === 0
          ? 'drag along an axis to choose a range'
          : `${props.within?.size ?? 0} within ${props.brush.size === 1 ? 'the range' : 'all ranges'}`
      }
      height={320}
      least={90 * (props.order.length + 1)}
      actions={
        props.brush.size > 0 && (
          <Button look="ghost" onClick={() => props.onBrush(new Map())}>
            Clear ranges
          </Button>
        )
      }
    >
      {size => <Drawing {...props} size={size} />}
    </PlotPanel>
  )
}

function Drawing({
  rows,
  mode,
  crosshair,
  onOpen,
  names,
  order,
  brush,
  onBrush,
  within,
  size,
}: Shared & Brushing & { readonly size: Size }) {
  const { width, height } = size
  const shape = useMemo(() => parallelShape(rows, order, mode, { width, height }), [rows, order, mode, width, height])
  const lines = useMemo(
    () => (
      <g fill="none">
        {[...shape.lines]
          .sort((a, b) => Number(isWithin(within, a.id)) - Number(isWithin(within, b.id)))
          .map(line => (
            <Line key={line.id} line={line} within={isWithin(within, line.id)} many={shape.lines.length > 300} />
          ))}
      </g>
    ),
    [shape, within],
  )
  const point = (event: React.PointerEvent | React.MouseEvent) => {
    const target = (event.target as Element).closest<SVGPathElement>('[data-trial]')
    return target?.dataset.trial ?? null
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a drawing with handles in it is no fieldset
    <svg
      width={width}
      height={height}
      role="group"
      aria-label="Parallel coordinates"
      onPointerMove={event => crosshair.point({ trial: point(event) })}
      onPointerLeave={() => crosshair.point({ trial: null })}
      onClick={event => {
        const trial = point(event)
        if (trial) onOpen(trial)
      }}
      onKeyDown={() => {}}
    >
      {lines}
      <PointedLine shape={shape} rows={rows} crosshair={crosshair} />
      {shape.axes.map((axis, i) => (
        <AxisHandle
          key={axis.name}
          axis={axis}
          shape={shape}
          name={axis.name === METRIC ? 'metric' : (names.get(axis.name) ?? axis.name)}
          room={shape.axes.length < 2 ? 200 : (shape.frame.right - shape.frame.left) / (shape.axes.length - 1)}
          last={i === shape.axes.length - 1}
          span={brush.get(axis.name)}
          onSpan={span => onBrush(withSpan(brush, axis.name, span))}
        />
      ))}
    </svg>
  )
}

function isWithin(within: ReadonlySet<string> | null, id: string): boolean {
  return within === null || within.has(id)
}

function Line({
  line,
  within,
  many,
}: {
  readonly line: ParallelLine
  readonly within: boolean
  readonly many: boolean
}) {
  return (
    <>
      <path
        d={line.path}
        stroke={
          within ? `color-mix(in oklab, var(--accent) ${Math.round(100 * line.good)}%, var(--trial-9))` : 'var(--line)'
        }
        strokeOpacity={within ? (many ? 0.35 : 0.6) + 0.4 * line.good ** 4 : 0.8}
        strokeWidth={within ? 1 + 0.75 * line.good ** 4 : 1}
      />
      {/* A wider line that nobody sees, so that it can be hit. */}
      <path d={line.path} data-trial={line.id} stroke="transparent" strokeWidth={7} className="cursor-pointer" />
    </>
  )
}

function PointedLine({
  shape,
  rows,
  crosshair,
}: Pick<Shared, 'rows'> & { readonly shape: ParallelShape; readonly crosshair: Crosshair }) {
  const trial = usePointed(crosshair)
  const line = trial === null ? undefined : shape.lines.find(one => one.id === trial)
  if (!line) return null
  return (
    <g pointerEvents="none">
      <path d={line.path} fill="none" stroke={trialColor(line.number)} strokeWidth={3} />
      <PointedLabel x={(shape.frame.left + shape.frame.right) / 2} y={shape.frame.height - 1} textAnchor="middle">
        {labelOf(rows, trial)}
      </PointedLabel>
    </g>
  )
}

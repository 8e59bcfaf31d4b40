'use client'
/** One small plot a parameter: its values against the metric. */
import type { Axis } from '@flambe/search/insight'
import { useMemo } from 'react'
import { Axes, Dots, PlotPanel, type Shared } from './plot.tsx'
import { type Size, sliceShape } from './plots.ts'

export function Slice({ axis, name, ...shared }: Shared & { readonly axis: Axis; readonly name: string }) {
  return (
    <PlotPanel
      title={<span title={axis.name}>{name}</span>}
      file={name}
      note={axis.kind === 'number' && axis.log ? 'log' : ''}
      height={180}
    >
      {size => <Drawing {...shared} axis={axis} size={size} name={name} />}
    </PlotPanel>
  )
}

function Drawing({
  rows,
  axis,
  size,
  name,
  within,
  crosshair,
  onOpen,
}: Shared & { readonly axis: Axis; readonly size: Size; readonly name: string }) {
  const { width, height } = size
  const shape = useMemo(() => sliceShape(rows, axis, { width, height }), [rows, axis, width, height])
  return (
    <svg width={width} height={height} role="img" aria-label={`Metric by ${name}`}>
      <Axes frame={shape.frame} xs={shape.xs} ys={shape.ys} />
      <Dots dots={shape.dots} frame={shape.frame} rows={rows} within={within} crosshair={crosshair} onOpen={onOpen} />
    </svg>
  )
}

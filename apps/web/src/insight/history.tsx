'use client'
/** Trials in their order, and the best value so far as a line: how the search went. Crosses are trials without a metric. */
import { useMemo } from 'react'
import { plural } from '../format/number.ts'
import { Axes, Dots, PlotPanel, type Shared } from './plot.tsx'
import { historyShape, type Size } from './plots.ts'

export function History(props: Shared) {
  return (
    <PlotPanel
      title="History"
      file="history"
      note={`line: ${props.mode === 'max' ? 'largest' : 'smallest'} metric so far`}
      height={240}
    >
      {size => <Drawing {...props} size={size} />}
    </PlotPanel>
  )
}

function Drawing({ rows, mode, within, size, crosshair, onOpen }: Shared & { readonly size: Size }) {
  const { width, height } = size
  const shape = useMemo(() => historyShape(rows, mode, { width, height }), [rows, mode, width, height])
  const { frame } = shape
  return (
    <svg width={width} height={height} role="img" aria-label={`History of ${plural(rows.length, 'trial')}`}>
      <Axes frame={frame} xs={shape.xs} ys={shape.ys} />
      {shape.lost.map(({ id, x, state }) => (
        <path
          key={id}
          d={`M${x - 2.5} ${frame.bottom - 6}l5 5m0 -5l-5 5`}
          stroke={state === 'failure' ? 'var(--state-failure)' : 'var(--line-strong)'}
          strokeWidth={1.25}
        />
      ))}
      <path d={shape.best} fill="none" stroke="var(--ink)" strokeWidth={1.5} strokeOpacity={0.8} />
      <Dots dots={shape.dots} frame={frame} rows={rows} within={within} crosshair={crosshair} onOpen={onOpen} />
    </svg>
  )
}

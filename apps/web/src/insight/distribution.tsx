'use client'
/** Which share of the trials is at or below each metric (EDF): whether a search finds good points often or by luck. */
import { edf } from '@flambe/search/insight'
import { useMemo } from 'react'
import { plural } from '../format/number.ts'
import { Axes, PlotPanel } from './plot.tsx'
import { frameOf, type Size } from './plots.ts'
import { placeIn, rangeOf, rangeTicks } from './scale.ts'
import type { TrialRow } from './trial-rows.ts'

export function Distribution({ rows }: { readonly rows: readonly TrialRow[] }) {
  return (
    <PlotPanel title="Distribution" file="distribution" note="share of the trials at or below a metric" height={320}>
      {size => <Drawing rows={rows} size={size} />}
    </PlotPanel>
  )
}

function Drawing({ rows, size: { width, height } }: { readonly rows: readonly TrialRow[]; readonly size: Size }) {
  const plot = useMemo(() => edf({ all: rows }, 200), [rows])
  const frame = frameOf({ width, height }, 44)
  const range = rangeOf(plot.metrics)
  const shares = plot.sets[0]?.shares ?? []
  if (range === null) return null
  const x = (metric: number) => frame.left + placeIn(range, metric) * (frame.right - frame.left)
  const y = (share: number) => frame.bottom - share * 0.97 * (frame.bottom - frame.top)
  const [first = range.low] = plot.metrics
  const line = plot.metrics.map((metric, i) => `H${x(metric)}V${y(shares[i] ?? 0)}`).join('')
  return (
    <svg
      width={width}
      height={height}
      role="img"
      aria-label={`Distribution of the metric over ${plural(rows.filter(row => row.metric !== null).length, 'trial')}`}
    >
      <Axes
        frame={frame}
        xs={rangeTicks(range, Math.max(2, width / 90))}
        ys={[0, 0.25, 0.5, 0.75, 1].map(share => ({ place: 0.97 * share, text: `${100 * share} %` }))}
      />
      <path
        d={`M${x(first)} ${frame.bottom}${line}H${frame.right}`}
        fill="none"
        stroke="var(--accent)"
        strokeWidth={1.75}
      />
    </svg>
  )
}

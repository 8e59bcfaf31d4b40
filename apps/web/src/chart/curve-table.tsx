'use client'
/** The table twin of a chart: one row a step, one column a curve; only what is in view is drawn. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useMemo, useRef } from 'react'
import { metricText } from '../format/number.ts'
import { type Curve, joinBySteps } from './series.ts'

const ROW = 24
const COLUMNS = 30

export function CurveTable({ curves }: { readonly curves: readonly Curve[] }) {
  const scroller = useRef<HTMLDivElement>(null)
  const shown = curves.slice(0, COLUMNS)
  const rows = useMemo(() => joinBySteps(curves.slice(0, COLUMNS)), [curves])
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  })
  const width = 72 + shown.length * 96
  return (
    <section
      ref={scroller}
      aria-label="Numbers of the chart"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
      tabIndex={0}
      className="absolute inset-0 overflow-auto bg-surface text-2xs"
    >
      <div style={{ width, height: virtual.getTotalSize() + ROW }} className="nums relative">
        <div className="sticky top-0 z-10 flex border-b border-line bg-surface text-faint" style={{ height: ROW }}>
          <span className="sticky left-0 w-18 bg-surface px-3 leading-6">step</span>
          {shown.map(curve => (
            <span key={curve.id} title={curve.label} className="w-24 truncate px-1 text-right leading-6">
              {curve.label}
            </span>
          ))}
        </div>
        {virtual.getVirtualItems().map(item => (
          <div
            key={item.key}
            className="absolute inset-x-0 top-0 flex"
            style={{ height: ROW, transform: `translateY(${item.start + ROW}px)` }}
          >
            <span className="sticky left-0 w-18 bg-surface px-3 leading-6 text-faint">{rows[item.index]?.step}</span>
            {rows[item.index]?.values.map((value, i) => (
              <span key={shown[i]?.id} className="w-24 px-1 text-right leading-6">
                {value === null ? '' : metricText(value)}
              </span>
            ))}
          </div>
        ))}
      </div>
    </section>
  )
}

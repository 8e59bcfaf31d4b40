'use client'
/** One axis of the parallel coordinates, and the range on it: dragged with the pointer, or moved with arrow keys. */
import { useRef, useState } from 'react'
import { type Span, spanByKey, spanOf } from './brush.ts'
import { METRIC, type ParallelAxis, type ParallelShape } from './plots.ts'

export function AxisHandle({
  axis,
  shape,
  name,
  room,
  last,
  span,
  onSpan,
}: {
  readonly axis: ParallelAxis
  readonly shape: ParallelShape
  readonly name: string
  readonly room: number
  readonly last: boolean
  readonly span: Span | undefined
  readonly onSpan: (span: Span | null) => void
}) {
  const { top, bottom } = shape.frame
  const [draft, setDraft] = useState<Span | null>(null)
  const began = useRef<number | null>(null)
  const place = (event: React.PointerEvent) => {
    const area = (event.currentTarget.closest('svg') as SVGSVGElement).getBoundingClientRect()
    return Math.min(1, Math.max(0, (bottom - (event.clientY - area.top)) / (bottom - top)))
  }
  const shown = draft ?? span
  const y = (at: number) => bottom - at * (bottom - top)
  const letters = Math.max(4, Math.floor((room - 12) / 6.6))
  return (
    <g
      role="slider"
      tabIndex={0}
      aria-label={`Range of ${name}`}
      aria-orientation="vertical"
      aria-valuemin={0}
      aria-valuemax={1}
      aria-valuenow={shown ? Number(((shown.from + shown.to) / 2).toFixed(2)) : 0.5}
      aria-valuetext={
        shown ? `from ${Math.round(100 * shown.from)} % to ${Math.round(100 * shown.to)} % of the axis` : 'all'
      }
      className="focus-visible:outline-offset-2"
      onKeyDown={event => {
        const next = spanByKey(span, event.key, event.shiftKey)
        if (next === undefined) return
        event.preventDefault()
        onSpan(next)
      }}
    >
      <title>{axis.name === METRIC ? 'the metric' : axis.name}</title>
      <text
        x={axis.x}
        y={16}
        textAnchor={last ? 'end' : 'middle'}
        dx={last ? 24 : 0}
        fontSize={11}
        fontWeight={600}
        fill="var(--ink)"
      >
        {name.length > letters ? `${name.slice(0, letters - 1)}…` : name}
      </text>
      <line x1={axis.x} x2={axis.x} y1={top} y2={bottom} stroke="var(--line-strong)" />
      <g
        aria-hidden
        className="nums"
        fontSize={10}
        fill="var(--muted)"
        stroke="var(--surface)"
        strokeWidth={3}
        paintOrder="stroke"
      >
        {axis.ticks.map(tick => (
          <text
            key={tick.text}
            x={axis.x + (last ? 7 : -7)}
            y={y(tick.place) + 3.5}
            textAnchor={last ? 'start' : 'end'}
            pointerEvents="none"
          >
            {tick.text.length > 10 ? `${tick.text.slice(0, 9)}…` : tick.text}
          </text>
        ))}
      </g>
      {shown && (
        <rect
          x={axis.x - 6}
          y={y(shown.to)}
          width={12}
          height={Math.max(1, y(shown.from) - y(shown.to))}
          rx={2}
          fill="var(--accent)"
          fillOpacity={0.22}
          stroke="var(--accent)"
        />
      )}
      <rect
        x={axis.x - 14}
        y={top - 6}
        width={28}
        height={bottom - top + 12}
        fill="transparent"
        className="cursor-ns-resize touch-none"
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId)
          began.current = place(event)
        }}
        onPointerMove={event => {
          if (began.current !== null) setDraft(spanOf(began.current, place(event)))
        }}
        onPointerUp={event => {
          if (began.current === null) return
          // A click without a drag takes the range away.
          onSpan(spanOf(began.current, place(event)))
          began.current = null
          setDraft(null)
        }}
        onPointerCancel={() => {
          began.current = null
          setDraft(null)
        }}
      />
    </g>
  )
}

'use client'
/**
 * What the insight plots share: a panel with its size, axes, the trial that is pointed at (in all plots at once, over the
 * crosshair), and the picture as a file.
 */
import { Download } from 'lucide-react'
import { type ReactNode, type SVGProps, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { trialColor } from '../chart/color.ts'
import type { Crosshair } from '../chart/crosshair.ts'
import { metricText } from '../format/number.ts'
import { columnNames, paramText } from '../format/param.ts'
import { IconButton } from '../ui/button.tsx'
import { Panel } from '../ui/panel.tsx'
import type { Dot, Frame, Size } from './plots.ts'
import { saveSvg } from './save-svg.ts'
import type { Tick } from './scale.ts'
import type { TrialRow } from './trial-rows.ts'

/** How near, in px, the pointer has to come to a dot. */
const NEAR = 18

export interface Shared {
  readonly rows: readonly TrialRow[]
  readonly mode: 'min' | 'max'
  /** Ids of the trials within the chosen ranges; null where none is chosen. Others are drawn faintly. */
  readonly within: ReadonlySet<string> | null
  readonly crosshair: Crosshair
  readonly onOpen: (trial: string) => void
}

export function PlotPanel({
  title,
  file,
  note,
  height,
  least = 0,
  actions,
  below,
  children,
}: {
  readonly title: ReactNode
  /** Name of the saved picture. */
  readonly file: string
  readonly note?: ReactNode
  readonly height: number
  /** Narrower than this it scrolls, px. */
  readonly least?: number
  readonly actions?: ReactNode
  /** What belongs to the drawing: a legend, its table. */
  readonly below?: ReactNode
  readonly children: (size: Size) => ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (!box.current) return
    const observer = new ResizeObserver(entries => setWidth(Math.floor(entries[0]?.contentRect.width ?? 0)))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  return (
    <Panel
      flush
      title={title}
      note={note}
      actions={
        <>
          {actions}
          <IconButton
            label="Save as SVG"
            icon={Download}
            className="size-6"
            onClick={() => saveSvg(box.current?.querySelector('svg') ?? null, file)}
          />
        </>
      }
    >
      <div ref={box} data-freeze className="relative overflow-x-auto overflow-y-hidden" style={{ height }}>
        {width > 0 && children({ width: Math.max(width, least), height })}
      </div>
      {below}
    </Panel>
  )
}

export function Axes({
  frame,
  xs,
  ys,
}: {
  readonly frame: Frame
  readonly xs: readonly Tick[]
  readonly ys: readonly Tick[]
}) {
  return (
    <g aria-hidden className="nums" fontSize={11} fill="var(--faint)">
      {ys.map(({ place, text }) => {
        const y = frame.bottom - place * (frame.bottom - frame.top)
        return (
          <g key={text}>
            <line x1={frame.left} x2={frame.right} y1={y} y2={y} stroke="var(--line)" />
            <text x={frame.left - 7} y={y + 3.5} textAnchor="end">
              {text}
            </text>
          </g>
        )
      })}
      {xs.map(({ place, text }) => (
        <text key={text} x={frame.left + place * (frame.right - frame.left)} y={frame.bottom + 16} textAnchor="middle">
          {text.length > 12 ? `${text.slice(0, 11)}…` : text}
        </text>
      ))}
    </g>
  )
}

/** Dots of trials in their colours; the pointer finds the nearest, a click opens it. Only the pointed-at dot is drawn anew. */
export function Dots({
  dots,
  frame,
  rows,
  within,
  crosshair,
  onOpen,
}: Omit<Shared, 'mode'> & { readonly dots: readonly Dot[]; readonly frame: Frame }) {
  const drawn = useMemo(
    () =>
      dots.map(({ id, number, x, y, open }) => (
        <circle
          key={id}
          cx={x}
          cy={y}
          r={3}
          fill={open ? 'var(--surface)' : trialColor(number)}
          stroke={trialColor(number)}
          strokeWidth={open ? 1.5 : 0}
          opacity={within === null || within.has(id) ? 0.85 : 0.12}
        />
      )),
    [dots, within],
  )
  return (
    <>
      {drawn}
      <PointedDot dots={dots} rows={rows} frame={frame} crosshair={crosshair} />
      <Hits dots={dots} frame={frame} crosshair={crosshair} onOpen={onOpen} />
    </>
  )
}

/** What feels the pointer: the nearest dot is pointed at, a click opens its trial. Lies over everything that is drawn. */
export function Hits({
  dots,
  frame,
  crosshair,
  onOpen,
}: Pick<Shared, 'crosshair' | 'onOpen'> & {
  readonly dots: readonly Pick<Dot, 'id' | 'x' | 'y'>[]
  readonly frame: Frame
}) {
  const nearest = (event: React.PointerEvent | React.MouseEvent): Pick<Dot, 'id'> | null => {
    const area = (event.currentTarget as Element).getBoundingClientRect()
    const x = event.clientX - area.left + frame.left
    const y = event.clientY - area.top + frame.top
    let best: Pick<Dot, 'id'> | null = null
    let least = NEAR ** 2
    for (const dot of dots) {
      const distance = (dot.x - x) ** 2 + (dot.y - y) ** 2
      if (distance < least) {
        least = distance
        best = dot
      }
    }
    return best
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the table below leads to the same trials by keyboard
    <rect
      x={frame.left}
      y={frame.top}
      width={Math.max(0, frame.right - frame.left)}
      height={Math.max(0, frame.bottom - frame.top)}
      fill="transparent"
      className="cursor-pointer"
      onPointerMove={event => crosshair.point({ trial: nearest(event)?.id ?? null })}
      onPointerLeave={() => crosshair.point({ trial: null })}
      onClick={event => {
        const dot = nearest(event)
        if (dot) onOpen(dot.id)
      }}
    />
  )
}

export function PointedDot({
  dots,
  rows,
  frame,
  crosshair,
}: Pick<Shared, 'rows' | 'crosshair'> & { readonly dots: readonly Dot[]; readonly frame: Frame }) {
  const trial = usePointed(crosshair)
  const dot = trial === null ? undefined : dots.find(one => one.id === trial)
  if (!dot) return null
  const left = dot.x > (frame.left + frame.right) / 2
  return (
    <g pointerEvents="none">
      <circle cx={dot.x} cy={dot.y} r={5.5} fill={trialColor(dot.number)} stroke="var(--surface)" strokeWidth={2} />
      <PointedLabel
        x={dot.x + (left ? -10 : 10)}
        y={Math.max(frame.top + 10, dot.y - 6)}
        textAnchor={left ? 'end' : 'start'}
      >
        {labelOf(rows, trial)}
      </PointedLabel>
    </g>
  )
}

/** Words that stay readable over lines and dots. */
export function PointedLabel(props: SVGProps<SVGTextElement>) {
  return (
    <text
      fontSize={11}
      fontWeight={600}
      fill="var(--ink)"
      stroke="var(--surface)"
      strokeWidth={3}
      paintOrder="stroke"
      {...props}
    />
  )
}

/** Id of the trial that is pointed at, wherever. */
export function usePointed(crosshair: Crosshair): string | null {
  return useSyncExternalStore(
    crosshair.subscribe,
    () => crosshair.pointed.trial,
    () => null,
  )
}

/** `#12  0.9298  lr 0.01 depth 4` */
export function labelOf(rows: readonly TrialRow[], trial: string | null): string {
  const row = rows.find(one => one.id === trial)
  if (!row) return ''
  const keys = Object.keys(row.params)
  const names = columnNames(keys)
  const params = keys.slice(0, 4).map(key => `${names.get(key)} ${paramText(row.params[key])}`)
  return [`#${row.number}`, metricText(row.metric), ...params].join('  ').slice(0, 80)
}

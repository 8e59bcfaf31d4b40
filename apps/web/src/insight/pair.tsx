'use client'
/** Two options against each other: the metric between the trials (contour), or who stands where among all (rank). */
import { type Axis, contour, rankPlot } from '@flambe/search/insight'
import { useMemo } from 'react'
import { metricText } from '../format/number.ts'
import { Segments } from '../ui/button.tsx'
import { Select } from '../ui/field.tsx'
import { useViewState } from '../ui/view-state.ts'
import { Axes, Hits, PlotPanel, PointedDot, type Shared } from './plot.tsx'
import { frameOf, type Size } from './plots.ts'
import { axisTicks, type Tick } from './scale.ts'

const CELLS = 24

interface Two {
  readonly pair: readonly [string, string]
  readonly kind: 'contour' | 'rank'
}

/** `keys`: what matters most first. Nothing for fewer than two options. */
export function Pair({
  keys,
  names,
  ...shared
}: Shared & { readonly keys: readonly string[]; readonly names: ReadonlyMap<string, string> }) {
  const state = useViewState()
  const [first, second] = keys
  if (first === undefined || second === undefined) return null
  const chosen = (key: string, usual: string) => (keys.includes(state.get(key)) ? state.get(key) : usual)
  const x = chosen('cx', first)
  const y = chosen('cy', x === second ? first : second)
  const kind = state.get('pair') === 'rank' ? 'rank' : 'contour'
  const options = keys.map(key => ({ value: key, text: names.get(key) ?? key }))
  return (
    <PlotPanel
      title={kind === 'rank' ? 'Rank' : 'Contour'}
      file={kind}
      note={kind === 'rank' ? 'each trial by its place among all' : 'the metric, estimated between the trials'}
      height={320}
      actions={
        <>
          <Segments
            label="Kind of plot"
            value={kind}
            options={[
              { value: 'contour', text: 'Contour' },
              { value: 'rank', text: 'Rank' },
            ]}
            onChange={value => state.set({ pair: value === 'rank' ? 'rank' : '' })}
          />
          <Select label="Across" value={x} options={options} onChange={cx => state.set({ cx })} />
          <Select label="Upwards" value={y} options={options} onChange={cy => state.set({ cy })} />
        </>
      }
      below={<Scale kind={kind} mode={shared.mode} />}
    >
      {size => <Drawing {...shared} pair={[x, y]} kind={kind} size={size} />}
    </PlotPanel>
  )
}

/** From what is worst to what is best, in one hue: `good` is 0..1. */
const shade = (good: number) => `color-mix(in oklab, var(--accent) ${Math.round(100 * good)}%, var(--sunken))`

function Drawing({
  rows,
  mode,
  within,
  crosshair,
  onOpen,
  pair: [first, second],
  kind,
  size: { width, height },
}: Shared & Two & { readonly size: Size }) {
  const frame = useMemo(() => frameOf({ width, height }, 76), [width, height])
  const plot = useMemo(
    () => (kind === 'rank' ? rankPlot(rows, [first, second], mode) : contour(rows, [first, second], undefined, CELLS)),
    [rows, first, second, mode, kind],
  )
  const at = (u: number, v: number) => ({
    x: Math.round(frame.left + middle(plot.x, u) * (frame.right - frame.left)),
    y: Math.round(frame.bottom - middle(plot.y, v) * (frame.bottom - frame.top)),
  })
  const ids = new Map(rows.map(row => [row.number, row.id]))
  const dots = plot.points.map(point => ({
    id: ids.get(point.number) ?? '',
    number: point.number,
    open: false,
    ...at(point.x, point.y),
  }))
  const ranks = new Map('cells' in plot ? [] : plot.points.map(point => [point.number, point.rank] as const))
  const cells = 'cells' in plot ? plot.cells : []
  const ticks = (axis: Axis, room: number) =>
    some(
      axis,
      axisTicks(
        axis,
        Math.max(2, room / 80),
        rows.map(row => row.params[axis.name]),
      ),
      Math.max(2, Math.floor(room / (axis === plot.x ? 80 : 18))),
    )
  return (
    <svg width={width} height={height} role="img" aria-label={`Metric by ${first} and ${second}`}>
      <Axes frame={frame} xs={ticks(plot.x, frame.right - frame.left)} ys={ticks(plot.y, frame.bottom - frame.top)} />
      <Cells cells={cells} mode={mode} frame={frame} />
      {dots.map(({ id, number, x, y }) => (
        <circle
          key={id}
          cx={x}
          cy={y}
          r={kind === 'rank' ? 4.5 : 3}
          fill={kind === 'rank' ? shade(1 - (ranks.get(number) ?? 0)) : 'var(--surface)'}
          stroke="var(--ink)"
          strokeWidth={kind === 'rank' ? 0.75 : 1.25}
          opacity={within === null || within.has(id) ? 1 : 0.25}
        />
      ))}
      <PointedDot dots={dots} rows={rows} frame={frame} crosshair={crosshair} />
      <Hits dots={dots} frame={frame} crosshair={crosshair} onOpen={onOpen} />
    </svg>
  )
}

/** Where a place on an axis lies among the cells: the ends of a range are the middles of its first and last cell. */
const middle = (axis: Axis, place: number) => (axis.kind === 'choice' ? place : (place * (CELLS - 1) + 0.5) / CELLS)

/** At most so many words. */
function some(axis: Axis, ticks: readonly Tick[], most: number): readonly Tick[] {
  const every = Math.ceil(ticks.length / most)
  return ticks.filter((_, i) => i % every === 0).map(tick => ({ ...tick, place: middle(axis, tick.place) }))
}

function Cells({
  cells,
  mode,
  frame,
}: {
  readonly cells: readonly (readonly number[])[]
  readonly mode: 'min' | 'max'
  readonly frame: ReturnType<typeof frameOf>
}) {
  const all = cells.flat()
  const low = Math.min(...all)
  const span = Math.max(...all) - low
  const columns = cells[0]?.length ?? 0
  const [width, height] = [(frame.right - frame.left) / columns, (frame.bottom - frame.top) / cells.length]
  return cells.flatMap((row, v) =>
    row.map((value, u) => {
      const share = span > 0 ? (value - low) / span : 0.5
      const x = frame.left + u * width
      const y = frame.bottom - (v + 1) * height
      return (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
          key={`${u} ${v}`}
          x={x}
          y={y}
          width={width + 0.5}
          height={height + 0.5}
          fill={shade(0.85 * (mode === 'max' ? share : 1 - share))}
        >
          <title>{metricText(value)}</title>
        </rect>
      )
    }),
  )
}

function Scale({ kind, mode }: { readonly kind: Two['kind']; readonly mode: 'min' | 'max' }) {
  const ends = kind === 'rank' ? ['worst', 'best'] : mode === 'max' ? ['least', 'most'] : ['most', 'least']
  return (
    <p className="flex items-center gap-2 border-t border-line px-3 py-1.5 text-xs text-muted">
      {ends[0]}
      <span
        aria-hidden
        className="h-2 w-32 rounded-full border border-line"
        style={{ background: `linear-gradient(90deg, ${shade(0)}, ${shade(kind === 'rank' ? 1 : 0.85)})` }}
      />
      {ends[1]}
    </p>
  )
}

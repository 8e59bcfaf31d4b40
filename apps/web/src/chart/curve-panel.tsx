'use client'
/** One tag: its curves, a readout at the pointer, the same numbers as a table, and PNG and CSV to take away. */
import { Download, LineChart, Maximize2, Minimize2, Table2 } from 'lucide-react'
import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react'
import { metricFull, metricText, shortNumber } from '../format/number.ts'
import { useLook } from '../shell/theme.tsx'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { trialColor } from './color.ts'
import type { Crosshair } from './crosshair.ts'
import { type CurveChart, makeCurveChart, stepAt } from './curve-chart.ts'
import { CurveTable } from './curve-table.tsx'
import { csv, saveText, saveUrl } from './save.ts'
import { type Curve, joinBySteps } from './series.ts'

const READOUT = 8

export function CurvePanel({
  tag,
  note,
  curves,
  smoothing,
  log,
  crosshair,
  wide,
  onWide,
  onOpen,
}: {
  readonly tag: string
  /** "10 of 412 shown" */
  readonly note: string
  readonly curves: readonly Curve[]
  readonly smoothing: number
  readonly log: boolean
  readonly crosshair: Crosshair
  readonly wide: boolean
  readonly onWide?: (() => void) | undefined
  readonly onOpen?: ((trial: string) => void) | undefined
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const chart = useRef<CurveChart>(null)
  const pointer = useRef<number | null>(null)
  const [table, setTable] = useState(false)
  const look = useLook()

  useEffect(() => {
    if (!canvas.current) return
    const made = makeCurveChart(canvas.current, crosshair)
    chart.current = made
    return () => {
      chart.current = null
      made.destroy()
    }
  }, [crosshair])

  useEffect(() => {
    chart.current?.update(curves, { smoothing, log, look })
  }, [curves, smoothing, log, look])

  const move = (event: React.PointerEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const step = stepAt(event.currentTarget, event.clientX - box.left)
    pointer.current = event.clientY - box.top
    const nearest = step === null ? undefined : chart.current?.hits(step, pointer.current)[0]
    const near = nearest && (nearest.distance ?? 99) < 24 ? nearest.curve.id : null
    crosshair.point({ step: nearest && step !== null ? nearest.step : step, trial: near })
  }
  const leave = () => {
    pointer.current = null
    crosshair.point({ step: null, trial: null })
  }
  const exportCsv = () => {
    const rows = joinBySteps(curves)
    saveText(
      `${tag}.csv`,
      csv([['step', ...curves.map(curve => curve.label)], ...rows.map(row => [row.step, ...row.values])]),
      'text/csv',
    )
  }

  return (
    <section
      aria-label={`Curves of ${tag}`}
      className={cx('group/panel relative min-w-0 rounded-lg border border-line bg-surface', wide && 'col-span-full')}
    >
      <header className="flex h-8 items-center gap-2 px-3">
        <h3 title={tag} className="truncate text-xs font-semibold">
          {tag}
        </h3>
        <span className="nums shrink-0 text-2xs text-faint">{note}</span>
        <div className="absolute top-0.5 right-0.5 flex rounded-md bg-surface p-0.5 opacity-0 transition-opacity group-hover/panel:opacity-100 focus-within:opacity-100 has-data-[state=open]:opacity-100 pointer-coarse:static pointer-coarse:ml-auto pointer-coarse:opacity-100">
          <IconButton
            label={table ? 'Chart' : 'Table of these numbers'}
            icon={table ? LineChart : Table2}
            pressed={table}
            className="size-6"
            onClick={() => setTable(!table)}
          />
          <Menu trigger={<IconButton label={`Save ${tag}`} icon={Download} className="size-6" />}>
            <MenuItem onSelect={() => chart.current && saveUrl(`${tag}.png`, chart.current.image())}>
              Picture (PNG)
            </MenuItem>
            <MenuItem onSelect={exportCsv}>Numbers (CSV)</MenuItem>
          </Menu>
          {onWide && (
            <IconButton
              label={wide ? 'Smaller' : 'Larger'}
              icon={wide ? Minimize2 : Maximize2}
              className="size-6 max-md:hidden"
              onClick={onWide}
            />
          )}
        </div>
      </header>
      <div className={cx('relative', wide ? 'h-96' : 'h-48')}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`${tag} by step: ${note}`}
          className={cx(table && 'invisible', onOpen && 'cursor-crosshair')}
          onPointerMove={move}
          onPointerDown={move}
          onPointerLeave={leave}
          onClick={() => {
            const { trial } = crosshair.pointed
            if (trial !== null) onOpen?.(trial)
          }}
        />
        {table ? (
          <CurveTable curves={curves} />
        ) : (
          <Readout chart={chart} crosshair={crosshair} pointer={pointer} curves={curves} />
        )}
      </div>
    </section>
  )
}

/** Values at the crosshair; follows the pointer of any panel. Stands at the side that the pointer is not at. */
function Readout({
  chart,
  crosshair,
  pointer,
  curves,
}: {
  readonly chart: React.RefObject<CurveChart | null>
  readonly crosshair: Crosshair
  readonly pointer: React.RefObject<number | null>
  readonly curves: readonly Curve[]
}) {
  const pointed = useSyncExternalStore(
    crosshair.subscribe,
    () => crosshair.pointed,
    () => crosshair.pointed,
  )
  const [first, last] = useMemo(() => {
    const all = curves.flatMap(curve => [curve.steps[0] ?? 0, curve.steps.at(-1) ?? 0])
    return [Math.min(...all), Math.max(...all)] as const
  }, [curves])
  if (pointed.step === null || !chart.current || pointed.step < first || pointed.step > last) return null
  // The panel under the pointer tells everything; the others only what the pointed-at trial has there.
  const here = pointer.current !== null
  const all = chart.current.hits(pointed.step, pointer.current)
  const hits = here ? all : all.filter(hit => hit.curve.id === pointed.trial)
  if (hits.length === 0) return null
  const right = pointed.step < (first + last) / 2
  return (
    <div
      aria-hidden
      className={cx(
        'pointer-events-none absolute top-1 max-w-[72%] rounded-md border border-line-strong bg-raised/95 px-2 py-1 text-2xs shadow-float',
        right ? 'right-2' : 'left-12',
      )}
    >
      <div className="nums text-faint">step {shortNumber(pointed.step)}</div>
      {hits.slice(0, READOUT).map(hit => (
        <div
          key={hit.curve.id}
          className={cx('flex items-center gap-1.5', hit.curve.id === pointed.trial && 'font-semibold')}
        >
          <span className="h-0.5 w-2.5 shrink-0" style={{ background: trialColor(hit.curve.number) }} />
          <span className="truncate">{hit.curve.label}</span>
          <span className="nums ml-auto pl-2" title={metricFull(hit.value)}>
            {metricText(hit.value)}
          </span>
        </div>
      ))}
      {hits.length > READOUT && <div className="text-faint">and {hits.length - READOUT} more</div>}
    </div>
  )
}

'use client'
/**
 * A population (PBT): one lane a trial over its steps, in the colour of the trial whose weights it runs on; arrows from donor
 * to taker; the values that changed on the way. The schedule of the best trial is offered as a file.
 */
import { Download } from 'lucide-react'
import { useMemo } from 'react'
import type { TrialView } from '../api/views.ts'
import { trialColor } from '../chart/color.ts'
import { saveText } from '../chart/save.ts'
import { plural } from '../format/number.ts'
import { columnNames, paramText } from '../format/param.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/field.tsx'
import { useViewState } from '../ui/view-state.ts'
import { Axes, labelOf, PlotPanel, PointedLabel, type Shared, usePointed } from './plot.tsx'
import type { Frame, Size } from './plots.ts'
import { ancestry, type Copy, type Piece, perturbedKeys, piecesOf, scheduleJson } from './population.ts'
import { replayYaml } from './population-replay.ts'
import { PopulationTable } from './population-table.tsx'
import { placeIn, type Range, rangeTicks } from './scale.ts'

/** px. */
const LANE = 26
/** More lanes than this are not drawn; the table has them all. */
const MOST = 60

type Given = Omit<Shared, 'within'> & {
  readonly trials: readonly TrialView[]
  readonly copies: readonly Copy[]
  readonly about: { readonly experiment: string; readonly name: string; readonly block: string; readonly seed: number }
}

export function Population({ trials, copies, about, mode, ...shared }: Given) {
  const state = useViewState()
  const pieces = useMemo(() => piecesOf(trials, copies), [trials, copies])
  const keys = useMemo(() => perturbedKeys(pieces), [pieces])
  const names = useMemo(() => columnNames(keys), [keys])
  const key = keys.includes(state.get('value')) ? state.get('value') : (keys[0] ?? '')
  const best = useMemo(() => bestOf(trials, mode), [trials, mode])
  const led = useMemo(() => (best ? ancestry(pieces, copies, best.number) : []), [pieces, copies, best])
  const lanes = Math.min(MOST, pieces.size)
  return (
    <PlotPanel
      title="Population"
      file="population"
      note={`${plural(pieces.size, 'trial')}, ${plural(copies.length, 'copy', 'copies')}${pieces.size > MOST ? `; ${MOST} are drawn` : ''}`}
      height={lanes * LANE + 46}
      least={520}
      actions={
        <>
          {keys.length > 1 && (
            <Select
              label="Value on the lanes"
              value={key}
              onChange={value => state.set({ value })}
              options={keys.map(one => ({ value: one, text: names.get(one) ?? one }))}
            />
          )}
          <Button
            icon={Download}
            disabled={best === undefined}
            title="The best trial's values by step, over all copies, and every trial's own"
            onClick={() =>
              saveText(
                `${about.name}-${about.block}-schedule.json`,
                scheduleJson(about, trials, pieces, copies, best),
                'application/json',
              )
            }
          >
            Schedule as JSON
          </Button>
          <Button
            icon={Download}
            disabled={best === undefined}
            title="The lines of an experiment that run the best trial's schedule again (!Replay)"
            onClick={() =>
              best &&
              saveText(
                `${about.name}-${about.block}-replay.yaml`,
                replayYaml(about.block, best.id, led),
                'application/yaml',
              )
            }
          >
            Replay as YAML
          </Button>
        </>
      }
      below={
        <PopulationTable
          led={led}
          best={best}
          pieces={pieces}
          keys={keys}
          names={names}
          crosshair={shared.crosshair}
          idOf={number => `${about.experiment}.${about.block}.${number}`}
        />
      }
    >
      {size => <Drawing {...shared} pieces={pieces} copies={copies} value={key} led={led} size={size} />}
    </PlotPanel>
  )
}

function bestOf(trials: readonly TrialView[], mode: 'min' | 'max'): TrialView | undefined {
  const sign = mode === 'max' ? 1 : -1
  return trials
    .filter(({ metric }) => typeof metric === 'number')
    .reduce<TrialView | undefined>(
      (best, one) => (best === undefined || sign * Number(one.metric) > sign * Number(best.metric) ? one : best),
      undefined,
    )
}

interface Drawn {
  readonly pieces: ReadonlyMap<number, readonly Piece[]>
  readonly copies: readonly Copy[]
  /** Key of the option whose values stand on the lanes. */
  readonly value: string
  /** The pieces that led to the best trial. */
  readonly led: readonly Piece[]
}

function Drawing({
  rows,
  pieces,
  copies,
  value,
  led,
  size: { width, height },
  crosshair,
  onOpen,
}: Pick<Shared, 'rows' | 'crosshair' | 'onOpen'> & Drawn & { readonly size: Size }) {
  const frame: Frame = useMemo(
    () => ({ width, height, left: 52, right: width - 16, top: 10, bottom: height - 30 }),
    [width, height],
  )
  const lanes = useMemo(() => [...pieces.keys()].slice(0, MOST), [pieces])
  const ids = new Map(rows.map(row => [row.number, row.id]))
  const range: Range = { low: 0, high: Math.max(1, ...[...pieces.values()].flat().map(({ to }) => to)) }
  const x = (step: number) => frame.left + placeIn(range, step) * (frame.right - frame.left)
  const y = (number: number) => frame.top + (lanes.indexOf(number) + 0.5) * LANE
  const isLed = (piece: Piece) => led.some(one => one.trial === piece.trial && one.from === piece.from)
  const laneAt = (event: React.PointerEvent | React.MouseEvent) => {
    const area = (event.currentTarget as Element).getBoundingClientRect()
    const lane = lanes[Math.floor((event.clientY - area.top) / LANE)]
    return lane === undefined ? null : (ids.get(lane) ?? null)
  }
  return (
    <svg width={width} height={height} role="img" aria-label={`Population of ${plural(pieces.size, 'trial')} by step`}>
      <defs>
        <marker id="copied" viewBox="0 0 6 6" refX={5} refY={3} markerWidth={6} markerHeight={6} orient="auto">
          <path d="M0 0.5L5.5 3L0 5.5z" fill="var(--muted)" />
        </marker>
      </defs>
      <Axes
        frame={frame}
        xs={rangeTicks(range, Math.max(2, width / 90)).filter(tick => Number.isInteger(Number(tick.text)))}
        ys={[]}
      />
      <text x={frame.left - 7} y={frame.bottom + 16} textAnchor="end" fontSize={11} fill="var(--faint)">
        step
      </text>
      <PointedLane lanes={lanes} ids={ids} frame={frame} crosshair={crosshair} />
      {lanes.map(number => (
        <g key={number}>
          <text
            x={frame.left - 8}
            y={y(number) + 4}
            textAnchor="end"
            className="nums"
            fontSize={11}
            fill="var(--muted)"
          >{`#${number}`}</text>
          {(pieces.get(number) ?? []).map(piece => (
            <Lane key={piece.from} piece={piece} value={value} led={isLed(piece)} x={x} y={y(number)} />
          ))}
        </g>
      ))}
      {copies.map(({ trial, donor, at }, i) => {
        const nth = copies.slice(0, i).filter(copy => copy.trial === trial).length
        const to = pieces.get(trial)?.[nth + 1]
        if (to === undefined || !lanes.includes(trial) || !lanes.includes(donor)) return null
        const down = y(trial) > y(donor) ? 1 : -1
        return (
          <path
            key={`${trial} ${donor} ${at}`}
            d={`M${x(to.from) - 3} ${y(donor) + 4}Q${x(to.from) - 14} ${(y(donor) + y(trial)) / 2 + 4} ${x(to.from) - 2} ${y(trial) + 4 - down * 2}`}
            fill="none"
            stroke="var(--muted)"
            strokeWidth={1.1}
            markerEnd="url(#copied)"
          />
        )
      })}
      <PointedWords rows={rows} frame={frame} crosshair={crosshair} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the table below leads to the same trials by keyboard */}
      <rect
        x={0}
        y={frame.top}
        width={width}
        height={lanes.length * LANE}
        fill="transparent"
        className="cursor-pointer"
        onPointerMove={event => crosshair.point({ trial: laneAt(event) })}
        onPointerLeave={() => crosshair.point({ trial: null })}
        onClick={event => {
          const trial = laneAt(event)
          if (trial) onOpen(trial)
        }}
      />
    </svg>
  )
}

function Lane({
  piece,
  value,
  led,
  x,
  y,
}: {
  readonly piece: Piece
  readonly value: string
  readonly led: boolean
  readonly x: (step: number) => number
  readonly y: number
}) {
  const [from, to] = [x(piece.from), x(piece.to)]
  const text = value === '' ? '' : paramText(piece.params[value])
  return (
    <>
      <line
        x1={from}
        x2={Math.max(to, from + 2)}
        y1={y + 4}
        y2={y + 4}
        stroke={trialColor(piece.root)}
        strokeWidth={led ? 6 : 3}
        opacity={led ? 1 : 0.7}
      />
      {to - from > 6.2 * text.length + 10 && (
        <text x={from + 6} y={y - 2} className="nums" fontSize={10.5} fill={led ? 'var(--ink)' : 'var(--muted)'}>
          {text}
        </text>
      )}
    </>
  )
}

function PointedLane({
  lanes,
  ids,
  frame,
  crosshair,
}: {
  readonly lanes: readonly number[]
  readonly ids: ReadonlyMap<number, string>
  readonly frame: Frame
} & Pick<Shared, 'crosshair'>) {
  const trial = usePointed(crosshair)
  const lane = lanes.findIndex(number => ids.get(number) === trial)
  if (trial === null || lane < 0) return null
  return <rect x={0} width={frame.width} y={frame.top + lane * LANE} height={LANE} fill="var(--hover)" />
}

function PointedWords({ rows, frame, crosshair }: Pick<Shared, 'rows' | 'crosshair'> & { readonly frame: Frame }) {
  const trial = usePointed(crosshair)
  if (trial === null) return null
  return (
    <PointedLabel x={frame.right} y={frame.height - 2} textAnchor="end">
      {labelOf(rows, trial)}
    </PointedLabel>
  )
}

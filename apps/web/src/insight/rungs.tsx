'use client'
/**
 * What the scheduler of a block decided: at each rung who got there in which order, who went on, and what the next one must
 * reach. The drawing has its table below, and the members of a rung in a table of their own.
 */
import { useMemo } from 'react'
import type { RungsView, RungView } from '../api/views.ts'
import { countText, metricText, NOTHING, shortNumber } from '../format/number.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { Select } from '../ui/field.tsx'
import { useViewState } from '../ui/view-state.ts'
import { Mark, OUTCOMES } from './outcome.tsx'
import { Axes, Hits, labelOf, PlotPanel, PointedLabel, type Shared, usePointed } from './plot.tsx'
import type { Size } from './plots.ts'
import { RungMembers } from './rung-members.tsx'
import { bracketsOf, type RungShape, rungShape } from './rung-shape.ts'

type Given = Omit<Shared, 'mode' | 'within'> & { readonly view: RungsView; readonly idOf: (trial: number) => string }

export function Rungs({ view, ...shared }: Given) {
  const state = useViewState()
  const brackets = useMemo(() => bracketsOf(view.rungs), [view])
  const wanted = Number(state.get('bracket', '1')) - 1
  const bracket = brackets.includes(wanted) ? wanted : (brackets[0] ?? 0)
  const rungs = useMemo(() => view.rungs.filter(rung => rung.bracket === bracket), [view, bracket])
  const open = state.get('rung')
  const chosen = rungs.find(rung => String(rung.step) === open)
  return (
    <div className="flex flex-col">
      <PlotPanel
        title={view.kind === 'rungs' ? 'Rungs' : 'Steps'}
        file="rungs"
        note={`${view.scheduler}${view.kind === 'steps' ? ', judges at every step' : ''}; from left to right as trials got there`}
        height={300}
        least={110 * rungs.length + 60}
        actions={
          brackets.length > 1 && (
            <Select
              label="Bracket"
              value={String(bracket + 1)}
              onChange={value => state.set({ bracket: value === '1' ? '' : value, rung: '' })}
              options={brackets.map(one => ({
                value: String(one + 1),
                text: `Bracket ${one + 1}: ${stepsText(view.rungs, one)}`,
              }))}
            />
          )
        }
        below={
          <>
            <Legend rungs={rungs} />
            <RungTable
              rungs={rungs}
              kind={view.kind}
              chosen={chosen?.step ?? null}
              onChoose={step => state.set({ rung: step === chosen?.step ? '' : String(step) })}
            />
            {chosen && <RungMembers rung={chosen} idOf={shared.idOf} crosshair={shared.crosshair} />}
          </>
        }
      >
        {size => <Drawing {...shared} rungs={rungs} size={size} />}
      </PlotPanel>
    </div>
  )
}

function stepsText(rungs: readonly RungView[], bracket: number): string {
  return rungs
    .filter(rung => rung.bracket === bracket)
    .map(({ step }) => shortNumber(step))
    .join(', ')
}

function Drawing({
  rungs,
  rows,
  size,
  idOf,
  crosshair,
  onOpen,
}: Omit<Given, 'view'> & { readonly rungs: readonly RungView[]; readonly size: Size }) {
  const { width, height } = size
  const shape = useMemo(() => rungShape(rungs, idOf, { width, height }), [rungs, idOf, width, height])
  const { frame } = shape
  const drawn = useMemo(
    () => (
      <>
        {shape.ways.map(({ id, path }) => (
          <path key={id} d={path} fill="none" stroke="var(--line-strong)" strokeWidth={1} opacity={0.6} />
        ))}
        {shape.dots.map(dot => (
          <Mark key={`${dot.id} ${dot.column}`} outcome={dot.outcome} x={dot.x} y={dot.y} />
        ))}
      </>
    ),
    [shape],
  )
  return (
    <svg width={width} height={height} role="img" aria-label={`Metric of trials at ${rungs.length} rungs`}>
      <Axes frame={frame} xs={[]} ys={shape.ys} />
      {shape.columns.map(({ step, left, right, title, count, cut }, i) => (
        <g key={step} className="nums" fontSize={11}>
          {i > 0 && <line x1={left} x2={left} y1={frame.top} y2={frame.bottom} stroke="var(--line)" />}
          <text x={(left + right) / 2} y={frame.bottom + 16} textAnchor="middle" fill="var(--ink)" fontWeight={600}>
            {title}
          </text>
          <text x={(left + right) / 2} y={frame.bottom + 30} textAnchor="middle" fill="var(--faint)">
            {count}
          </text>
          {cut !== null && (
            <line
              x1={left + 3}
              x2={right - 3}
              y1={cut}
              y2={cut}
              stroke="var(--accent)"
              strokeWidth={1.5}
              strokeDasharray="5 3"
            />
          )}
        </g>
      ))}
      {drawn}
      <PointedWay shape={shape} rows={rows} crosshair={crosshair} />
      <Hits dots={shape.dots} frame={frame} crosshair={crosshair} onOpen={onOpen} />
    </svg>
  )
}

/** The trial that is pointed at, over all its rungs. */
function PointedWay({ shape, rows, crosshair }: Pick<Given, 'rows' | 'crosshair'> & { readonly shape: RungShape }) {
  const trial = usePointed(crosshair)
  const own = trial === null ? [] : shape.dots.filter(dot => dot.id === trial)
  const last = own.at(-1)
  if (!last) return null
  const left = last.x > (shape.frame.left + shape.frame.right) / 2
  const way = shape.ways.find(({ id }) => id === trial)
  return (
    <g pointerEvents="none">
      {way && <path d={way.path} fill="none" stroke="var(--ink)" strokeWidth={1.5} />}
      {own.map(dot => (
        <g key={dot.column}>
          <circle cx={dot.x} cy={dot.y} r={7} fill="var(--surface)" stroke="var(--ink)" strokeWidth={1.25} />
          <Mark outcome={dot.outcome} x={dot.x} y={dot.y} />
        </g>
      ))}
      <PointedLabel
        x={last.x + (left ? -12 : 12)}
        y={Math.max(shape.frame.top + 10, last.y - 7)}
        textAnchor={left ? 'end' : 'start'}
      >
        {labelOf(rows, trial) || `#${last.number}`}
      </PointedLabel>
    </g>
  )
}

function Legend({ rungs }: { readonly rungs: readonly RungView[] }) {
  const shown = OUTCOMES.filter(({ outcome }) => rungs.some(rung => rung[outcome] > 0))
  return (
    <ul className="flex flex-wrap items-center gap-x-4 gap-y-1 border-t border-line px-3 py-2 text-xs text-muted">
      {shown.map(({ outcome, word, meaning }) => (
        <li key={outcome} title={meaning} className="inline-flex items-center gap-1.5">
          <svg width={12} height={12} aria-hidden>
            <Mark outcome={outcome} x={6} y={6} />
          </svg>
          {word}
        </li>
      ))}
      {rungs.some(rung => rung.cutoff !== null) && (
        <li className="inline-flex items-center gap-1.5" title="What the next trial must reach here to go on">
          <svg width={18} height={12} aria-hidden>
            <line x2={18} y1={6} y2={6} stroke="var(--accent)" strokeWidth={1.5} strokeDasharray="5 3" />
          </svg>
          cut-off for the next trial
        </li>
      )}
    </ul>
  )
}

function RungTable({
  rungs,
  kind,
  chosen,
  onChoose,
}: {
  readonly rungs: readonly RungView[]
  readonly kind: RungsView['kind']
  readonly chosen: number | null
  readonly onChoose: (step: number) => void
}) {
  const shown = OUTCOMES.filter(({ outcome }) => rungs.some(rung => rung[outcome] > 0))
  const planned = rungs.some(rung => rung.planned !== null)
  return (
    <div className="overflow-x-auto border-t border-line">
      <table aria-label={kind === 'rungs' ? 'Rungs' : 'Steps'} className="w-full border-collapse text-xs">
        <thead className="text-faint">
          <tr className="h-7 border-b border-line">
            <th className="px-3 whitespace-nowrap">{kind === 'rungs' ? 'Rung' : 'Step'}</th>
            <th className="px-3 text-right">Got here</th>
            {planned && <th className="px-3 text-right">Planned</th>}
            {shown.map(({ outcome, word, meaning }) => (
              <th key={outcome} title={meaning} className="px-3 text-right whitespace-nowrap first-letter:uppercase">
                {word}
              </th>
            ))}
            <th className="px-3 text-right whitespace-nowrap" title="What the next trial must reach here to go on">
              Cut-off
            </th>
            <th aria-label="Members" className="px-3" />
          </tr>
        </thead>
        <tbody className="nums">
          {rungs.map(rung => (
            <tr
              key={rung.step}
              className={cx('h-8 border-b border-line last:border-b-0', rung.step === chosen && 'bg-selected')}
            >
              <th scope="row" className="px-3 text-left font-medium whitespace-nowrap">
                {shortNumber(rung.step)}
                {rung.last && kind === 'rungs' && <span className="font-normal text-faint"> end</span>}
              </th>
              <td className="px-3 text-right font-medium">{countText(rung.reached)}</td>
              {planned && <td className="px-3 text-right text-muted">{rung.planned ?? NOTHING}</td>}
              {shown.map(({ outcome }) => (
                <td key={outcome} className={cx('px-3 text-right', rung[outcome] === 0 && 'text-faint')}>
                  {countText(rung[outcome])}
                </td>
              ))}
              <td className="px-3 text-right" title={rung.cutoff === null ? '' : String(rung.cutoff)}>
                {rung.cutoff === null ? <span className="text-faint">{NOTHING}</span> : metricText(rung.cutoff)}
              </td>
              <td className="px-2 text-right">
                <Button
                  look="ghost"
                  disabled={rung.reached === 0}
                  aria-expanded={rung.step === chosen}
                  aria-label={`Trials at ${shortNumber(rung.step)}`}
                  onClick={() => onChoose(rung.step)}
                >
                  {rung.step === chosen ? 'Hide' : 'Trials'}
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

'use client'
/**
 * What the scheduler of a block decided: at each rung who got there in which order, who went on, and what the next one must
 * reach. The drawing has its table below, and the members of a rung in a table of their own.
 */
import { useMemo } from 'react'
import type { RungsView, RungView } from '../api/views.ts'
import { shortNumber } from '../format/number.ts'
import { Select } from '../ui/field.tsx'
import { useViewState } from '../ui/view-state.ts'
import { Mark, OUTCOMES } from './outcome.tsx'
import { PlotPanel, type Shared } from './plot.tsx'
import { RungDrawing } from './rung-drawing.tsx'
import { RungMembers } from './rung-members.tsx'
import { bracketsOf } from './rung-shape.ts'
import { RungTable } from './rung-table.tsx'

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
        {size => <RungDrawing {...shared} rungs={rungs} size={size} />}
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

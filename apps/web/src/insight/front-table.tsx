/** The trials that nobody beats in everything, with all their objectives and what they ran with: the Pareto front in numbers. */
import { useMemo } from 'react'
import type { ParetoView } from '../api/views.ts'
import { paramText } from '../format/param.ts'
import { Metric } from '../ui/metric.tsx'
import { Panel } from '../ui/panel.tsx'
import { type Objective, wayOf } from './pareto-shape.ts'
import type { Shared } from './plot.tsx'
import { TrialLink } from './trial-link.tsx'

interface Given extends Pick<Shared, 'rows' | 'crosshair'> {
  readonly view: ParetoView
  readonly objectives: readonly Objective[]
  readonly idOf: (trial: number) => string
}

export function FrontTable({ view, objectives, rows, idOf, crosshair }: Given) {
  const front = useMemo(
    () =>
      view.points
        .filter(point => point.front)
        .sort((a, b) => ((a.values[0] ?? 0) - (b.values[0] ?? 0)) * (objectives[0]?.mode === 'max' ? -1 : 1)),
    [view, objectives],
  )
  const params = new Map(rows.map(row => [row.id, row.params]))
  const keys = [...new Set(rows.flatMap(row => Object.keys(row.params)))].slice(0, 8)
  return (
    <Panel flush title="Trials on the front" note={`best ${objectives[0]?.name} first`} className="xl:col-span-2">
      <div className="max-h-80 overflow-auto" onPointerLeave={() => crosshair.point({ trial: null })}>
        <table aria-label="Trials on the front" className="w-full border-collapse text-xs">
          <thead className="sticky top-0 z-10 bg-surface text-faint">
            <tr className="h-7 shadow-[0_1px_0_var(--line)]">
              <th className="px-3">#</th>
              {objectives.map(objective => (
                <th key={objective.name} title={wayOf(objective)} className="px-3 text-right whitespace-nowrap">
                  {objective.name}
                </th>
              ))}
              {keys.map(key => (
                <th key={key} title={key} className="px-3 whitespace-nowrap">
                  {key.slice(key.lastIndexOf('.') + 1)}
                </th>
              ))}
              <th aria-hidden className="w-full" />
            </tr>
          </thead>
          <tbody className="nums">
            {front.map(({ trial, values }) => (
              <tr
                key={trial}
                onPointerEnter={() => crosshair.point({ trial: idOf(trial) })}
                className="relative h-7.5 border-b border-line last:border-b-0 focus-within:bg-hover hover:bg-hover"
              >
                <td className="px-3">
                  <TrialLink id={idOf(trial)} number={trial} crosshair={crosshair} />
                </td>
                {objectives.map(({ name }, i) => (
                  <td key={name} className="px-3 text-right font-medium">
                    <Metric value={values[i] ?? null} />
                  </td>
                ))}
                {keys.map(key => (
                  <td key={key} className="max-w-60 truncate px-3 text-muted">
                    {paramText(params.get(idOf(trial))?.[key])}
                  </td>
                ))}
                <td aria-hidden />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

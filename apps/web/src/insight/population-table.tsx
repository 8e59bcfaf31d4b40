'use client'
/** The best trial's schedule over all copies, and behind a button that of every trial: the table twin of the lanes. */
import { useState } from 'react'
import type { TrialView } from '../api/views.ts'
import type { Crosshair } from '../chart/crosshair.ts'
import { metricText, plural } from '../format/number.ts'
import { paramText } from '../format/param.ts'
import { Segments } from '../ui/button.tsx'
import type { Piece } from './population.ts'
import { TrialLink } from './trial-link.tsx'

export function PopulationTable({
  led,
  best,
  pieces,
  keys,
  names,
  crosshair,
  idOf,
}: {
  readonly led: readonly Piece[]
  readonly best: TrialView | undefined
  readonly pieces: ReadonlyMap<number, readonly Piece[]>
  readonly keys: readonly string[]
  readonly names: ReadonlyMap<string, string>
  readonly crosshair: Crosshair
  readonly idOf: (number: number) => string
}) {
  const [which, setWhich] = useState<'best' | 'all'>('best')
  const shown = which === 'best' ? led : [...pieces.values()].flat()
  const name = which === 'best' ? 'Schedule of the best trial' : 'Schedules of all trials'
  return (
    <div className="border-t border-line">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-2 text-xs text-muted">
        <p className="min-w-0 flex-1">
          {best
            ? `#${best.number} is best (${metricText(best.metric)}): its weights came through ${plural(led.length, 'lane piece')}, drawn thick. `
            : 'No trial has a metric yet. '}
          A line has the colour of the trial in which its weights began.
        </p>
        <Segments
          label="Schedules shown"
          value={which}
          options={[
            { value: 'best', text: 'Best trial' },
            { value: 'all', text: 'All trials' },
          ]}
          onChange={setWhich}
        />
      </div>
      <div className="max-h-80 overflow-auto" onPointerLeave={() => crosshair.point({ trial: null })}>
        <table aria-label={name} className="w-full border-collapse text-xs">
          <thead className="sticky top-0 z-10 bg-surface text-faint">
            <tr className="h-7 shadow-[0_1px_0_var(--line)]">
              <th className="px-3">Trial</th>
              <th className="px-3 text-right whitespace-nowrap">After step</th>
              <th className="px-3 text-right whitespace-nowrap">To step</th>
              <th className="px-3 whitespace-nowrap">Weights from</th>
              {keys.map(key => (
                <th key={key} title={key} className="px-3 text-right whitespace-nowrap">
                  {names.get(key)}
                </th>
              ))}
              <th aria-hidden className="w-full" />
            </tr>
          </thead>
          <tbody className="nums">
            {shown.map(piece => (
              <tr
                key={`${piece.trial} ${piece.from} ${piece.to}`}
                onPointerEnter={() => crosshair.point({ trial: idOf(piece.trial) })}
                className="relative h-7.5 border-b border-line last:border-b-0 focus-within:bg-hover hover:bg-hover"
              >
                <td className="px-3">
                  <TrialLink id={idOf(piece.trial)} number={piece.trial} crosshair={crosshair} />
                </td>
                <td className="px-3 text-right">{piece.from}</td>
                <td className="px-3 text-right">{piece.to}</td>
                <td className="px-3 text-muted">{piece.donor === null ? 'its own start' : `#${piece.donor}`}</td>
                {keys.map(key => (
                  <td key={key} className="px-3 text-right">
                    {paramText(piece.params[key])}
                  </td>
                ))}
                <td aria-hidden />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

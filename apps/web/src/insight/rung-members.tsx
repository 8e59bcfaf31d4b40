'use client'
/** Who is at one rung, in the order in which they got there, with the rank that they had then. */
import type { RungView } from '../api/views.ts'
import type { Crosshair } from '../chart/crosshair.ts'
import { countText, NOTHING, shortNumber } from '../format/number.ts'
import { Metric } from '../ui/metric.tsx'
import { Mark, OUTCOMES } from './outcome.tsx'
import { TrialLink } from './trial-link.tsx'

export function RungMembers({
  rung,
  idOf,
  crosshair,
}: {
  readonly rung: RungView
  readonly idOf: (trial: number) => string
  readonly crosshair: Crosshair
}) {
  const name = `Trials at ${shortNumber(rung.step)}`
  const left = rung.reached - rung.entries.length
  return (
    <div className="border-t border-line bg-sunken">
      <p className="nums px-3 pt-2 pb-1 text-xs text-faint">
        {name}, in the order in which they got here
        {left > 0 && `; the newest ${countText(rung.entries.length)} of ${countText(rung.reached)}`}
      </p>
      <div className="max-h-80 overflow-auto" onPointerLeave={() => crosshair.point({ trial: null })}>
        <table aria-label={name} className="w-full border-collapse text-xs">
          <thead className="sticky top-0 z-10 bg-sunken text-faint">
            <tr className="h-7">
              <th className="px-3 text-right">Place</th>
              <th className="px-3">Trial</th>
              <th className="px-3 text-right">Metric</th>
              <th className="px-3 text-right">Rank</th>
              <th className="px-3">Then</th>
              <th aria-hidden className="w-full" />
            </tr>
          </thead>
          <tbody className="nums">
            {rung.entries.map((entry, place) => (
              <tr
                key={entry.trial}
                onPointerEnter={() => crosshair.point({ trial: idOf(entry.trial) })}
                className="relative h-7 border-t border-line focus-within:bg-hover hover:bg-hover"
              >
                <td className="px-3 text-right text-faint">{left + place + 1}</td>
                <td className="px-3">
                  <TrialLink id={idOf(entry.trial)} number={entry.trial} crosshair={crosshair} />
                </td>
                <td className="px-3 text-right">
                  <Metric value={entry.value} />
                </td>
                <td className="px-3 text-right whitespace-nowrap text-muted">
                  {entry.rank === null ? NOTHING : `${countText(entry.rank)} of ${countText(entry.of)}`}
                </td>
                <td className="px-3 whitespace-nowrap">
                  <span className="inline-flex items-center gap-1.5">
                    <svg width={12} height={12} aria-hidden>
                      <Mark outcome={entry.outcome} x={6} y={6} />
                    </svg>
                    {OUTCOMES.find(({ outcome }) => outcome === entry.outcome)?.word}
                  </span>
                </td>
                <td aria-hidden />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}

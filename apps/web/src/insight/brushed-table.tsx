'use client'
/** The trials within the chosen ranges, best first: the table twin of the plots, and the way to a trial by keyboard. */
import { useState } from 'react'
import type { Crosshair } from '../chart/crosshair.ts'
import { countText } from '../format/number.ts'
import { paramText } from '../format/param.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { Metric } from '../ui/metric.tsx'
import { Panel } from '../ui/panel.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { TrialLink } from './trial-link.tsx'
import type { TrialRow } from './trial-rows.ts'

const PAGE = 50

export function BrushedTable({
  rows,
  total,
  keys,
  names,
  crosshair,
}: {
  readonly rows: readonly TrialRow[]
  readonly total: number
  readonly keys: readonly string[]
  readonly names: ReadonlyMap<string, string>
  readonly crosshair: Crosshair
}) {
  const [most, setMost] = useState(PAGE)
  const numeric = new Set(keys.filter(key => rows.every(row => typeof (row.params[key] ?? 0) === 'number')))
  return (
    <Panel
      flush
      title="Trials within the ranges"
      note={`${countText(Math.min(most, rows.length))} of ${countText(rows.length)} shown, ${countText(total)} in all, best first`}
    >
      <div className="max-h-[50vh] overflow-auto" onPointerLeave={() => crosshair.point({ trial: null })}>
        <table aria-label="Trials within the ranges" className="w-full border-collapse text-xs">
          <thead className="sticky top-0 z-10 bg-surface text-faint">
            <tr className="h-7 shadow-[0_1px_0_var(--line)]">
              <th className="min-w-20 px-3">#</th>
              <th className="min-w-28 px-2">State</th>
              <th className="min-w-20 px-2 text-right">Best</th>
              {keys.map(key => (
                <th key={key} title={key} className={cx('px-3 whitespace-nowrap', numeric.has(key) && 'text-right')}>
                  {names.get(key)}
                </th>
              ))}
              <th aria-hidden className="w-full" />
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, most).map(row => (
              <tr
                key={row.id}
                onPointerEnter={() => crosshair.point({ trial: row.id })}
                className="relative h-7.5 border-b border-line last:border-b-0 focus-within:bg-hover hover:bg-hover"
              >
                <td className="px-3">
                  <TrialLink id={row.id} number={row.number} crosshair={crosshair} />
                </td>
                <td className="px-2">
                  <StateBadge state={row.state} reason={row.reason} />
                </td>
                <td className="px-2 text-right">
                  <Metric value={row.metric} className="font-medium" />
                </td>
                {keys.map(key => (
                  <td key={key} className={cx('nums max-w-60 truncate px-3', numeric.has(key) ? 'text-right' : 'mono')}>
                    {paramText(row.params[key])}
                  </td>
                ))}
                <td aria-hidden />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > most && (
        <div className="border-t border-line p-1.5 text-center">
          <Button look="ghost" onClick={() => setMost(most + 200)}>
            Show more
          </Button>
        </div>
      )}
    </Panel>
  )
}

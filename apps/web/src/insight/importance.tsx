'use client'
/** How much each parameter matters for being among the best (PED-ANOVA), as bars with their numbers. */
import type { Importance as Share } from '@flambe/search/insight'
import { Panel } from '../ui/panel.tsx'

/** Fewer trials than this say nothing about importance. */
export const ENOUGH = 8

export function Importance({
  shares,
  names,
  measured,
}: {
  readonly shares: readonly Share[]
  readonly names: ReadonlyMap<string, string>
  readonly measured: number
}) {
  return (
    <Panel title="Importance" note="what sets the best tenth apart">
      {measured < ENOUGH || shares.every(({ share }) => share === 0) ? (
        <p className="text-muted">
          {measured < ENOUGH
            ? `Told from ${ENOUGH} trials with a metric on; there are ${measured}.`
            : 'No parameter sets the best trials apart.'}
        </p>
      ) : (
        <ol className="flex flex-col gap-2">
          {shares.slice(0, 12).map(({ name, share }) => (
            <li key={name} className="text-xs">
              <div className="flex justify-between gap-3">
                <span className="truncate" title={name}>
                  {names.get(name) ?? name}
                </span>
                <span className="nums text-muted">{Math.round(100 * share)} %</span>
              </div>
              <div aria-hidden className="mt-0.5 h-1.5 overflow-hidden rounded-full bg-line">
                <div className="h-full rounded-full bg-[var(--state-running)]" style={{ width: `${100 * share}%` }} />
              </div>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

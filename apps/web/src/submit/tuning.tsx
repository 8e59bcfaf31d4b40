/** What the search and the scheduler of a block will do by plan: algorithm, trials, how many reach each rung, steps saved. */
import type { PlanView } from '../api/views.ts'
import { countText, plural } from '../format/number.ts'

type Tuned = NonNullable<PlanView['blocks'][number]['tuning']>

/** Share of steps, 0 to 1, as a whole percentage. */
const percent = (share: number) => `${Math.round(100 * share)} %`

export function Tuning({ tuning }: { readonly tuning: Tuned }) {
  const { search, scheduler, trials, full, rungs, steps, steps_without, saved } = tuning
  return (
    <div className="nums mt-1 flex flex-col gap-1">
      <p>
        <span className="mono">{search === null ? 'every variant' : `!${search}`}</span>
        {scheduler !== null && (
          <>
            {' under '}
            <span className="mono">!{scheduler}</span>
          </>
        )}
        <span className="text-muted">
          {trials === null ? ', until the budget is spent' : `, ${plural(trials, 'trial')}`}
          {full !== null && ` of up to ${plural(full, 'step')}`}
        </span>
      </p>
      {scheduler !== null && rungs !== null && <Rungs rungs={rungs} />}
      {saved !== null && saved > 0 && steps !== null && steps_without !== null && (
        <p className="text-ok">
          about {countText(Math.round(steps))} of {countText(Math.round(steps_without))} steps: {percent(saved)} saved
        </p>
      )}
    </div>
  )
}

function Rungs({ rungs }: { readonly rungs: NonNullable<Tuned['rungs']> }) {
  const most = Math.max(1, ...rungs.map(rung => rung.trials))
  const several = rungs.some(rung => rung.bracket !== rungs[0]?.bracket)
  return (
    <table aria-label="Planned rungs" className="w-full border-collapse text-2xs">
      <thead className="text-faint">
        <tr>
          {several && <th className="pr-3 font-normal">Bracket</th>}
          <th className="whitespace-nowrap pr-3 font-normal">To step</th>
          <th className="pr-3 text-right font-normal">Trials</th>
          <th aria-hidden className="w-full" />
        </tr>
      </thead>
      <tbody>
        {rungs.slice(0, 40).map(({ bracket, step, trials }) => (
          <tr key={`${bracket}:${step}`}>
            {several && <td className="pr-3">{bracket + 1}</td>}
            <td className="pr-3">{countText(step)}</td>
            <td className="pr-3 text-right">{countText(trials)}</td>
            <td aria-hidden>
              <span
                className="block h-1.5 rounded-full bg-[var(--state-running)]"
                style={{ width: `${(100 * trials) / most}%` }}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** How many trials got to each rung and what became of them; a row opens the trials of its rung. Says what the drawing shows. */
import type { RungsView, RungView } from '../api/views.ts'
import { countText, metricText, NOTHING, shortNumber } from '../format/number.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { OUTCOMES } from './outcome.tsx'

export function RungTable({
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
            <th className="px-2 sm:px-3 whitespace-nowrap">{kind === 'rungs' ? 'Rung' : 'Step'}</th>
            <th className="px-2 sm:px-3 text-right whitespace-nowrap">Got here</th>
            {planned && <th className="px-2 sm:px-3 text-right">Planned</th>}
            {shown.map(({ outcome, word, meaning }) => (
              <th
                key={outcome}
                title={meaning}
                className="px-2 sm:px-3 text-right whitespace-nowrap first-letter:uppercase"
              >
                {word}
              </th>
            ))}
            <th
              className="px-2 sm:px-3 text-right whitespace-nowrap"
              title="What the next trial must reach here to go on"
            >
              Cut-off
            </th>
            <th aria-label="Members" className="px-2 sm:px-3" />
          </tr>
        </thead>
        <tbody className="nums">
          {rungs.map(rung => (
            <tr
              key={rung.step}
              className={cx('h-8 border-b border-line last:border-b-0', rung.step === chosen && 'bg-selected')}
            >
              <th scope="row" className="px-2 sm:px-3 text-left font-medium whitespace-nowrap">
                {shortNumber(rung.step)}
                {rung.last && kind === 'rungs' && <span className="font-normal text-faint"> end</span>}
              </th>
              <td className="px-2 sm:px-3 text-right font-medium">{countText(rung.reached)}</td>
              {planned && <td className="px-2 sm:px-3 text-right text-muted">{rung.planned ?? NOTHING}</td>}
              {shown.map(({ outcome }) => (
                <td key={outcome} className={cx('px-2 sm:px-3 text-right', rung[outcome] === 0 && 'text-faint')}>
                  {countText(rung[outcome])}
                </td>
              ))}
              <td className="px-2 sm:px-3 text-right" title={rung.cutoff === null ? '' : String(rung.cutoff)}>
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

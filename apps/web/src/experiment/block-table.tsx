'use client'
/** The table twin of the graph: the same blocks, numbers and choice, for keyboards, screen readers and long pipelines. */
import type { BlockView } from '../api/views.ts'
import { NOTHING } from '../format/number.ts'
import { cx } from '../ui/class.ts'
import { Spent } from '../ui/clock.tsx'
import { Metric } from '../ui/metric.tsx'
import { CountsBar, CountsText, StateBadge } from '../ui/state-badge.tsx'
import { reduceText } from './dag-edges.ts'

export function BlockTable({
  blocks,
  chosen,
  onChoose,
}: {
  readonly blocks: readonly BlockView[]
  readonly chosen: string
  readonly onChoose: (block: string) => void
}) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse">
        <thead className="text-xs text-faint">
          <tr className="h-7 border-b border-line">
            <th className="px-3">Block</th>
            <th className="px-2">State</th>
            <th className="px-2 max-md:hidden">After</th>
            <th className="w-24 px-2 sm:w-44">Trials</th>
            <th className="px-2 max-md:hidden">Reduce</th>
            <th className="px-2 text-right max-sm:pr-3">Best</th>
            <th className="px-3 text-right max-sm:hidden">Time</th>
          </tr>
        </thead>
        <tbody>
          {blocks.map(block => (
            <tr
              key={block.id}
              className={cx(
                'relative h-8 border-b border-line last:border-b-0 hover:bg-hover',
                block.id === chosen && 'bg-selected',
              )}
            >
              <td className="px-3">
                <button
                  type="button"
                  aria-pressed={block.id === chosen}
                  onClick={() => onChoose(block.id === chosen ? '' : block.id)}
                  className="font-medium after:absolute after:inset-0"
                >
                  {block.id}
                </button>
                <span className="mono ml-2 text-xs text-faint max-sm:hidden">!{block.tag}</span>
              </td>
              <td className="px-2">
                <StateBadge state={block.state} reason={block.reason} />
              </td>
              <td className="px-2 text-xs text-muted max-md:hidden">{block.depends_on.join(', ') || NOTHING}</td>
              <td className="px-2">
                <div className="flex items-center gap-2">
                  <CountsBar counts={block.trials} total={block.count} className="max-sm:hidden" />
                  <CountsText counts={block.trials} total={block.count} className="min-w-9" />
                </div>
              </td>
              <td className="nums px-2 text-xs text-muted max-md:hidden">
                {block.reduce ? `${reduceText(block)} (${block.reduce.mode})` : NOTHING}
              </td>
              <td className="px-2 text-right max-sm:pr-3">
                <Metric value={block.best?.metric} />
              </td>
              <td className="px-3 text-right text-xs text-muted max-sm:hidden">
                <Spent row={block} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

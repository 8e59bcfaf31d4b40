'use client'
/** What reduce decided for a block: "6 → 1", best first, with the metric that it looked at and where the line was drawn. */
import { Trophy } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import type { BlockView } from '../api/views.ts'
import { trialColor } from '../chart/color.ts'
import { plural } from '../format/number.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { Metric } from '../ui/metric.tsx'
import { Panel } from '../ui/panel.tsx'
import { Swatch } from '../ui/swatch.tsx'
import { reduceText } from './dag-edges.ts'
import { placeOf, rangeOf } from './ranking-range.ts'

const FIRST = 12

export function Ranking({ block }: { readonly block: BlockView }) {
  const [all, setAll] = useState(false)
  const { ranking, reduce } = block
  if (reduce === null) return null
  const range = rangeOf(ranking ?? [])
  const shown = ranking?.slice(0, all ? 500 : FIRST) ?? []
  return (
    <Panel
      flush
      title={`Reduce of ${block.id}`}
      note={`${reduceText(block)}, ${reduce.mode === 'max' ? 'largest' : 'smallest'} metric first`}
    >
      {ranking === null ? (
        <p className="px-3 py-2.5 text-muted">
          Decided when the block has ended: the best {reduce.k === 1 ? 'trial goes' : `${reduce.k} trials go`} on, the
          others are masked in later blocks.
        </p>
      ) : (
        <ol>
          {shown.map((entry, i) => (
            <li
              key={entry.trial}
              className={cx(
                'relative flex h-7.5 items-center gap-2 px-3 text-xs hover:bg-hover',
                i > 0 && shown[i - 1]?.kept && !entry.kept
                  ? 'border-t-2 border-dashed border-line-strong'
                  : i > 0 && 'border-t border-line',
                !entry.kept && 'text-muted',
              )}
            >
              <span className="nums w-6 text-right text-faint">{i + 1}.</span>
              <Swatch number={entry.number} />
              <Link
                href={`/t/${encodeURIComponent(entry.trial)}`}
                className="nums font-medium after:absolute after:inset-0"
              >
                {block.id} <span className="text-faint">{entry.number}</span>
              </Link>
              <span className="inline-flex w-12 items-center gap-1 font-medium text-ok">
                {entry.kept && (
                  <>
                    <Trophy aria-hidden className="size-3" /> kept
                  </>
                )}
              </span>
              <Place at={placeOf(entry.metric, range)} color={trialColor(entry.number)} />
              <Metric value={entry.metric} className={cx('w-16 shrink-0 text-right', entry.kept && 'font-semibold')} />
            </li>
          ))}
        </ol>
      )}
      {ranking !== null && ranking.length > FIRST && !all && (
        <div className="border-t border-line p-1.5 text-center">
          <Button look="ghost" onClick={() => setAll(true)}>
            Show {plural(Math.min(500, ranking.length) - FIRST, 'more trial')}
          </Button>
        </div>
      )}
    </Panel>
  )
}

/** Where the metric lies between the smallest and the largest of the ranking: how close the decision was, at a glance. */
function Place({ at, color }: { readonly at: number | null; readonly color: string }) {
  return (
    <span aria-hidden className="relative mx-1 h-3 min-w-6 flex-1">
      <span className="absolute inset-x-0 top-1/2 h-px bg-line" />
      {at !== null && (
        <span
          className="absolute top-1/2 size-2 -translate-1/2 rounded-full"
          style={{ left: `${at * 100}%`, background: color }}
        />
      )}
    </span>
  )
}

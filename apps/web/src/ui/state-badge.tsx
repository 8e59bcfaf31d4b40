/** A state as icon + word + colour, and counts of states as a segmented bar with its words on hover. */
import type { BlockView, StateCounts } from '../api/views.ts'
import { countText } from '../format/number.ts'
import { plainText } from '../format/plain.ts'
import { cx } from './class.ts'
import { countsText, doneCount, runCount, segments } from './counts.ts'
import { type AnyState, STATES } from './state.ts'

export function StateBadge({
  state,
  reason,
  className,
}: {
  readonly state: AnyState
  readonly reason?: string | null | undefined
  readonly className?: string
}) {
  const { word, icon: Icon, color, meaning } = STATES[state]
  return (
    <span
      title={reason ? `${word}: ${plainText(reason)}` : `${word}: ${meaning}`}
      className={cx('inline-flex items-center gap-1.5 align-top font-medium whitespace-nowrap', className)}
      style={{ color }}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.25} />
      {word}
    </span>
  )
}

export function CountsBar({
  counts,
  total: planned = 0,
  className,
}: {
  readonly counts: StateCounts
  /** Trials planned, where some are not made yet. */
  readonly total?: number
  readonly className?: string
}) {
  const total = runCount(counts, planned)
  const text = countsText(counts)
  return (
    <span
      role="img"
      aria-label={text}
      title={text}
      className={cx('flex h-1.5 w-full gap-px overflow-hidden rounded-full bg-line', className)}
    >
      {segments(counts)
        .filter(({ state }) => state !== 'masked')
        .map(({ state, count }) => (
          <span
            key={state}
            className="h-full min-w-1"
            style={{
              width: `${(100 * count) / total}%`,
              background: STATES[state].color,
              opacity: state === 'pending' || state === 'queued' ? 0.45 : 1,
            }}
          />
        ))}
    </span>
  )
}

/** `7/7`: trials that ended of those that run, in a column of even width; what was left out on hover. */
export function CountsText({
  counts,
  total,
  className,
}: {
  readonly counts: StateCounts
  readonly total: number
  readonly className?: string
}) {
  return (
    <span title={countsText(counts)} className={cx('nums shrink-0 text-xs text-muted sm:text-right', className)}>
      {countText(doneCount(counts))}/{countText(runCount(counts, total))}
    </span>
  )
}

/** One small square a block, in document order. */
export function BlocksBar({ blocks }: { readonly blocks: readonly Pick<BlockView, 'id' | 'state'>[] }) {
  return (
    <span className="inline-flex items-center gap-0.5">
      {blocks.slice(0, 16).map(block => (
        <span
          key={block.id}
          role="img"
          aria-label={`${block.id}: ${block.state}`}
          title={`${block.id}: ${STATES[block.state].word}`}
          className="h-2.5 w-2.5 rounded-[2px]"
          style={
            block.state === 'pending' || block.state === 'masked'
              ? { boxShadow: `inset 0 0 0 1.5px ${STATES[block.state].color}`, opacity: 0.6 }
              : { background: STATES[block.state].color }
          }
        />
      ))}
      {blocks.length > 16 && <span className="text-2xs text-faint">+{blocks.length - 16}</span>}
    </span>
  )
}

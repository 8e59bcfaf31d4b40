'use client'
/** One heading of the trials table: sorts on a click, is resized at its right edge. */
import type { Header } from '@tanstack/react-table'
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TrialView } from '../api/views.ts'
import { cx } from '../ui/class.ts'
import type { features } from './trial-columns.tsx'
import type { Sort } from './trial-filter.ts'

export function HeadCell({
  header,
  sort,
  onSort,
  children,
}: {
  readonly header: Header<typeof features, TrialView, unknown>
  readonly sort: readonly Sort[]
  readonly onSort: (by: string, add: boolean) => void
  readonly children: ReactNode
}) {
  const meta = header.column.columnDef.meta
  const at = sort.findIndex(one => one.by === meta?.sort)
  const mine = sort[at]
  const Arrow = mine?.desc ? ArrowDown : ArrowUp
  return (
    <th
      aria-sort={mine ? (mine.desc ? 'descending' : 'ascending') : 'none'}
      className={cx('relative flex shrink-0 items-center px-2 first:pl-3', meta?.align === 'right' && 'justify-end')}
      style={{ width: header.getSize() }}
    >
      {meta?.sort ? (
        <button
          type="button"
          title={meta.title ?? 'Sort; Shift adds to the sort'}
          onClick={event => onSort(meta.sort ?? '', event.shiftKey)}
          className={cx('flex h-6 min-w-6 items-center gap-0.5 hover:text-ink', mine && 'text-ink')}
        >
          <span className="truncate">{children}</span>
          {mine && <Arrow aria-hidden className="size-3 shrink-0" />}
          {mine && sort.length > 1 && <sub className="text-2xs">{at + 1}</sub>}
        </button>
      ) : (
        <span className="truncate" title={meta?.title}>
          {children}
        </span>
      )}
      <span
        aria-hidden
        onMouseDown={header.getResizeHandler()}
        onTouchStart={header.getResizeHandler()}
        onDoubleClick={() => header.column.resetSize()}
        className="absolute top-1.5 right-0 h-4 w-1.5 cursor-col-resize touch-none border-r border-line select-none hover:border-accent"
      />
    </th>
  )
}

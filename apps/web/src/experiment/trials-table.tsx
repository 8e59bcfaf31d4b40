'use client'
/**
 * The trials: sorted and filtered on the hub, only the rows in view in the document. Columns can be sorted (Shift adds),
 * resized, chosen; arrow keys walk the rows, Enter opens.
 */
import { type ColumnSizingState, useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Hourglass, SearchX } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { errorText } from '../api/client.ts'
import type { TrialView } from '../api/views.ts'
import type { Crosshair } from '../chart/crosshair.ts'
import { differingKeys } from '../format/param.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { Empty, Failed, Panel, SkeletonRows } from '../ui/panel.tsx'
import { useViewState } from '../ui/view-state.ts'
import { ColumnChooser, columnsText, visibilityOf } from './column-chooser.tsx'
import { features, TrialLink, trialColumns } from './trial-columns.tsx'
import { nextSort, sortText, type TrialFilter } from './trial-filter.ts'
import { useTrialPages } from './trial-pages.ts'
import { HeadCell } from './trials-head.tsx'

const ROW = 30
const HEAD = 28

export default function TrialsTable({
  note,
  actions,
  experiment,
  filter,
  crosshair,
  mode,
  ready,
}: {
  readonly note: string
  readonly actions: ReactNode
  readonly experiment: string
  readonly filter: TrialFilter
  /** Which metrics are best. */
  readonly mode: 'min' | 'max'
  readonly crosshair: Crosshair
  readonly ready: boolean
}) {
  const view = useViewState()
  const scroller = useRef<HTMLDivElement>(null)
  const [range, setRange] = useState({ first: 0, last: 40 })
  const [sizing, setSizing] = useState<ColumnSizingState>({})
  const pages = useTrialPages(experiment, filter, range, ready)
  const data = useMemo(() => [...pages.rows.values()], [pages.rows])
  const { block } = filter
  // While the next block's rows are under way, the old ones are still shown: they say nothing about its parameters.
  const own = useMemo(() => data.filter(row => block === '' || row.block === block), [data, block])
  const keys = useStableKeys(`${experiment} ${block}`, own)
  // As one text, so that the columns are made anew only when the answer differs.
  const texts = keys.filter(key => own.some(row => typeof (row.params[key] ?? 0) !== 'number')).join('\n')
  const withBlock = block === ''
  const tags = [...new Set(own.flatMap(row => Object.keys(row.metrics ?? {})))].join('\n')
  const reduced = own.some(row => row.kept !== null)
  const columns = useMemo(() => {
    const params = keys.map(key => ({ key, numeric: !texts.split('\n').includes(key) }))
    return trialColumns(
      params,
      { block: withBlock, reduce: reduced },
      row => <TrialLink row={row} withBlock={withBlock} />,
      tags === '' ? [] : tags.split('\n'),
    )
  }, [keys, texts, withBlock, reduced, tags])
  const shown = view.get('columns')
  const visibility = useMemo(() => visibilityOf(shown), [shown])
  const table = useTable({
    features,
    columns,
    data,
    getRowId: (row: TrialView) => row.id,
    manualSorting: true,
    columnResizeMode: 'onChange' as const,
    defaultColumn: { minSize: 48, maxSize: 600 },
    state: { columnSizing: sizing, columnVisibility: visibility },
    onColumnSizingChange: setSizing,
  })
  const headers = table.getHeaderGroups()[0]?.headers ?? []
  const width = headers.reduce((sum, header) => sum + header.getSize(), 0)
  const rowOf = new Map(table.getRowModel().rows.map(row => [row.id, row]))

  const virtual = useVirtualizer({
    count: pages.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 40
  useEffect(() => setRange({ first, last }), [first, last])

  const chooser = (
    <ColumnChooser
      columns={table.getAllLeafColumns()}
      onToggle={(id, on) => view.set({ columns: columnsText({ ...visibility, [id]: on }) })}
    />
  )
  const framed = (content: ReactNode) => (
    <Panel
      flush
      title="Trials"
      note={note}
      actions={
        <>
          {actions}
          {chooser}
        </>
      }
    >
      {content}
    </Panel>
  )
  if (pages.error) return framed(<Failed text={errorText(pages.error)} retry={pages.retry} />)
  if (!pages.loaded) return framed(<SkeletonRows rows={6} height={ROW} />)
  if (pages.total === 0) return framed(<NoTrials filtered={filter.block + filter.state + filter.search !== ''} />)

  const walk = (event: React.KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-place]')
    if (step === 0 || !row) return
    event.preventDefault()
    const next = Number(row.dataset.place) + step
    if (next < 0 || next >= pages.total) return
    virtual.scrollToIndex(next)
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-place="${next}"] a`)?.focus())
  }

  return framed(
    <div ref={scroller} data-freeze className="max-h-[62vh] overflow-auto overscroll-x-contain">
      <table
        aria-label="Trials"
        aria-rowcount={pages.total + 1}
        onKeyDown={walk}
        onPointerLeave={() => crosshair.point({ trial: null })}
        className="relative block"
        style={{ minWidth: width, height: virtual.getTotalSize() + HEAD }}
      >
        <thead className="sticky top-0 z-10 block bg-surface">
          <tr className="flex border-b border-line text-xs text-faint" style={{ height: HEAD }}>
            {headers.map(header => (
              <HeadCell
                key={header.id}
                header={header}
                sort={filter.sort}
                onSort={(by, add) => view.set({ sort: sortText(nextSort(filter.sort, by, add, mode)) })}
              >
                <table.FlexRender header={header} />
              </HeadCell>
            ))}
          </tr>
        </thead>
        <tbody className="relative block">
          {items.map(item => {
            const trial = pages.rows.get(item.index)
            const row = trial && rowOf.get(trial.id)
            return (
              <tr
                key={item.key}
                aria-rowindex={item.index + 2}
                data-place={item.index}
                onPointerEnter={() => trial && crosshair.point({ trial: trial.id })}
                className="absolute inset-x-0 top-0 flex items-center border-b border-line focus-within:bg-hover hover:bg-hover"
                style={{ height: ROW, transform: `translateY(${item.start}px)` }}
              >
                {row ? (
                  row.getVisibleCells().map(cell => (
                    <td
                      key={cell.id}
                      className={cx(
                        'block shrink-0 truncate px-2 text-xs first:pl-3',
                        cell.column.columnDef.meta?.align === 'right' && 'text-right',
                      )}
                      style={{ width: cell.column.getSize() }}
                    >
                      <table.FlexRender cell={cell} />
                    </td>
                  ))
                ) : (
                  <td className="skeleton mx-3 block h-3 w-1/2" />
                )}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>,
  )
}

function NoTrials({ filtered }: { readonly filtered: boolean }) {
  const view = useViewState()
  if (!filtered) {
    return (
      <Empty icon={Hourglass} title="No trials yet">
        <p>A block's trials are made when its turn comes; a paused experiment makes them once it is resumed.</p>
      </Empty>
    )
  }
  return (
    <Empty icon={SearchX} title="No trial matches">
      <p>No trial of this experiment fits the block, state and search chosen.</p>
      <Button className="mt-3" onClick={() => view.set({ q: '', state: '', block: '' })}>
        Clear filters
      </Button>
    </Empty>
  )
}

/** Differing parameters of the rows seen so far: columns never vanish while one scrolls. */
function useStableKeys(scope: string, rows: readonly TrialView[]): readonly string[] {
  const [state, setState] = useState<{ scope: string; keys: readonly string[] }>({ scope, keys: [] })
  const found = useMemo(() => differingKeys(rows), [rows])
  const stale = state.scope !== scope
  const base = stale ? [] : state.keys
  const keys = [...base, ...found.filter(key => !base.includes(key))].slice(0, 40)
  if (stale || keys.length !== base.length) setState({ scope, keys })
  return stale ? keys : state.keys
}

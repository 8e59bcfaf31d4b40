'use client'
/**
 * The trials: sorted and filtered on the hub, only the rows in view in the document. Columns can be sorted (Shift adds),
 * resized, chosen; arrow keys walk the rows, Enter opens.
 */
import { type ColumnSizingState, useTable } from '@tanstack/react-table'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, Columns3, SearchX } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useMemo, useRef, useState } from 'react'
import { errorText } from '../api/client.ts'
import type { TrialView } from '../api/views.ts'
import type { Crosshair } from '../chart/crosshair.ts'
import { differingKeys } from '../format/param.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { Menu, MenuLabel, MenuTick } from '../ui/menu.tsx'
import { Empty, Failed, SkeletonRows } from '../ui/panel.tsx'
import { useViewState } from '../ui/view-state.ts'
import { features, HIDDEN, Swatch, trialColumns } from './trial-columns.tsx'
import { type Sort, sortText, type TrialFilter } from './trial-filter.ts'
import { useTrialPages } from './trial-pages.ts'

const ROW = 30
const HEAD = 28

export function TrialsTable({
  experiment,
  filter,
  crosshair,
  ready,
}: {
  readonly experiment: string
  readonly filter: TrialFilter
  readonly crosshair: Crosshair
  readonly ready: boolean
}) {
  const view = useViewState()
  const scroller = useRef<HTMLDivElement>(null)
  const [range, setRange] = useState({ first: 0, last: 40, total: 0 })
  const [sizing, setSizing] = useState<ColumnSizingState>({})
  const pages = useTrialPages(experiment, filter, range, ready)
  const data = useMemo(() => [...pages.rows.values()], [pages.rows])

  // While the next block's rows are under way, the old ones are still shown: they say nothing about its parameters.
  const own = useMemo(() => data.filter(row => filter.block === '' || row.block === filter.block), [data, filter.block])
  const keys = useStableKeys(`${experiment} ${filter.block}`, own)
  const withBlock = filter.block === ''
  const columns = useMemo(
    () => trialColumns(keys, withBlock, row => <TrialLink row={row} withBlock={withBlock} />),
    [keys, withBlock],
  )
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
  const cellsOf = new Map(table.getRowModel().rows.map(row => [row.id, row]))

  const virtual = useVirtualizer({
    count: pages.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    scrollMargin: 0,
  })
  const items = virtual.getVirtualItems()
  const first = items[0]?.index ?? 0
  const last = items.at(-1)?.index ?? 40
  useEffect(() => setRange({ first, last, total: pages.total }), [first, last, pages.total])

  const sortBy = (by: string, add: boolean) => {
    const old = filter.sort.find(one => one.by === by)
    const next: Sort[] =
      old === undefined ? [{ by, desc: firstDown(by) }] : old.desc === firstDown(by) ? [{ by, desc: !old.desc }] : []
    const others = add ? filter.sort.filter(one => one.by !== by) : []
    view.set({ sort: sortText([...others, ...next]) })
  }
  const toggle = (id: string, on: boolean) => view.set({ columns: columnsText({ ...visibility, [id]: on }) })

  if (pages.error) return <Failed text={errorText(pages.error)} retry={pages.retry} />
  if (!pages.loaded) return <SkeletonRows rows={6} height={ROW} />
  if (pages.total === 0) {
    return (
      <Empty icon={SearchX} title="No trial matches">
        <p>Trials appear here as soon as the plan makes them; with a filter, only those that fit.</p>
        <Button className="mt-3" onClick={() => view.set({ q: '', state: '', block: '' })}>
          Clear filters
        </Button>
      </Empty>
    )
  }

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

  return (
    <div
      ref={scroller}
      data-freeze
      role="table"
      aria-label="Trials"
      aria-rowcount={pages.total + 1}
      onKeyDown={walk}
      onPointerLeave={() => crosshair.point({ trial: null })}
      className="relative max-h-[62vh] overflow-auto overscroll-x-contain"
    >
      <div style={{ minWidth: width + 36, height: virtual.getTotalSize() + HEAD }}>
        {/* biome-ignore lint/a11y/useFocusableInteractive: the buttons within take the focus */}
        <div
          role="row"
          className="sticky top-0 z-10 flex border-b border-line bg-surface text-xs text-faint"
          style={{ height: HEAD }}
        >
          {headers.map(header => {
            const meta = header.column.columnDef.meta
            const at = filter.sort.findIndex(one => one.by === meta?.sort)
            const sort = filter.sort[at]
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: the button within takes the focus
              <div
                key={header.id}
                role="columnheader"
                aria-sort={sort ? (sort.desc ? 'descending' : 'ascending') : 'none'}
                className={cx(
                  'relative flex shrink-0 items-center px-2 first:pl-3',
                  meta?.align === 'right' && 'justify-end',
                )}
                style={{ width: header.getSize() }}
              >
                {meta?.sort ? (
                  <button
                    type="button"
                    title={meta.title ?? 'Sort; Shift adds to the sort'}
                    onClick={event => sortBy(meta.sort ?? '', event.shiftKey)}
                    className={cx('flex min-w-0 items-center gap-0.5 hover:text-ink', sort && 'text-ink')}
                  >
                    <span className="truncate">
                      <table.FlexRender header={header} />
                    </span>
                    {sort &&
                      (sort.desc ? (
                        <ArrowDown aria-hidden className="size-3" />
                      ) : (
                        <ArrowUp aria-hidden className="size-3" />
                      ))}
                    {sort && filter.sort.length > 1 && <sub className="text-2xs">{at + 1}</sub>}
                  </button>
                ) : (
                  <span className="truncate" title={meta?.title}>
                    <table.FlexRender header={header} />
                  </span>
                )}
                <span
                  aria-hidden
                  onMouseDown={header.getResizeHandler()}
                  onTouchStart={header.getResizeHandler()}
                  onDoubleClick={() => header.column.resetSize()}
                  className="absolute top-1.5 right-0 h-4 w-1.5 cursor-col-resize touch-none border-r border-line select-none hover:border-accent"
                />
              </div>
            )
          })}
          <div className="sticky right-0 ml-auto bg-surface">
            <Menu
              trigger={
                <button
                  type="button"
                  aria-label="Choose columns"
                  title="Choose columns"
                  className="flex h-full w-9 items-center justify-center hover:text-ink"
                >
                  <Columns3 aria-hidden className="size-3.5" />
                </button>
              }
            >
              <MenuLabel>Columns</MenuLabel>
              {table
                .getAllLeafColumns()
                .filter(column => !column.columnDef.meta?.fixed)
                .map(column => (
                  <MenuTick key={column.id} checked={column.getIsVisible()} onChange={on => toggle(column.id, on)}>
                    <span className="max-w-64 truncate">{String(column.columnDef.header)}</span>
                  </MenuTick>
                ))}
            </Menu>
          </div>
        </div>
        <div role="rowgroup" className="relative">
          {items.map(item => {
            const trial = pages.rows.get(item.index)
            const row = trial && cellsOf.get(trial.id)
            return (
              // biome-ignore lint/a11y/useFocusableInteractive: the link within takes the focus
              <div
                key={item.key}
                role="row"
                aria-rowindex={item.index + 2}
                data-place={item.index}
                onPointerEnter={() => trial && crosshair.point({ trial: trial.id })}
                className="absolute inset-x-0 top-0 flex items-center border-b border-line focus-within:bg-hover hover:bg-hover"
                style={{ height: ROW, transform: `translateY(${item.start}px)` }}
              >
                {row ? (
                  row.getVisibleCells().map(cell => (
                    // biome-ignore lint/a11y/useFocusableInteractive: a plain cell
                    <div
                      key={cell.id}
                      role="cell"
                      className={cx(
                        'shrink-0 truncate px-2 text-xs first:pl-3',
                        cell.column.columnDef.meta?.align === 'right' && 'text-right',
                      )}
                      style={{ width: cell.column.getSize() }}
                    >
                      <table.FlexRender cell={cell} />
                    </div>
                  ))
                ) : (
                  <span className="skeleton mx-3 h-3 w-1/2" />
                )}
              </div>
            )
          })}
        </div>
      </div>
    </div>
  )
}

function TrialLink({ row, withBlock }: { readonly row: TrialView; readonly withBlock: boolean }) {
  return (
    <Link
      href={`/t/${encodeURIComponent(row.id)}`}
      prefetch={false}
      className="nums flex items-center gap-2 font-medium after:absolute after:inset-0 focus-visible:outline-none"
    >
      <Swatch number={row.number} />
      {withBlock && <span className="truncate">{row.block}</span>}
      <span className={withBlock ? 'text-faint' : ''}>{row.number}</span>
    </Link>
  )
}

/** Metrics are first sorted best (largest) first, everything else ascending. */
function firstDown(by: string): boolean {
  return by === 'metric' || by === 'best'
}

/** Differing parameters of the rows seen so far: columns never vanish while one scrolls. */
function useStableKeys(scope: string, rows: readonly TrialView[]): readonly string[] {
  const [state, setState] = useState<{ scope: string; keys: readonly string[] }>({ scope, keys: [] })
  const found = useMemo(() => differingKeys(rows), [rows])
  const base = state.scope === scope ? state.keys : []
  const more = found.filter(key => !base.includes(key))
  const stale = state.scope !== scope
  if (stale || more.length > 0) {
    const keys = [...base, ...more].slice(0, 40)
    if (stale || keys.length !== base.length) setState({ scope, keys })
  }
  return state.scope === scope ? state.keys : found
}

/** `columns=-agent,+backend`: what differs from the columns shown by themselves. */
function visibilityOf(text: string): { [id: string]: boolean } {
  const visible: { [id: string]: boolean } = Object.fromEntries(HIDDEN.map(id => [id, false]))
  for (const part of text.split(',')) {
    if (part.startsWith('-')) visible[part.slice(1)] = false
    else if (part.startsWith('~')) visible[part.slice(1)] = true
  }
  return visible
}

function columnsText(visible: { readonly [id: string]: boolean }): string {
  return Object.entries(visible)
    .flatMap(([id, on]) => (HIDDEN.includes(id) ? (on ? [`~${id}`] : []) : on ? [] : [`-${id}`]))
    .join(',')
}

'use client'
/** Columns of the trials table. `sort` is the name that the hub sorts by; a column without it cannot be sorted. */
import {
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  createColumnHelper,
  metaHelper,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table'
import { FileX2 } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import type { TrialView } from '../api/views.ts'
import { NOTHING } from '../format/number.ts'
import { columnNames, paramText } from '../format/param.ts'
import { plainText } from '../format/plain.ts'
import { Ago, Spent } from '../ui/clock.tsx'
import { Metric } from '../ui/metric.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { Swatch } from '../ui/swatch.tsx'

interface ColumnMeta {
  readonly title?: string
  readonly align?: 'right'
  readonly sort?: string
  /** Part of the identity of the row: cannot be hidden. */
  readonly fixed?: boolean
}

export const features = tableFeatures({
  rowSortingFeature,
  columnSizingFeature,
  columnResizingFeature,
  columnVisibilityFeature,
  columnMeta: metaHelper<ColumnMeta>(),
})

/** A parameter; numbers stand at the right, like every other number. */
export interface ParamColumn {
  readonly key: string
  readonly numeric: boolean
}

const helper = createColumnHelper<typeof features, TrialView>()

/** Hidden until asked for. */
export const HIDDEN: readonly string[] = ['best_step', 'variant', 'backend', 'epoch', 'failures', 'created', 'reason']

/** `has`: what some row has, so that a column for it says something. `tags`: what a search looks at beside the metric. */
export function trialColumns(
  params: readonly ParamColumn[],
  has: { readonly block: boolean; readonly reduce: boolean },
  first: (row: TrialView) => ReactNode,
  tags: readonly string[] = [],
) {
  const names = columnNames(params.map(param => param.key))
  const number = { align: 'right' as const }
  return helper.columns([
    helper.display({
      id: 'number',
      header: has.block ? 'Trial' : '#',
      size: has.block ? 132 : 60,
      meta: { sort: 'number', fixed: true },
      cell: ({ row }) => first(row.original),
    }),
    helper.display({
      id: 'state',
      header: 'State',
      size: 104,
      meta: { sort: 'state' },
      cell: ({ row: { original } }) => (
        <span className="inline-flex items-center gap-1.5">
          <StateBadge state={original.state} reason={original.reason} className="text-xs" />
          {original.truncated && (
            <span title="Its output was cut: more than the agent's limit" className="text-warning">
              <FileX2 role="img" aria-label="output cut" className="size-3.5" />
            </span>
          )}
        </span>
      ),
    }),
    helper.display({
      id: 'best',
      header: 'Best',
      size: 78,
      meta: { ...number, sort: 'best', title: 'Best metric so far, in the direction of the block' },
      cell: ({ row }) => <Metric value={row.original.best} className="font-medium" />,
    }),
    helper.display({
      id: 'metric',
      header: 'Last',
      size: 78,
      meta: { ...number, sort: 'metric', title: 'Metric of the last step' },
      cell: ({ row }) => <Metric value={row.original.metric} />,
    }),
    ...tags.map(tag =>
      helper.display({
        id: `metrics.${tag}`,
        header: tag,
        size: paramWidth(tag),
        meta: { ...number, title: `${tag}, as of the last step` },
        cell: ({ row }) => <Metric value={row.original.metrics?.[tag]} />,
      }),
    ),
    ...params.map(({ key, numeric }) =>
      helper.display({
        id: `params.${key}`,
        header: names.get(key) ?? key,
        size: paramWidth(names.get(key) ?? key),
        meta: { sort: `params.${key}`, title: key, ...(numeric ? number : {}) },
        cell: ({ row }) => {
          const text = paramText(row.original.params[key])
          return (
            <span title={text} className={numeric ? 'nums' : 'nums mono'}>
              {text}
            </span>
          )
        },
      }),
    ),
    helper.display({
      id: 'step',
      header: 'Step',
      size: 54,
      meta: { ...number, sort: 'step' },
      cell: ({ row }) => <span className="nums">{row.original.step}</span>,
    }),
    helper.display({
      id: 'best_step',
      header: 'Best step',
      size: 84,
      meta: { ...number, sort: 'best_step' },
      cell: ({ row }) => <span className="nums">{row.original.best_step ?? NOTHING}</span>,
    }),
    ...(has.reduce
      ? [
          helper.display({
            id: 'kept',
            header: 'Reduce',
            size: 74,
            meta: { title: 'Whether reduce kept the trial' },
            cell: ({ row }) =>
              row.original.kept === null ? (
                <span className="text-faint">{NOTHING}</span>
              ) : row.original.kept ? (
                <span className="font-medium text-ok">kept</span>
              ) : (
                <span className="text-faint">not kept</span>
              ),
          }),
        ]
      : []),
    helper.display({
      id: 'agent',
      header: 'Agent',
      size: 96,
      meta: {},
      cell: ({ row }) => (
        <span title={row.original.agent ?? ''}>
          {row.original.agent ?? <i className="text-faint not-italic">{NOTHING}</i>}
        </span>
      ),
    }),
    helper.display({
      id: 'duration',
      header: 'Time',
      size: 84,
      meta: { ...number, sort: 'duration' },
      cell: ({ row }) => <Spent row={row.original} />,
    }),
    helper.display({
      id: 'backend',
      header: 'Backend',
      size: 96,
      meta: {},
      cell: ({ row }) => <span className="mono">{row.original.backend ?? NOTHING}</span>,
    }),
    helper.display({
      id: 'variant',
      header: 'Variant',
      size: 92,
      meta: {},
      cell: ({ row }) => <span className="mono text-faint">{row.original.variant}</span>,
    }),
    helper.display({
      id: 'epoch',
      header: 'Attempts',
      size: 80,
      meta: { ...number, sort: 'epoch' },
      cell: ({ row }) => <span className="nums">{row.original.epoch}</span>,
    }),
    helper.display({
      id: 'failures',
      header: 'Failures',
      size: 80,
      meta: { ...number, sort: 'failures' },
      cell: ({ row }) => <span className="nums">{row.original.failures}</span>,
    }),
    helper.display({
      id: 'created',
      header: 'Created',
      size: 92,
      meta: { ...number, sort: 'created' },
      cell: ({ row }) => <Ago time={row.original.created} />,
    }),
    helper.display({
      id: 'reason',
      header: 'Reason',
      size: 240,
      meta: {},
      cell: ({ row }) => (
        <span title={plainText(row.original.reason ?? '')} className="text-muted">
          {plainText(row.original.reason ?? '')}
        </span>
      ),
    }),
  ])
}

/** px for a heading of so many letters, with room for a value and the sort's arrow. */
function paramWidth(name: string): number {
  return Math.min(160, Math.max(88, 36 + 6.6 * name.length))
}

export function TrialLink({ row, withBlock }: { readonly row: TrialView; readonly withBlock: boolean }) {
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

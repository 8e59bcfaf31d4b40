'use client'
/** The experiments as a table; on phones a row keeps name, state, progress and best value. */
import { Archive, ArchiveRestore, Ellipsis, FileText } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { errorText } from '../api/client.ts'
import { useWrite } from '../api/query.ts'
import type { ExperimentSummary } from '../api/views.ts'
import { IconButton } from '../ui/button.tsx'
import { Ago, Spent } from '../ui/clock.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Metric } from '../ui/metric.tsx'
import { BlocksBar, CountsBar, CountsText, StateBadge } from '../ui/state-badge.tsx'
import { useToast } from '../ui/toast.tsx'

export function ExperimentRows({ items }: { readonly items: readonly ExperimentSummary[] }) {
  return (
    <table className="w-full table-fixed border-collapse">
      <thead className="text-xs text-faint">
        <tr className="h-7 border-b border-line">
          <th className="px-3 md:pl-5">Name</th>
          <th className="w-30 px-2 max-md:hidden">State</th>
          <th className="w-28 px-2 max-lg:hidden">Blocks</th>
          <th className="w-26 px-2 sm:w-44">Trials</th>
          <th className="w-20 px-2 text-right sm:w-24">Best</th>
          <th className="w-56 px-2 pl-6 max-xl:hidden">Tags</th>
          <th className="w-24 px-2 text-right max-lg:hidden">Elapsed</th>
          <th className="w-24 px-2 text-right max-md:hidden">Created</th>
          <th className="w-10 px-1 max-sm:hidden">
            <span className="sr-only">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody data-freeze>
        {items.map(item => (
          <Row key={item.id} item={item} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ item }: { readonly item: ExperimentSummary }) {
  return (
    <tr className="relative h-[34px] border-b max-md:h-13 border-line hover:bg-hover focus-within:bg-hover">
      <td className="px-3 md:pl-5">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            href={`/e/${encodeURIComponent(item.id)}`}
            className="truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent"
          >
            {item.name}
          </Link>
          <span className="mono shrink-0 text-xs text-faint max-sm:hidden">{item.id}</span>
        </div>
        <div className="flex items-center gap-2 text-xs text-faint md:hidden">
          <StateBadge state={item.state} reason={item.reason} />
          <Ago time={item.created} />
        </div>
      </td>
      <td className="truncate px-2 max-md:hidden">
        <StateBadge state={item.state} reason={item.reason} />
      </td>
      <td className="px-2 max-lg:hidden">
        <BlocksBar blocks={item.blocks} />
      </td>
      <td className="px-2">
        <div className="flex items-center gap-2 max-sm:flex-col-reverse max-sm:items-stretch max-sm:gap-1">
          <CountsBar counts={item.trials} total={item.trials_total} />
          <CountsText counts={item.trials} total={item.trials_total} className="min-w-14 text-right" />
        </div>
      </td>
      <td className="truncate px-2 text-right">
        <span title={item.best ? `${item.best.mode} of block ${item.best.block}, trial ${item.best.trial}` : undefined}>
          <Metric value={item.best?.metric} className="font-medium" />
        </span>
      </td>
      <td className="px-2 pl-6 max-xl:hidden">
        <div className="flex gap-1 overflow-hidden">
          {item.tags.slice(0, 2).map(tag => (
            <span
              key={tag}
              title={tag}
              className="max-w-24 shrink-0 truncate rounded-sm bg-sunken px-1.5 text-2xs leading-5 text-muted"
            >
              {tag}
            </span>
          ))}
          {item.tags.length > 2 && (
            <span title={item.tags.slice(2).join(', ')} className="relative z-10 text-2xs leading-5 text-faint">
              +{item.tags.length - 2}
            </span>
          )}
        </div>
      </td>
      <td className="px-2 text-right text-xs text-muted max-lg:hidden">
        <Spent row={item} />
      </td>
      <td className="px-2 text-right text-xs whitespace-nowrap text-muted max-md:hidden">
        <Ago time={item.created} />
      </td>
      <td className="relative z-10 px-1 max-sm:hidden">
        <RowMenu item={item} />
      </td>
    </tr>
  )
}

function RowMenu({ item }: { readonly item: ExperimentSummary }) {
  const router = useRouter()
  const toast = useToast()
  const archive = useWrite('experiments.archive', ['experiments.list'])
  const Icon = item.archived ? ArchiveRestore : Archive
  return (
    <Menu trigger={<IconButton label={`Actions for ${item.name}`} icon={Ellipsis} />}>
      <MenuItem onSelect={() => router.push(`/e/${encodeURIComponent(item.id)}?tab=config`)}>
        <FileText aria-hidden className="size-4" /> Configuration
      </MenuItem>
      <MenuItem
        onSelect={() =>
          archive.mutate(
            { id: item.id, archived: !item.archived },
            { onError: error => toast({ kind: 'error', text: errorText(error) }) },
          )
        }
      >
        <Icon aria-hidden className="size-4" /> {item.archived ? 'Take out of the archive' : 'Archive'}
      </MenuItem>
    </Menu>
  )
}

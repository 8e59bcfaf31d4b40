'use client'
/** What happened, newest first, in sentences. Older entries are read on demand. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { History } from 'lucide-react'
import { errorText, read } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import { plainText } from '../format/plain.ts'
import { clockText, dateText } from '../format/time.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Failed, SkeletonRows } from '../ui/panel.tsx'

const PAGE = 100

export default function EventsTab({ id, ready }: { readonly id: string; readonly ready: boolean }) {
  // The newest page is live; what is older never changes, so it is read once.
  const newest = useRead('experiments.events', { id, limit: PAGE }, { enabled: ready })
  const oldest = newest.data?.items.at(-1)?.seq
  const older = useInfiniteQuery({
    queryKey: ['events.older', id] as const,
    queryFn: ({ pageParam, signal }) => read('experiments.events', { id, limit: PAGE, before: pageParam }, signal),
    initialPageParam: oldest ?? 0,
    getNextPageParam: page => (page.items.length < PAGE ? null : page.items.at(-1)?.seq),
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  if (newest.isError && !newest.data) return <Failed text={errorText(newest.error)} retry={() => newest.refetch()} />
  if (!newest.data) return <SkeletonRows rows={8} height={28} />
  const seen = new Set(newest.data.items.map(item => item.seq))
  const items = [
    ...newest.data.items,
    ...(older.data?.pages.flatMap(page => page.items) ?? []).filter(item => !seen.has(item.seq)),
  ]
  if (items.length === 0) {
    return (
      <Empty icon={History} title="Nothing has happened yet">
        <p>Starts, ends, retries, reduces and commands are listed here as they happen.</p>
      </Empty>
    )
  }
  const more = older.data ? older.hasNextPage : newest.data.items.length >= PAGE
  return (
    <div className="max-w-5xl p-3 md:px-5">
      <ol className="rounded-lg border border-line bg-surface" data-freeze>
        {items.map(item => (
          <li
            key={item.seq}
            className="flex gap-3 border-b border-line px-3 py-1 text-xs leading-5 last:border-b-0 hover:bg-hover"
          >
            <time
              dateTime={new Date(item.time).toISOString()}
              title={dateText(item.time)}
              className="nums shrink-0 text-faint"
            >
              {clockText(item.time)}
            </time>
            <span className="min-w-0 flex-1 break-words">{plainText(item.text)}</span>
            <span className="nums shrink-0 text-faint max-sm:hidden">#{item.seq}</span>
          </li>
        ))}
      </ol>
      {more && (
        <div className="flex justify-center pt-3">
          <Button disabled={older.isFetching} onClick={() => (older.data ? older.fetchNextPage() : older.refetch())}>
            {older.isFetching ? 'Loading' : 'Older'}
          </Button>
        </div>
      )}
    </div>
  )
}

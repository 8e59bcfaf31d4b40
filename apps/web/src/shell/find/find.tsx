'use client'
/**
 * The search over everything, driven by the keyboard: experiments by name, id or tag, blocks, trials (`train 3`), agents, pages.
 * The hub searches; before anything is typed the newest experiments stand there. Loaded apart.
 */
import { useQuery } from '@tanstack/react-query'
import { FlaskConical, type LucideIcon, PanelsTopLeft, Search, Server, Waypoints } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { Dialog as Radix } from 'radix-ui'
import { useEffect, useRef, useState } from 'react'
import { errorText, read } from '../../api/client.ts'
import { useRead } from '../../api/query.ts'
import { cx } from '../../ui/class.ts'
import { useDebounced } from '../../ui/debounced.ts'
import { StateBadge } from '../../ui/state-badge.tsx'
import { Swatch } from '../../ui/swatch.tsx'
import { foundPlace, nextPlace, type Place, pagePlaces } from './places.ts'

const EACH = 8
const ICONS: { readonly [G in Place['group']]: LucideIcon | null } = {
  Trials: null,
  Experiments: FlaskConical,
  Blocks: Waypoints,
  Agents: Server,
  Pages: PanelsTopLeft,
}

export default function Find({ onClose }: { readonly onClose: () => void }) {
  const router = useRouter()
  const list = useRef<HTMLDivElement>(null)
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const { places, error, reading } = usePlaces(text.trim())
  const chosen = Math.min(at, Math.max(0, places.length - 1))
  const go = (place: Place | undefined, aside: boolean) => {
    if (!place) return
    if (aside) {
      window.open(place.href, '_blank', 'noopener')
      return
    }
    onClose()
    router.push(place.href)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chosen place is scrolled to when it changes
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [chosen])
  return (
    <Radix.Root open onOpenChange={open => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-40 bg-black/35" />
        <Radix.Content
          aria-describedby={undefined}
          className="fade-in fixed top-[9vh] left-1/2 z-40 flex max-h-[78vh] w-[calc(100vw-24px)] max-w-2xl -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line-strong bg-raised shadow-float focus:outline-none"
        >
          <Radix.Title className="sr-only">Search everything</Radix.Title>
          <div className="flex h-11 shrink-0 items-center gap-2.5 border-b border-line px-3.5">
            <Search aria-hidden className="size-4 shrink-0 text-faint" strokeWidth={1.75} />
            <input
              // biome-ignore lint/a11y/noAutofocus: a dialog that one opens to type in
              autoFocus
              role="combobox"
              aria-label="Search experiments, blocks, trials, agents and pages"
              aria-expanded={places.length > 0}
              aria-controls="found"
              aria-activedescendant={places.length > 0 ? `found-${chosen}` : undefined}
              autoComplete="off"
              spellCheck={false}
              maxLength={200}
              placeholder="Experiment, tag, block, trial (train 3), agent …"
              value={text}
              onChange={event => {
                setText(event.target.value)
                setAt(0)
              }}
              onKeyDown={event => {
                if (event.key === 'Enter') {
                  event.preventDefault()
                  go(places[chosen], event.metaKey || event.ctrlKey)
                } else if (nextPlace(chosen, event.key, places.length) !== chosen) {
                  event.preventDefault()
                  setAt(nextPlace(chosen, event.key, places.length))
                }
              }}
              className="h-full min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-faint"
            />
            <kbd className="rounded-sm border border-line px-1 text-2xs leading-4 text-faint max-sm:hidden">Esc</kbd>
          </div>
          <div
            ref={list}
            id="found"
            role="listbox"
            aria-label="Found"
            className={cx('min-h-24 overflow-y-auto p-1.5', reading && 'opacity-60')}
          >
            {places.map((place, i) => (
              <Option
                key={`${place.group} ${place.href}`}
                place={place}
                headed={places[i - 1]?.group !== place.group}
                id={`found-${i}`}
                chosen={i === chosen}
                onPoint={() => setAt(i)}
                onChoose={aside => go(place, aside)}
              />
            ))}
          </div>
          {places.length === 0 && (
            <p role="status" className="px-3.5 pt-2 pb-8 text-center text-muted">
              {error ?? (reading ? 'Searching' : 'Nothing on this hub has that name.')}
            </p>
          )}
          <p className="flex gap-4 border-t border-line bg-sunken px-3.5 py-1.5 text-2xs text-faint max-sm:hidden">
            <span>↑ ↓ choose</span>
            <span>↵ open</span>
            <span>Ctrl ↵ in a new tab</span>
          </p>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Option({
  place,
  headed,
  id,
  chosen,
  onPoint,
  onChoose,
}: {
  readonly place: Place
  readonly headed: boolean
  readonly id: string
  readonly chosen: boolean
  readonly onPoint: () => void
  readonly onChoose: (aside: boolean) => void
}) {
  const Icon = ICONS[place.group]
  return (
    <>
      {headed && (
        <div role="presentation" className="px-2 pt-2 pb-1 text-2xs font-medium text-faint first:pt-0.5">
          {place.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are taken by the input, which keeps the focus */}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={chosen}
        onPointerMove={onPoint}
        onClick={event => onChoose(event.metaKey || event.ctrlKey)}
        className={cx(
          'flex h-8 cursor-pointer items-center gap-2.5 rounded-md px-2 pointer-coarse:h-10',
          chosen && 'bg-hover',
        )}
      >
        <span className="flex size-4 shrink-0 items-center justify-center text-faint">
          {Icon ? <Icon aria-hidden className="size-4" strokeWidth={1.75} /> : <Swatch number={trialNumber(place)} />}
        </span>
        <span className="max-w-[70%] shrink-0 truncate font-medium">{place.name}</span>
        <span className="min-w-0 flex-1 truncate text-xs text-faint">{place.of}</span>
        {place.state !== null && <StateBadge state={place.state} className="text-xs" />}
      </div>
    </>
  )
}

function trialNumber(place: Place): number {
  return Number(place.name.split('#').at(-1)) || 1
}

function usePlaces(text: string) {
  const settled = useDebounced(text, 120)
  const empty = settled === ''
  // A key of its own: under `experiments.list` the cache holds pages, which live changes patch.
  const newest = useQuery({
    queryKey: ['find.newest'] as const,
    queryFn: ({ signal }) => read('experiments.list', { limit: EACH, archived: false }, signal),
    enabled: empty,
    staleTime: 5_000,
  })
  const found = useRead(
    'search.find',
    { text: settled, limit: EACH },
    { enabled: !empty, keep: true, staleTime: 2_000 },
  )
  const answer = empty ? newest : found
  const experiments = (newest.data?.items ?? []).map(item =>
    foundPlace({
      kind: 'experiment',
      id: item.id,
      experiment: item.id,
      name: item.name,
      of: item.tags.join(', '),
      state: item.state,
    }),
  )
  const hub = empty ? experiments : (found.data?.items ?? []).map(foundPlace)
  return {
    places: [...hub, ...pagePlaces(settled)],
    error: answer.isError ? errorText(answer.error) : null,
    reading: settled !== text || answer.isFetching,
  }
}

/** What the search over everything can lead to: the hub's finds and the pages, as one list of places in groups. Pure. */
import type { FoundView } from '../../api/views.ts'

export interface Place {
  readonly group: 'Trials' | 'Experiments' | 'Blocks' | 'Agents' | 'Pages'
  readonly href: string
  readonly name: string
  /** What it belongs to, or says. */
  readonly of: string
  readonly state: FoundView['state'] | null
}

const PAGES: readonly Place[] = [
  { group: 'Pages', href: '/', name: 'Experiments', of: 'all experiments, newest first', state: null },
  { group: 'Pages', href: '/agents', name: 'Agents', of: 'machines, slots and backends', state: null },
  { group: 'Pages', href: '/submit', name: 'New experiment', of: 'write and submit a file', state: null },
  {
    group: 'Pages',
    href: '/?archived=1',
    name: 'Archived experiments',
    of: 'put away, with all they hold',
    state: null,
  },
]

/** Pages whose words hold every word typed; all of them for an empty text. */
export function pagePlaces(text: string): readonly Place[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return PAGES.filter(({ name, of }) => words.every(word => `${name} ${of}`.toLowerCase().includes(word)))
}

export function foundPlace(found: FoundView): Place {
  const { id, name, of, state } = found
  const experiment = `/e/${encodeURIComponent(found.experiment ?? '')}`
  switch (found.kind) {
    case 'experiment':
      return { group: 'Experiments', href: experiment, name, of: of === '' ? id : `${id} · ${of}`, state }
    case 'block':
      return { group: 'Blocks', href: `${experiment}?block=${encodeURIComponent(id)}`, name, of, state }
    case 'trial':
      return { group: 'Trials', href: `/t/${encodeURIComponent(id)}`, name, of, state }
    case 'agent':
      return { group: 'Agents', href: `/agents?agent=${encodeURIComponent(id)}`, name, of, state }
  }
}

/** The place that an arrow key leads to, around the ends. */
export function nextPlace(at: number, key: string, count: number): number {
  if (count === 0) return 0
  if (key === 'ArrowDown') return (at + 1) % count
  if (key === 'ArrowUp') return (at - 1 + count) % count
  if (key === 'PageDown') return Math.min(count - 1, at + 8)
  if (key === 'PageUp') return Math.max(0, at - 8)
  return at
}

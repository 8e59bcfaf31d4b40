/** One line of an experiment's feed: what happened, in words, and what changed by it. */
import type { Event } from '@flambe/engine'
import type { FeedItem } from '@flambe/store'
import type { Committed } from '../rows/committed.ts'

export function feedText(rows: Committed, { event, changed }: FeedItem): string {
  const effects = changed.map(({ kind, id, state, reason }) => {
    const name =
      kind === 'block' ? `block ${id.split('.').at(-1)}` : kind === 'experiment' ? 'experiment' : `${kind} ${short(id)}`
    return `${name} ${state}${reason === null ? '' : ` (${reason})`}`
  })
  const shown = effects.slice(0, 4).join(', ') + (effects.length > 4 ? ` and ${effects.length - 4} more` : '')
  const cause = causeText(rows, event)
  return shown === '' ? cause : `${cause}: ${shown}`
}

function causeText(rows: Committed, event: Event): string {
  const agent = (id: string) => rows.agents.get(id)?.name ?? id
  switch (event.type) {
    case 'experiment-submitted':
      return `submitted by ${event.user}${event.paused ? ', paused' : ''}`
    case 'experiment-commanded':
      return `${event.command} asked`
    case 'trial-commanded':
      return `${event.command} of trial ${short(event.trial)} asked`
    case 'agent-connected':
      return `agent ${event.name} connected`
    case 'agent-silent':
      return `agent ${agent(event.agent)} ${event.state}`
    case 'agent-commanded':
      return `agent ${agent(event.agent)} ${event.command}d`
    case 'attempt-started':
      return `attempt ${short(event.attempt)} started`
    case 'attempt-reported':
      return `attempt ${short(event.attempt)} reported step ${event.step}`
    case 'attempt-saved':
      return `attempt ${short(event.attempt)} saved step ${event.checkpoint.step}`
    case 'attempt-ended':
      return event.exit.kind === 'failed'
        ? `attempt ${short(event.attempt)} failed: ${event.exit.failure.message.split('\n')[0]?.slice(0, 200)}`
        : `attempt ${short(event.attempt)} ${event.exit.kind}`
  }
}

/** Without the experiment, which the reader is looking at. */
const short = (id: string): string => id.split('.').slice(1).join('.')

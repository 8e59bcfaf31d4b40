/**
 * One line of an experiment's feed: what happened, in a person's words, and what came of it. What the cause says already is
 * not said again; attempts show only as their trials.
 */
import type { Event } from '@flambe/engine'
import type { FeedItem } from '@flambe/store'
import type { Committed } from '../rows/committed.ts'

type Change = FeedItem['changed'][number]

/** Effects in one line. */
const MOST = 6

export function feedText(rows: Committed, { event, changed: all }: FeedItem, experiment: string): string {
  const changed = all.filter(({ id }) => id === experiment || id.startsWith(`${experiment}.`))
  const about = experimentOf(event)
  const cause = about === null || about === experiment ? causeText(rows, event, changed) : elsewhere(event)
  const effects = [...ended(changed), ...trialEffects(event, changed), ...started(changed)]
  return [cause, ...effects.slice(0, MOST), ...(effects.length > MOST ? ['...'] : [])].join('; ')
}

/** Null: the event is about no experiment. */
function experimentOf(event: Event): string | null {
  if ('experiment' in event) return event.experiment
  if ('trial' in event) return event.trial.split('.')[0] ?? null
  return 'attempt' in event ? (event.attempt.split('.')[0] ?? null) : null
}

/** What another experiment does is not told here, only what follows for this one. */
const elsewhere = (event: Event): string =>
  event.type === 'attempt-ended' ? 'a slot became free' : 'another experiment changed'

function causeText(rows: Committed, event: Event, changed: readonly Change[]): string {
  const agent = (id: string) => rows.agents.get(id)?.name ?? id
  switch (event.type) {
    case 'experiment-submitted':
      return `submitted by ${event.user}${event.paused ? ', paused' : ''}`
    case 'experiment-commanded':
      return `asked to ${event.command}`
    case 'trial-commanded':
      return `${trialName(event.trial)}: asked to ${event.command}`
    case 'agent-connected':
      return `agent ${event.name} connected`
    case 'agent-silent':
      return event.state === 'lost' ? `agent ${agent(event.agent)} lost` : `no word from agent ${agent(event.agent)}`
    case 'agent-commanded':
      return `agent ${agent(event.agent)} ${event.command}d`
    case 'attempt-started': {
      const row = rows.attempts.get(event.attempt)
      const on = row === undefined ? '' : ` on ${agent(row.agent)}`
      return `${trialOf(event.attempt)} started${again(event.attempt)}${on}`
    }
    case 'attempt-reported':
      return `${trialOf(event.attempt)} reported step ${event.step}`
    case 'attempt-saved':
      return `${trialOf(event.attempt)} saved step ${event.checkpoint.step}`
    case 'attempt-ended': {
      const name = trialOf(event.attempt)
      if (event.exit.kind !== 'failed') return `${name} ${event.exit.kind === 'done' ? 'finished' : event.exit.kind}`
      const retried = changed.some(c => c.kind === 'trial' && isOf(event, c) && /queued|preparing/.test(c.state))
      const why = event.exit.failure.message.split('\n')[0]?.slice(0, 200)
      return `${name} failed${retried ? ', to be run again' : ''}: ${why}`
    }
  }
}

const WORDS: { readonly [state: string]: string } = {
  preparing: 'assigned',
  running: 'running',
  unreachable: 'out of contact',
  success: 'finished',
  failure: 'failed',
  masked: 'left out',
}

/** Trials of one block that went the same way are told together. */
function trialEffects(event: Event, changed: readonly Change[]): readonly string[] {
  const groups = new Map<string, string[]>()
  for (const change of changed) {
    if (change.kind !== 'trial' || isOf(event, change)) continue
    // What waits is what is left when nothing else happens to it.
    if (change.state === 'pending' || change.state === 'queued') continue
    const [, block = ''] = change.id.split('.')
    const key = `${block} ${WORDS[change.state] ?? change.state}`
    groups.set(key, [...(groups.get(key) ?? []), change.id])
  }
  return [...groups].map(([key, ids]) => {
    const [block, ...word] = key.split(' ')
    const [only] = ids
    return `${ids.length === 1 && only !== undefined ? trialName(only) : `${ids.length} trials of ${block}`} ${word.join(' ')}`
  })
}

const WHOLE = /^(block|experiment)$/

/** Blocks and the experiment, but for what starts. */
function ended(changed: readonly Change[]): readonly string[] {
  return changed
    .filter(c => WHOLE.test(c.kind) && c.state !== 'pending' && c.state !== 'running')
    .map(c => `${wholeName(c)} ${WORDS[c.state] ?? c.state}${c.reason === null ? '' : ` (${c.reason})`}`)
}

/** An experiment starts with its first block: that is not said twice. */
function started(changed: readonly Change[]): readonly string[] {
  const found = changed.filter(c => WHOLE.test(c.kind) && c.state === 'running')
  const blocks = found.filter(c => c.kind === 'block')
  return (blocks.length > 0 ? blocks : found).map(c => `${wholeName(c)} started`)
}

const wholeName = ({ kind, id }: Change): string => (kind === 'block' ? `block ${id.split('.').at(-1)}` : kind)

/** The trial that the event is about: its cause has told. */
const isOf = (event: Event, { id }: Change): boolean =>
  'trial' in event ? id === event.trial : 'attempt' in event && id === parent(event.attempt)

const parent = (attempt: string): string => attempt.slice(0, attempt.lastIndexOf('.'))
const trialOf = (attempt: string): string => trialName(parent(attempt))
const again = (attempt: string): string => (attempt.endsWith('.1') ? '' : ' again')

/** Without the experiment, which the reader is looking at. */
function trialName(id: string): string {
  const [, block, number] = id.split('.')
  return `${block} #${number}`
}

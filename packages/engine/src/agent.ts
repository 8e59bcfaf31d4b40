/**
 * What happens to agents: connected (again), silent, enabled or disabled. Here both sides agree on which attempts the agent
 * holds; a lease ends with `lost`, and what comes back after that is fenced (G7, G10).
 */
import { quick } from './breaker.ts'
import type { Draft } from './draft.ts'
import type { Event } from './event.ts'
import { failed } from './failure.ts'
import { must } from './ids.ts'
import { type Refusal, unknown } from './refusal.ts'
import type { AgentState, AttemptRow, TrialRow } from './rows.ts'
import { FINAL } from './transitions.ts'
import { rest, wishFor } from './wish.ts'

type Of<T extends Event['type']> = Extract<Event, { type: T }>

export function agentConnected(draft: Draft, event: Of<'agent-connected'>): Refusal | null {
  const before = draft.agents.get(event.agent)
  draft.putAgent({
    kind: 'agent',
    id: event.agent,
    name: event.name,
    state: 'connected',
    enabled: before?.enabled ?? true,
    reason: before?.reason ?? null,
    refuses: null,
    cpu: event.cpu,
    gpus: event.gpus,
    backends: event.backends,
    quick_failures: before?.quick_failures ?? 0,
    seen: draft.time,
  })
  const held = new Set(event.attempts)
  let gone: AttemptRow | null = null
  for (const attempt of liveAttempts(draft, event.agent)) {
    const trial = draft.trial(attempt.trial)
    if (held.delete(attempt.id)) stillThere(draft, attempt, trial)
    else if (attempt.started === null) neverStarted(draft, attempt, trial)
    else {
      gone = attempt
      failed(draft, { ...attempt, state: 'failed', ended: draft.time }, trial, {
        class: 'agent-restarted',
        message: `the process was gone when ${event.name} came back`,
        stack: null,
      })
    }
  }
  // Once, however many it took with it: one restart is one failure of the machine.
  if (gone) quick(draft, gone)
  for (const id of event.attempts) if (held.has(id)) leftOver(draft, event.agent, id)
  return null
}

/** A lease still runs and the attempt is there: the trial is back where its attempt is. */
function stillThere(draft: Draft, attempt: AttemptRow, trial: TrialRow): void {
  if (attempt.state === 'assigned') draft.putAttempt({ ...attempt, state: 'preparing' })
  if (attempt.state === 'stopping') {
    const how = wishFor(draft.experiment(trial.experiment), trial) === 'cancel' ? 'stop' : 'pause'
    draft.actions.push({ type: 'end', agent: attempt.agent, attempt: attempt.id, how })
  } else reachable(draft, attempt, trial)
}

/**
 * The assignment got lost on its way, or its folder before anything ran: send it again, unless it is to end or the agent was
 * disabled meanwhile.
 */
function neverStarted(draft: Draft, attempt: AttemptRow, trial: TrialRow): void {
  if (attempt.state === 'stopping' || !must(draft.agents.get(attempt.agent), attempt.agent).enabled) {
    draft.putAttempt({ ...attempt, state: 'stopped', ended: draft.time })
    rest(draft, trial)
    // The assignment may still be under way to the agent; this follows it.
    draft.actions.push({ type: 'end', agent: attempt.agent, attempt: attempt.id, how: 'kill' })
    draft.actions.push({ type: 'forget', agent: attempt.agent, attempt: attempt.id })
    return
  }
  draft.actions.push({ type: 'assign', agent: attempt.agent, attempt: attempt.id })
  reachable(draft, attempt, trial)
}

function reachable(draft: Draft, attempt: AttemptRow, trial: TrialRow): void {
  if (trial.state === 'unreachable')
    draft.putTrial({ ...trial, state: attempt.state === 'running' ? 'running' : 'preparing', reason: null })
}

/** The agent holds an attempt that is not live for us. */
function leftOver(draft: Draft, agent: string, id: string): void {
  const attempt = draft.attempts.get(id)
  if (attempt && attempt.agent === agent && FINAL.attempt(attempt.state) && !givenUp(attempt)) {
    draft.actions.push({ type: 'forget', agent, attempt: id })
    return
  }
  if (attempt?.state === 'lost' && attempt.agent === agent) draft.putAttempt({ ...attempt, state: 'fenced' })
  draft.actions.push({ type: 'end', agent, attempt: id, how: 'kill' }, { type: 'forget', agent, attempt: id })
}

const givenUp = (attempt: AttemptRow): boolean => attempt.state === 'lost' || attempt.state === 'fenced'

const SILENCE: readonly AgentState[] = ['connected', 'suspect', 'disconnected', 'lost']

export function agentSilent(draft: Draft, event: Of<'agent-silent'>): Refusal | null {
  const agent = draft.agents.get(event.agent)
  if (!agent) return unknown(`agent ${event.agent}`)
  // Silence only grows; a repeat says nothing new.
  if (SILENCE.indexOf(event.state) <= SILENCE.indexOf(agent.state)) return null
  draft.putAgent({ ...agent, state: event.state })
  for (const attempt of liveAttempts(draft, event.agent)) {
    const trial = draft.trial(attempt.trial)
    if (event.state === 'lost')
      failed(draft, { ...attempt, state: 'lost', ended: draft.time }, trial, {
        class: 'agent-lost',
        message: `agent ${agent.name} was lost`,
        stack: null,
      })
    else if (trial.state === 'preparing' || trial.state === 'running')
      draft.putTrial({ ...trial, state: 'unreachable', reason: `no word from agent ${agent.name}` })
  }
  return null
}

export function agentCommanded(draft: Draft, event: Of<'agent-commanded'>): Refusal | null {
  const agent = draft.agents.get(event.agent)
  if (!agent) return unknown(`agent ${event.agent}`)
  if (event.command === 'enable') {
    if (!agent.enabled || agent.quick_failures > 0)
      draft.putAgent({ ...agent, enabled: true, reason: null, quick_failures: 0 })
  } else if (agent.enabled || agent.reason !== event.note)
    draft.putAgent({ ...agent, enabled: false, reason: event.note })
  return null
}

/** In the order of their ids. */
function liveAttempts(draft: Draft, agent: string): AttemptRow[] {
  return [...draft.index.live(agent)].sort().map(id => must(draft.attempts.get(id), id))
}

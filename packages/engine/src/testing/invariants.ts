/**
 * What holds after every event, whatever happened (G7, G12): checked by recounting everything from the rows, so it is slow
 * and for tests only. Returns one sentence for each thing that is broken.
 */
import { fit, units } from '../capacity.ts'
import { blockKey } from '../ids.ts'
import { takesTrials } from '../indexes.ts'
import { offers } from '../placement.ts'
import type { AgentRow, AttemptRow, TrialRow } from '../rows.ts'
import { type EngineState, stateOf } from '../state.ts'
import { FINAL, LIVE, TRIAL_STATES } from '../transitions.ts'
import { waitingReason } from '../waiting.ts'
import { rowsOf } from './state-rows.ts'

export function checkInvariants(state: EngineState): string[] {
  const broken: string[] = []
  checkAttempts(state, broken)
  checkCapacity(state, broken)
  for (const trial of state.trials.values()) checkOwner(state, trial, broken)
  checkEnds(state, broken)
  checkServed(state, broken)
  const kept = describeIndex(state)
  const recounted = describeIndex(stateOf(rowsOf(state).reverse()))
  if (kept !== recounted) broken.push(`indexes differ from a recount:\n${kept}\n${recounted}`)
  return broken
}

function checkAttempts(state: EngineState, broken: string[]): void {
  const live = new Map<string, AttemptRow>()
  for (const attempt of state.attempts.values()) {
    if (FINAL.attempt(attempt.state)) continue
    if (live.has(attempt.trial)) broken.push(`trial ${attempt.trial} has two live attempts`)
    live.set(attempt.trial, attempt)
  }
  for (const trial of state.trials.values()) {
    const attempt = live.get(trial.id)
    if (LIVE.includes(trial.state) !== (attempt !== undefined))
      broken.push(`trial ${trial.id} is ${trial.state}, its live attempt is ${attempt?.id ?? 'none'}`)
    if (attempt && attempt.epoch !== trial.epoch) broken.push(`live attempt ${attempt.id} is not the newest`)
    if (attempt && (trial.state === 'stopping') !== (attempt.state === 'stopping'))
      broken.push(`trial ${trial.id} is ${trial.state}, attempt ${attempt.id} is ${attempt.state}`)
    if (attempt && state.agents.get(attempt.agent)?.state === 'lost')
      broken.push(`attempt ${attempt.id} lives on a lost agent`)
  }
}

function checkCapacity(state: EngineState, broken: string[]): void {
  const used = new Map<string, number>()
  const add = (key: string, share: number): void => void used.set(key, (used.get(key) ?? 0) + units(share))
  for (const attempt of state.attempts.values()) {
    if (FINAL.attempt(attempt.state)) continue
    add(attempt.agent, attempt.slot.cpu)
    for (const gpu of attempt.slot.gpus) add(`${attempt.agent} gpu ${gpu.index}`, gpu.share)
  }
  for (const agent of state.agents.values()) {
    if ((used.get(agent.id) ?? 0) > units(agent.cpu)) broken.push(`agent ${agent.id} gives more CPUs than it has`)
    for (const { index } of agent.gpus)
      if ((used.get(`${agent.id} gpu ${index}`) ?? 0) > 1e6) broken.push(`GPU ${index} of ${agent.id} is given twice`)
  }
}

/** Every state that is not final has an owner, and every waiting trial says why (G12). */
function checkOwner(state: EngineState, trial: TrialRow, broken: string[]): void {
  const experiment = state.experiments.get(trial.experiment)
  if (trial.state === 'queued' || trial.state === 'pending' || trial.state === 'paused') {
    if (!waitingReason(state, trial)) broken.push(`trial ${trial.id} is ${trial.state} and does not say why`)
  }
  if (trial.state === 'queued' && trial.wish !== 'run')
    broken.push(`trial ${trial.id} is queued, its wish is ${trial.wish}`)
  if (trial.state === 'queued' && experiment && FINAL.experiment(experiment.state))
    broken.push(`trial ${trial.id} is queued in an experiment that has ended`)
  if (trial.state === 'paused' && trial.wish !== 'pause' && trial.held === null && experiment?.wish !== 'pause')
    broken.push(`trial ${trial.id} is paused and nobody wants it`)
  if (trial.state === 'failure' && trial.reason === null) broken.push(`trial ${trial.id} failed without a reason`)
  if (FINAL.trial(trial.state) !== (trial.ended !== null))
    broken.push(`trial ${trial.id}: ended does not fit its state`)
}

function checkEnds(state: EngineState, broken: string[]): void {
  const open = new Map<string, number>()
  const active = new Map<string, number>()
  /** Experiments in which something may still be proposed. */
  const searches = new Set<string>()
  for (const trial of state.trials.values()) {
    if (FINAL.trial(trial.state)) continue
    const key = blockKey(trial.experiment, trial.block)
    open.set(key, (open.get(key) ?? 0) + 1)
    if (trial.state !== 'pending' && !(trial.state === 'paused' && trial.held !== null))
      active.set(trial.experiment, (active.get(trial.experiment) ?? 0) + 1)
  }
  for (const [key, block] of state.blocks) {
    const running = block.state === 'running' || block.state === 'paused'
    if (FINAL.block(block.state) && open.has(key)) broken.push(`block ${key} is ${block.state} with open trials`)
    const searching = block.search !== null && !block.search.over && block.search.done === null
    if (running && searching) searches.add(block.experiment)
    else if (running && !open.has(key)) broken.push(`block ${key} is ${block.state} with nothing open`)
  }
  for (const experiment of state.experiments.values()) {
    const busy = active.has(experiment.id)
    if (FINAL.experiment(experiment.state) && busy) broken.push(`experiment ${experiment.id} ended with active trials`)
    if (!FINAL.experiment(experiment.state) && !busy && !searches.has(experiment.id) && experiment.wish !== 'pause')
      broken.push(`experiment ${experiment.id} is ${experiment.state} and nothing will happen`)
    if (experiment.state === 'failure' && experiment.reason === null)
      broken.push(`experiment ${experiment.id} failed without a reason`)
  }
}

/** The first in the queue has a slot if there is one. */
function checkServed(state: EngineState, broken: string[]): void {
  const first = state.index.order.find(b => state.experiments.get(b.experiment)?.wish === 'run')
  if (!first) return
  const trial = state.trials.get(`${first.key}.${state.index.queue(first.key)?.next()}`)
  // A search that waits for results, or has reserved a machine for what it will propose.
  if (!trial) return
  const backend = state.experiments.get(first.experiment)?.plan.settings.backend ?? 'auto'
  const takes = (agent: AgentRow): boolean => takesTrials(agent) && offers(agent, backend)
  for (const agent of state.agents.values())
    if (takes(agent) && fit(agent, state.index.usage(agent.id), trial.devices))
      broken.push(`trial ${trial.id} is first in the queue and fits on ${agent.id}, but waits`)
}

/** All that the indexes say, as text, in an order of its own. */
export function describeIndex(state: EngineState): string {
  const { index } = state
  const lines = [`order ${index.order.map(b => b.key)}`, `open ${index.open}`, `agents ${index.agents}`]
  for (const key of [...state.blocks.keys()].sort()) {
    const counts = TRIAL_STATES.map(s => index.count(key, s))
    lines.push(`${key} begun ${index.begun(key)} course ${describeCourse(state, key)}`)
    lines.push(`${key} ${counts} queue ${index.queue(key)?.numbers() ?? ''} size ${index.queue(key)?.size ?? 0}`)
  }
  for (const id of [...state.trials.keys()].sort()) {
    const waiting = index.dependents(id)
    if (waiting.length > 0) lines.push(`${id} is waited for by ${waiting}`)
  }
  for (const id of [...state.agents.keys()].sort()) {
    const { cpu, gpus } = index.usage(id)
    lines.push(`${id} cpu ${cpu} gpus ${[...gpus].sort((a, b) => a[0] - b[0]).join(' ')}`)
    lines.push(`${id} holds ${[...index.live(id)].sort()}`)
  }
  return lines.join('\n')
}

function describeCourse(state: EngineState, key: string): string {
  const course = state.index.course(key, state)
  if (!course) return 'none'
  const { tuner: _, ...what } = course
  return JSON.stringify(what)
}

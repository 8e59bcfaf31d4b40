/**
 * Why a trial or block waits, in words for the page (G12). Worked out when it is shown, not written into rows: a change of
 * one agent would otherwise touch every queued trial.
 */
import { couldHold, fit, gpuNeed } from './capacity.ts'
import { blockKey, must } from './ids.ts'
import { takesTrials } from './indexes.ts'
import { offers } from './placement.ts'
import { readiness } from './readiness.ts'
import type { AgentRow, BlockRow, ExperimentRow, TrialRow } from './rows.ts'
import type { EngineState } from './state.ts'
import { FINAL } from './transitions.ts'

/** The row's own reason where it has one; null for a trial that does not wait. */
export function waitingReason(state: EngineState, trial: TrialRow): string | null {
  if (trial.reason !== null) return trial.reason
  const experiment = must(state.experiments.get(trial.experiment), trial.experiment)
  if (trial.state === 'paused') {
    if (trial.held !== null) return trial.verdict?.reason ?? 'paused by its scheduler'
    if (trial.wish === 'pause') return 'paused: resume it to go on'
    return 'paused with its experiment'
  }
  if (trial.state === 'pending') {
    const ready = readiness(state, experiment, trial)
    if (ready.kind === 'waits') return ready.reason
    const failed = failedBlock(state, experiment)
    return failed === null ? null : `not started: block ${failed} failed`
  }
  // Its scheduler's decision, on its way.
  if (trial.state === 'stopping') return trial.verdict?.reason ?? null
  if (trial.state !== 'queued') return null
  if (experiment.wish === 'pause') return 'the experiment is paused'
  return whyNoSlot(state, trial, experiment.plan.settings.backend)
}

/** Why a pending block has not started; the row's own reason where it has one. */
export function blockWaitingReason(state: EngineState, block: BlockRow): string | null {
  if (block.reason !== null || block.state !== 'pending') return block.reason
  const experiment = must(state.experiments.get(block.experiment), block.experiment)
  const { blocks, settings } = experiment.plan
  const planned = must(blocks[block.index], block.id)
  const before = settings.overlap === 'none' ? blocks.slice(0, block.index).map(b => b.id) : planned.depends_on
  const open = before.filter(b => {
    const row = must(state.blocks.get(blockKey(experiment.id, b)), b)
    return !FINAL.block(row.state)
  })
  if (open.length > 0) return `waits for ${open.join(', ')}`
  const failed = failedBlock(state, experiment)
  if (failed !== null) return `not started: block ${failed} failed`
  return experiment.wish === 'pause' ? 'the experiment is paused' : null
}

/** What halts the experiment (`stop_on_failure`). */
function failedBlock(state: EngineState, { id, plan }: ExperimentRow): string | null {
  if (!plan.settings.stop_on_failure) return null
  return plan.blocks.find(b => state.index.count(blockKey(id, b.id), 'failure') > 0)?.id ?? null
}

function whyNoSlot(state: EngineState, trial: TrialRow, backend: string): string {
  const { devices } = trial
  const connected = state.index.agents
    .map(id => must(state.agents.get(id), id))
    .filter(agent => agent.state === 'connected')
  if (connected.length === 0) return 'no agent connected'
  const enabled = connected.filter(agent => agent.enabled)
  if (enabled.length === 0) return connected.length === 1 ? 'the agent is disabled' : 'all agents are disabled'
  const taking = enabled.filter(takesTrials)
  if (taking.length === 0)
    return `${enabled.length === 1 ? 'the agent takes' : 'all agents take'} no trials: ${enabled[0]?.refuses}`
  const able = taking.filter(agent => offers(agent, backend))
  if (able.length === 0) return `needs the backend ${backend}, which no agent offers`
  if (!able.some(agent => couldHold(agent, devices))) return tooLarge(able, trial)
  if (able.some(agent => fit(agent, state.index.usage(agent.id), devices)))
    return 'room is kept for a trial that was there before'
  return 'all slots are busy'
}

function tooLarge(agents: readonly AgentRow[], { devices }: TrialRow): string {
  const cpu = Math.max(...agents.map(a => a.cpu))
  if (devices.cpu > cpu) return `needs ${amount(devices.cpu, 'CPU')}, the largest agent has ${cpu}`
  const gpus = Math.max(...agents.map(a => a.gpus.length))
  const need = Math.max(...agents.map(a => gpuNeed(a, devices)))
  if (need > gpus)
    return `needs ${amount(need, 'GPU')}, ${gpus === 0 ? 'no agent has one' : `the most that an agent has is ${gpus}`}`
  return `needs ${amount(devices.cpu, 'CPU')} and ${amount(need, 'GPU')}, which no agent has together`
}

const amount = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'}`

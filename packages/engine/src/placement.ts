/**
 * Which queued trials start where. First come, first served: experiments by creation, blocks by place in the document,
 * trials by number. Called by `decide` after anything was queued or became free.
 *
 * A trial that fits nowhere now does not hold up everybody: it reserves one machine, the one with most room among those that
 * could hold it, and later trials take the others. On a reserved machine a later trial starts only if it delays nobody: not
 * both want GPUs, and whichever attempts end there, the waiting one then fits with the later one as it would without.
 * All trials of a block want the same devices, so the first that finds no place speaks for its block.
 */
import type { Devices } from '@flambe/language'
import { isUnbudgeted } from './budget.ts'
import { couldHold, fit, freeCpu, gpuNeed, type Slot, units } from './capacity.ts'
import type { Draft } from './draft.ts'
import { failuresByAgent } from './failure.ts'
import { attemptId, must } from './ids.ts'
import type { AgentRow, ExperimentRow, TrialRow } from './rows.ts'
import { mayAsk, nextTrial } from './search/propose.ts'
import { FINAL } from './transitions.ts'

interface Place {
  readonly agent: AgentRow
  readonly slot: Slot
}

interface Round {
  readonly draft: Draft
  /** Agent to the devices of the trial that waits for it. */
  readonly reserved: Map<string, Devices>
  /** Attempts that this event assigned, beside those in the index. */
  readonly assigned: string[]
}

export function place(draft: Draft): void {
  const round: Round = { draft, reserved: new Map(), assigned: [] }
  for (const { key, experiment: id, block } of draft.index.order) {
    if (draft.index.open.length === 0) return
    const experiment = draft.experiment(id)
    if (experiment.wish !== 'run') continue
    const { backend } = experiment.plan.settings
    for (let n = draft.index.queue(key)?.next() ?? 0; n !== 0; n = draft.index.queue(key)?.next(n) ?? 0) {
      const trial = draft.trial(`${key}.${n}`)
      if (isUnbudgeted(draft, experiment, trial)) {
        draft.touched.add(id)
        break
      }
      const found = best(round, trial, backend)
      if (!found) {
        reserve(round, trial.devices, backend, must(draft.index.queue(key), key).size)
        break
      }
      assign(round, trial, found)
    }
    if ((draft.index.queue(key)?.size ?? 0) === 0) search(round, experiment, block, backend)
  }
}

/** As long as there is a slot for a trial of the block, its search is asked for one. */
function search(round: Round, experiment: ExperimentRow, block: string, backend: string): void {
  const { draft } = round
  const planned = must(experiment.plan.blocks[draft.block(experiment.id, block).index], block)
  while (mayAsk(draft, experiment, planned)) {
    if (!best(round, { devices: planned.devices }, backend)) {
      reserve(round, planned.devices, backend, 1)
      return
    }
    const trial = nextTrial(draft, experiment, planned)
    const found = trial && best(round, trial, backend)
    if (!found) return
    assign(round, trial, found)
  }
}

/** `auto` runs anywhere; a rung of the ladder only where the agent's probe accepted it. */
export const offers = (agent: AgentRow, backend: string): boolean =>
  backend === 'auto' || agent.backends.includes(backend)

/** Machines that failed this trial before come last, the more often the later; then GPUs are left to those who want one, then most room. Ties: the agent's id. */
function best(round: Round, trial: TrialRow | Pick<TrialRow, 'devices'>, backend: string): Place | null {
  const { draft } = round
  const failures = 'epoch' in trial ? failuresByAgent(draft, trial) : NONE
  let found: (Place & { readonly rank: number; readonly free: number }) | null = null
  for (const id of draft.index.open) {
    const agent = must(draft.agents.get(id), id)
    if (!offers(agent, backend)) continue
    const slot = fit(agent, draft.index.usage(id), trial.devices)
    if (!slot || delays(round, agent, slot)) continue
    const unwanted = agent.gpus.length > 0 && slot.gpus.length === 0 ? 1 : 0
    const wanted = trial.devices.gpu === null && slot.gpus.length > 0 ? -1 : 0
    const rank = 10 * (failures.get(id) ?? 0) + unwanted + wanted
    const free = freeCpu(agent, draft.index.usage(id))
    if (!found || rank < found.rank || (rank === found.rank && free > found.free)) found = { agent, slot, rank, free }
  }
  return found
}

const NONE: ReadonlyMap<string, number> = new Map()

/** Whether the slot would delay the trial that this machine is reserved for. */
function delays(round: Round, agent: AgentRow, slot: Slot): boolean {
  const waiting = round.reserved.get(agent.id)
  if (!waiting) return false
  if (slot.gpus.length > 0 && gpuNeed(agent, waiting) > 0) return true
  const { draft } = round
  const free = freeCpu(agent, draft.index.usage(agent.id))
  // Processors that must still become free for the waiting one: without the slot, and with it.
  const without = units(waiting.cpu) - free
  const within = without + units(slot.cpu)
  // Sums that ending attempts can set free. One between the two makes room for the waiting trial only without the slot.
  const sums = new Set([0])
  for (const id of [...draft.index.live(agent.id), ...round.assigned]) {
    const attempt = must(draft.attempts.get(id), id)
    if (attempt.agent !== agent.id || FINAL.attempt(attempt.state)) continue
    for (const sum of [...sums]) if (sum + units(attempt.slot.cpu) < within) sums.add(sum + units(attempt.slot.cpu))
    if (sums.size > MANY) return true
  }
  return [...sums].some(sum => sum >= without && sum < within)
}

/** More sums than this are not looked at: the slot is refused. */
const MANY = 512

/** One machine for each of the waiting trials, as far as there are some. */
function reserve(round: Round, devices: Devices, backend: string, waiting: number): void {
  const { draft, reserved } = round
  const free = (id: string): number => freeCpu(must(draft.agents.get(id), id), draft.index.usage(id))
  const candidates = draft.index.open.filter(id => {
    const agent = must(draft.agents.get(id), id)
    return !reserved.has(id) && offers(agent, backend) && couldHold(agent, devices)
  })
  // Sorting is stable and `open` is in the order of ids.
  candidates.sort((a, b) => free(b) - free(a))
  for (const id of candidates.slice(0, waiting)) reserved.set(id, devices)
}

function assign({ draft, assigned }: Round, trial: TrialRow, { agent, slot }: Place): void {
  const epoch = trial.epoch + 1
  const id = attemptId(trial.id, epoch)
  draft.putAttempt({
    kind: 'attempt',
    id,
    trial: trial.id,
    experiment: trial.experiment,
    epoch,
    agent: agent.id,
    slot,
    state: 'assigned',
    failure: null,
    environment: null,
    assigned: draft.time,
    started: null,
    ended: null,
  })
  draft.putTrial({ ...trial, state: 'preparing', epoch, reason: null })
  draft.actions.push({ type: 'assign', agent: agent.id, attempt: id })
  assigned.push(id)
}

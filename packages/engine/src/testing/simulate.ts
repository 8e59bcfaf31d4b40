/**
 * Runs whole experiments in virtual time on fake agents, with seeded faults: lost and repeated messages, agents that fall
 * silent, crash and come back, a hub that sends actions late or twice. Invariants are checked on the way.
 */
import type { Plan } from '@flambe/language'
import type { Action } from '../action.ts'
import type { Event } from '../event.ts'
import { must } from '../ids.ts'
import type { TrialRow } from '../rows.ts'
import type { EngineState } from '../state.ts'
import { FINAL } from '../transitions.ts'
import { type Clock, virtualClock } from './clock.ts'
import { FakeAgent, type Script } from './fake-agent.ts'
import { type Random, random } from './random.ts'
import { type World, world } from './world.ts'

export interface Simulation {
  readonly plans: readonly Plan[]
  readonly agents: readonly { readonly id: string; readonly cpu: number; readonly gpus: number }[]
  readonly seed: number
  script(trial: TrialRow): Script
  /** Agents fall silent or crash about this often (virtual ms); null = never. */
  readonly faults: number | null
  /** Commands of a restless person about this often (virtual ms); null = never. */
  readonly commands: number | null
  /** Faults and commands end here, so that everything can come to rest; the whole ends at ten times this. */
  readonly until: number
  /** Invariants are checked after so many events; default after each. */
  readonly check?: number
}

export interface Simulated {
  readonly state: EngineState
  readonly events: readonly Event[]
  readonly world: World
  /** Virtual ms until the last experiment had ended; null when one had not. */
  readonly ended: number | null
}

const SWEEP = 5_000
/** The defaults of the hub (G10), ms of silence. */
const SILENCE = [
  ['lost', 300_000],
  ['disconnected', 60_000],
  ['suspect', 20_000],
] as const

export function simulate(simulation: Simulation): Simulated {
  const clock = virtualClock()
  const chaos = random(simulation.seed)
  const hub = world({ check: simulation.check ?? 1 })
  const agents = new Map<string, FakeAgent>()

  const send = (event: Event): { refused: string | null } => {
    const decision = hub.send(event)
    for (const action of decision.actions) perform(action)
    return decision
  }
  const perform = (action: Action): void => {
    const agent = must(agents.get(action.agent), action.agent)
    // The outbox keeps it until the agent has it; in order, sometimes twice.
    const arrive = (): void => {
      if (agent.online) agent.receive(action)
      else clock.after(1_000, arrive)
    }
    clock.after(150, arrive)
    if (chaos.chance(0.05)) clock.after(160, arrive)
  }
  const line = {
    send,
    trial: (id: string) => must(hub.state.trials.get(id), id),
    attempt: (id: string) => must(hub.state.attempts.get(id), id),
  }

  for (const about of simulation.agents) {
    const own = random(chaos.between(1, 1e9))
    const agent = new FakeAgent(about, { clock, random: own, line, script: simulation.script })
    agents.set(about.id, agent)
    clock.after(chaos.between(0, 5_000), () => agent.connect())
  }
  simulation.plans.forEach((plan, i) => {
    const experiment = `e${i + 1}`
    const submit = (): void =>
      void send({
        type: 'experiment-submitted',
        time: clock.now(),
        experiment,
        user: 'ada',
        plan,
        resources: {},
        paused: false,
      })
    clock.after(chaos.between(0, 10_000), submit)
  })
  const around = { clock, chaos, send, agents: [...agents.values()], state: hub.state, simulation }
  sweep(around)
  if (simulation.faults !== null) breakThings(around, simulation.faults)
  if (simulation.commands !== null) command(around, simulation.commands)
  clock.after(simulation.until, () => comeToRest(around))

  const over = (): boolean => {
    const { experiments } = hub.state
    return (
      experiments.size === simulation.plans.length && [...experiments.values()].every(e => FINAL.experiment(e.state))
    )
  }
  clock.run(over, simulation.until * 10)
  return { state: hub.state, events: hub.events, world: hub, ended: over() ? clock.now() : null }
}

interface Around {
  readonly clock: Clock
  readonly chaos: Random
  readonly agents: readonly FakeAgent[]
  readonly state: EngineState
  readonly simulation: Simulation
  send(event: Event): { readonly refused: string | null }
}

/** The hub's sweeper: silence becomes an event; a heartbeat after silence is a hello. */
function sweep(around: Around): void {
  const { clock, agents, state, send } = around
  for (const agent of agents) {
    const row = state.agents.get(agent.id)
    if (!row) continue
    if (agent.online) {
      agent.heard = clock.now()
      if (row.state !== 'connected') agent.connect()
      continue
    }
    const silent = SILENCE.find(([, ms]) => clock.now() - agent.heard >= ms)
    if (silent && row.state !== silent[0])
      send({ type: 'agent-silent', time: clock.now(), agent: agent.id, state: silent[0] })
  }
  clock.after(SWEEP, () => sweep(around))
}

function breakThings(around: Around, every: number): void {
  const { clock, chaos, agents, simulation } = around
  clock.after(chaos.between(1, 2 * every), () => {
    if (clock.now() > simulation.until) return
    const agent = chaos.pick(agents)
    if (agent.online) {
      if (chaos.chance(0.4)) agent.crash()
      else agent.disconnect()
      // Short, longer than suspect, longer than disconnected, longer than the lease.
      clock.after(chaos.pick([2_000, 40_000, 120_000, 500_000]), () => agent.connect())
    }
    breakThings(around, every)
  })
}

function command(around: Around, every: number): void {
  const { clock, chaos, agents, state, simulation, send } = around
  clock.after(chaos.between(1, 2 * every), () => {
    const time = clock.now()
    if (time > simulation.until) return
    const trials = [...state.trials.keys()]
    const experiments = [...state.experiments.keys()]
    if (chaos.chance(0.2)) {
      const agent = chaos.pick(agents).id
      send({ type: 'agent-commanded', time, agent, command: chaos.pick(['enable', 'disable']), note: null })
    } else if (chaos.chance(0.3) && experiments.length > 0) {
      const wish = chaos.pick(['pause', 'resume', 'resume', 'cancel'] as const)
      if (wish !== 'cancel' || chaos.chance(0.1))
        send({ type: 'experiment-commanded', time, experiment: chaos.pick(experiments), command: wish })
    } else if (trials.length > 0) {
      const wish = chaos.pick(['pause', 'resume', 'resume', 'cancel', 'retry'] as const)
      send({ type: 'trial-commanded', time, trial: chaos.pick(trials), command: wish })
    }
    command(around, every)
  })
}

/** Whatever was paused or disabled goes on, so that the end can be looked at. */
function comeToRest(around: Around): void {
  const { clock, agents, state, send } = around
  const time = clock.now()
  for (const agent of agents) {
    if (!agent.online) agent.connect()
    send({ type: 'agent-commanded', time, agent: agent.id, command: 'enable', note: null })
  }
  for (const experiment of state.experiments.keys())
    send({ type: 'experiment-commanded', time, experiment, command: 'resume' })
  for (const trial of state.trials.keys()) send({ type: 'trial-commanded', time, trial, command: 'resume' })
  clock.after(60_000, () => comeToRest(around))
}

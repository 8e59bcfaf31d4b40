/**
 * A hub, agents and trials in virtual time, with faults drawn from one seed: lost, late, repeated and reordered messages; the
 * hub, agents, machines and trials crash; the hub stands still; its disk is full; clocks jump by a day. At the end everything
 * must have come to rest, and what is on the hub's disk is held against what the trials wrote (checks.ts). A seed replays exactly.
 */
import type { Row } from '@flambe/engine'
import { random } from '@flambe/engine/testing'
import type { Plan } from '@flambe/language'
import { DEFAULT_LIMITS } from '../../limits.ts'
import { createAgenda } from './agenda.ts'
import { SimAgent, type World } from './agent.ts'
import { checkWorld } from './checks.ts'
import { type HubLife, SWEEP, startHub } from './hub-life.ts'
import { emptyDisk, streamOf } from './memory-store.ts'

export interface Simulated {
  readonly seed: number
  /** Empty: everything that was promised holds. */
  readonly broken: readonly string[]
  readonly events: number
  /** Faults by kind. */
  readonly faults: { readonly [kind: string]: number }
  /** Fingerprint of the hub's log: two runs of one seed have the same. */
  readonly log: string
}

/** Virtual ms of trouble; then all goes well, and the rest must end within `CALM`. */
const TROUBLE = 120_000
const CALM = 3_600_000
const LEASES = {
  suspect: DEFAULT_LIMITS.suspect_after,
  disconnected: DEFAULT_LIMITS.disconnected_after,
  lost: DEFAULT_LIMITS.lost_after,
}

/** `away`: instead of drawn faults the hub dies once, in the middle, and is away for so long (virtual ms). */
export async function simulateDelivery(seed: number, plans: readonly Plan[], away?: number): Promise<Simulated> {
  const draw = random(seed)
  const agenda = createAgenda()
  const disk = emptyDisk()
  const broken: string[] = []
  const faults: { [kind: string]: number } = {}
  const count = (kind: string) => {
    faults[kind] = (faults[kind] ?? 0) + 1
  }
  let jumped = 0
  let calm = false
  let full = false
  /** When the hub heard of each agent, or began to listen; and how long it stood still since. */
  const heard = new Map<string, number>()
  const stalls: { readonly from: number; to: number }[] = []
  let hub: HubLife | null = null
  const wall = () => 1_700_000_000_000 + agenda.now() + jumped
  const hubWorld = {
    agenda,
    random: random(draw.between(1, 1e9)),
    disk,
    wall,
    trouble: () => (calm || away !== undefined ? 0 : 0.04),
    diskFull: () => full,
    heard: (agent: string) => void heard.set(agent, agenda.now()),
    /** Only what the hub could have heard counts as silence (G8, G19). */
    silent: (agent: string, state: keyof typeof LEASES) => {
      const from = heard.get(agent) ?? 0
      const deaf = stalls.reduce(
        (sum, s) => sum + Math.max(0, Math.min(s.to, agenda.now()) - Math.max(s.from, from)),
        0,
      )
      const silence = agenda.now() - from - deaf
      // Of each stall up to the time between two sweeps cannot be seen.
      const unseen = SWEEP * stalls.filter(s => s.to > from).length
      if (silence < LEASES[state] - unseen)
        broken.push(`G19: ${agent} was called ${state} after ${silence} ms of silence`)
    },
  }
  const world: World = {
    agenda,
    random: random(draw.between(1, 1e9)),
    wall,
    dial: agent => {
      if (hub === null) return null
      const line = hub.lines.connect(
        agent.id,
        (event, message, ack) => agent.receive(event, message, ack),
        () => agent.gone(line),
      )
      return line
    },
    acked: (attempt, stream, next) => {
      const stored = streamOf(disk, attempt, stream).length
      if (stored < next) broken.push(`G1: ${attempt} ${stream}: ${next} bytes were acknowledged, ${stored} are stored`)
    },
    written: new Map(),
  }
  const agents = ['one', 'two'].map(id => new SimAgent(world, id, draw.pick([1, 2, 3])))

  const errorsOf = (life: HubLife) => {
    for (const error of life.errors.splice(0))
      broken.push(`the hub logged ${error instanceof Error ? error.stack : String(error)}`)
  }
  const begin = () => {
    hub = startHub(hubWorld)
    for (const agent of heard.keys()) heard.set(agent, agenda.now())
  }
  const crashHub = (away: number) => {
    if (hub === null) return
    errorsOf(hub)
    hub.kill()
    hub = null
    const stall = stalls.at(-1)
    if (stall !== undefined) stall.to = Math.min(stall.to, agenda.now())
    for (const agent of agents) agent.cut()
    agenda.after(away, begin)
  }

  /** Through the hub of that moment, again and again with one command id until it is taken (G15). */
  const submit = (plan: Plan, n: number) => {
    const experiment = `e${n + 1}`
    const event = { type: 'experiment-submitted', experiment, user: 'ada', plan, resources: {}, paused: false } as const
    let done = false
    const again = () => {
      if (done) return
      hub?.driver.record(event, { id: `submit-${n}`, result: {} }).then(
        () => {
          done = true
        },
        () => undefined,
      )
      agenda.after(2_000, again)
    }
    agenda.after(draw.between(0, 5_000), again)
  }

  begin()
  for (const agent of agents) agenda.after(draw.between(0, 3_000), () => agent.start())
  plans.forEach(submit)

  const kinds: { [kind: string]: () => boolean } = {
    'hub crash': () => {
      if (hub === null) return false
      crashHub(draw.pick([10, 500, 5_000, 30_000]))
      return true
    },
    'hub stall': () => {
      if (hub === null || (stalls.at(-1)?.to ?? 0) > agenda.now()) return false
      const ms = draw.pick([1_000, 30_000, 90_000])
      hub.sleepUntil(agenda.now() + ms)
      stalls.push({ from: agenda.now(), to: agenda.now() + ms })
      return true
    },
    'agent crash': () => {
      const agent = draw.pick(agents)
      agent.crash()
      agenda.after(draw.pick([200, 2_000, 40_000, 330_000]), () => agent.restart())
      return true
    },
    'power loss': () => {
      const agent = draw.pick(agents)
      agent.powerLoss()
      agenda.after(draw.pick([5_000, 40_000]), () => agent.restart())
      return true
    },
    'trial kill': () => draw.pick(agents).killTrial(),
    cut: () => {
      draw.pick(agents).cut()
      return true
    },
    'clock jump': () => {
      jumped += draw.pick([-86_400_000, 86_400_000, 3_600_000])
      return true
    },
    'full disk': () => {
      full = true
      agenda.after(draw.between(50, 8_000), () => {
        full = false
      })
      return true
    },
  }
  const breakThings = () => {
    if (agenda.now() > TROUBLE) return
    const kind = draw.pick(Object.keys(kinds))
    if (kinds[kind]?.()) count(kind)
    agenda.after(draw.between(500, 20_000), breakThings)
  }
  if (away === undefined) agenda.after(draw.between(1_000, 10_000), breakThings)
  else
    agenda.after(15_000, () => {
      count('hub crash')
      crashHub(away)
    })
  agenda.after(TROUBLE + 1, () => {
    calm = true
    // Machines that the breaker paused are put on again, as a person would.
    const mend = () => {
      for (const { id, enabled } of hub?.rows.agents.values() ?? [])
        if (!enabled)
          hub?.driver
            .record({ type: 'agent-commanded', agent: id, command: 'enable', note: null })
            .catch(() => undefined)
      agenda.after(30_000, mend)
    }
    mend()
  })

  const over = () => {
    if (!calm || hub === null || disk.outbox.size > 0 || agents.some(a => a.folders.size > 0)) return false
    let ended = 0
    for (const row of disk.rows.values()) {
      if (row.kind !== 'experiment') continue
      if (row.ended === null) return false
      ended++
    }
    return ended === plans.length
  }
  let events = 0
  while (broken.length === 0 && agenda.step()) {
    events++
    // Everything that follows without time passing: a tick comes after all promises. Nothing here waits for the real loop.
    await new Promise<void>(settled)
    if (events % 8 === 0 && over()) break
    if (agenda.now() > TROUBLE + CALM + (away ?? 0)) {
      broken.push(
        `G12: after ${CALM / 60_000} calm minutes still: ${waiting(disk.rows.values())}, outbox ${disk.outbox.size}`,
      )
      break
    }
  }
  if (hub !== null) errorsOf(hub)
  for (const row of disk.rows.values()) if (row.kind === 'attempt' && row.epoch > 1) count('second attempt')
  for (const event of disk.log) if (event.type === 'agent-silent' && event.state === 'lost') count('lease ended')
  for (const row of disk.rows.values()) if (row.kind === 'attempt' && row.state === 'fenced') count('fenced attempt')
  if (broken.length === 0) broken.push(...checkWorld(disk, world.written))
  return { seed, broken, events, faults, log: JSON.stringify(disk.log.map(({ type, time }) => [type, time])) }
}

const settled = (resolve: () => void): void => process.nextTick(resolve)

function waiting(rows: Iterable<Row>): string {
  const states: { [state: string]: number } = {}
  for (const row of rows) {
    if (row.kind === 'journal') continue
    const key = `${row.kind} ${row.state}`
    states[key] = (states[key] ?? 0) + 1
  }
  return JSON.stringify(states)
}

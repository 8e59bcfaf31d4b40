/** What is done to hub, agents and trials: a seeded schedule of every fault, and scenarios of fixed meaning. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, experimentState, submit, until } from '../harness/cluster.ts'
import { folder, server } from '../harness/places.ts'
import { start } from '../harness/process.ts'
import { type Comparison, compare } from './compare.ts'
import { draws } from './draws.ts'
import { flood } from './flood.ts'
import { type House, openHouse } from './house.ts'

export interface Outcome extends Comparison {
  /** Faults really injected, by kind. */
  readonly faults: { readonly [kind: string]: number }
}

type Scenario = (options: { seed: number; seconds: number }) => Promise<Outcome>

const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))

async function produce(house: House, seed: number, trials: number, steps: number, pace: number): Promise<string> {
  const file = join(folder(), 'faults.yaml')
  const producer = join(import.meta.dirname, 'producer.mjs')
  const numbers = Array.from({ length: trials }, (_, n) => n + 1).join(', ')
  writeFileSync(
    file,
    `!Experiment
name: faults-${seed}
max_failures: 100
pipeline:
  work: !Script
    command: ["${process.execPath}", "${producer}"]
    kwargs: {ledger: "${house.ledger}", steps: ${steps}, pace: ${pace}, number: !g [${numbers}]}
    metric: value
`,
  )
  return submit(house.hub, file, seed)
}

async function finish(house: House, id: string, killed: ReadonlySet<string>): Promise<Comparison> {
  await until(
    () => experimentState(house.hub, id).catch(() => 'away'),
    state => ['success', 'failed', 'cancelled'].includes(state),
    180_000,
  )
  return compare(house, id, killed)
}

const random: Scenario = async ({ seed, seconds }) => {
  const house = await openHouse(['one', 'two'])
  const draw = draws(seed)
  const killed = new Set<string>()
  const faults: { [kind: string]: number } = {}
  const count = (kind: string, n = 1) => {
    faults[kind] = (faults[kind] ?? 0) + n
  }
  const id = await produce(house, seed, 8, Math.max(20, seconds), 400)
  await until(house.trials, t => t.length > 0, 60_000)
  const frozen = async (pid: number | undefined, ms: number) => {
    if (pid === undefined) return
    process.kill(pid, 'SIGSTOP')
    await sleep(ms)
    process.kill(pid, 'SIGCONT')
  }
  const kinds: { [kind: string]: () => Promise<boolean> } = {
    'kill hub': async () => {
      await house.hub.process.kill('SIGKILL')
      await sleep(draw.between(0, 1500))
      await house.startHub()
      return true
    },
    'kill agent': async () => {
      const index = draw.between(0, 2)
      await house.agents[index]?.process.kill('SIGKILL')
      await sleep(draw.between(0, 1500))
      await house.startAgent(index)
      return true
    },
    'kill trial': async () => {
      const trials = house.trials()
      if (trials.length === 0) return false
      const trial = draw.pick(trials)
      killed.add(trial.attempt)
      process.kill(trial.pid, 'SIGKILL')
      return true
    },
    'stop hub': async () => {
      await frozen(house.hub.process.child.pid, draw.between(500, 4000))
      return true
    },
    'stop agent': async () => {
      await frozen(house.agents[draw.between(0, 2)]?.process.child.pid, draw.between(500, 4000))
      return true
    },
    cut: async () => house.proxy.cut() > 0,
    tear: async () => {
      const before = house.proxy.done.torn
      house.proxy.tear()
      await sleep(6000)
      return house.proxy.done.torn > before
    },
    'black hole': async () => {
      const before = house.proxy.done.swallowed
      house.proxy.blackHole()
      await sleep(draw.between(3000, 6000))
      house.proxy.heal()
      return house.proxy.done.swallowed > before
    },
    'half open': async () => {
      const n = house.proxy.halfOpen()
      await sleep(draw.between(500, 3000))
      house.proxy.heal()
      return n > 0
    },
    delay: async () => {
      const before = house.proxy.done.delayed
      house.proxy.delay(draw.between(50, 400))
      await sleep(5000)
      house.proxy.heal()
      return house.proxy.done.delayed > before
    },
  }
  const end = Date.now() + seconds * 1000
  // Rounds of every kind in a drawn order, so that a short run has each of them too.
  let round: string[] = []
  while (Date.now() < end) {
    if (round.length === 0)
      round = Object.keys(kinds)
        .map(kind => ({ kind, at: draw.next() }))
        .sort((a, b) => a.at - b.at)
        .map(k => k.kind)
    const kind = round.shift() as string
    if (await kinds[kind]?.()) count(kind)
    await sleep(draw.between(200, 1500))
  }
  house.proxy.heal()
  const result = await finish(house, id, killed)
  const missing = Object.keys(kinds).filter(kind => faults[kind] === undefined)
  const violations = [...result.violations, ...missing.map(kind => `harness: no fault of kind "${kind}" was injected`)]
  return { ...result, violations, faults }
}

/** G8: the hub is away for 30 s; no trial process changes, and all that they wrote meanwhile arrives. */
const hubAway: Scenario = async ({ seed }) => {
  const house = await openHouse(['one'])
  const id = await produce(house, seed, 2, 100, 500)
  const before = await until(house.trials, t => t.length === 2, 60_000)
  await house.hub.process.kill('SIGKILL')
  await sleep(30_000)
  const after = house.trials()
  await house.startHub()
  const result = await finish(house, id, new Set())
  const changed =
    JSON.stringify(before) === JSON.stringify(after) ? [] : ['trial processes changed while the hub was away']
  return { ...result, violations: [...result.violations, ...changed], faults: { 'kill hub': 1 } }
}

/** G9: an agent is killed and started again; the same trial processes go on. */
const agentRestart: Scenario = async ({ seed }) => {
  const house = await openHouse(['one'])
  const id = await produce(house, seed, 2, 60, 400)
  const before = await until(house.trials, t => t.length === 2, 60_000)
  const violations: string[] = []
  for (let kills = 0; kills < 3; kills++) {
    await house.agents[0]?.process.kill('SIGKILL')
    await house.startAgent(0)
    await sleep(3000)
    if (JSON.stringify(before) !== JSON.stringify(house.trials()))
      violations.push(`processes changed after kill ${kills + 1}`)
  }
  const result = await finish(house, id, new Set())
  return { ...result, violations: [...result.violations, ...violations], faults: { 'kill agent': 3 } }
}

/** G24: a second hub on the folder of a running one is refused, and the first is none the worse. */
const twoHubs: Scenario = async ({ seed }) => {
  const house = await openHouse(['one'])
  const id = await produce(house, seed, 2, 10, 100)
  const second = start([server, '--no-pages', '--data', house.hub.data, '--port', '0'], { NODE_ENV: 'production' })
  const code = await Promise.race([second.ended, sleep(20_000).then(() => 'still running' as const)])
  const result = await finish(house, id, new Set())
  const violations = code === 2 ? result.violations : [...result.violations, `the second hub: ${code}, not exit 2`]
  return { ...result, violations, faults: { 'second hub': 1 } }
}

/** 100,000 malformed messages on real sockets while trials run: each is refused or dropped, the hub and its trials go on. */
const malformed: Scenario = async ({ seed }) => {
  const house = await openHouse(['one'])
  const id = await produce(house, seed, 2, 40, 200)
  const { token } = await call<{ token: string }>(house.hub, 'agents.joinToken', undefined, 'mutation')
  const begun = Date.now()
  const seen = await flood(house.hub.url, token, 100_000, draws(seed))
  console.log(`malformed-flood: ${JSON.stringify(seen)} in ${Date.now() - begun} ms`)
  const { pid } = house.hub.process.child
  const result = await finish(house, id, new Set())
  const violations = [...result.violations]
  if (seen.accepted > 0) violations.push(`${seen.accepted} malformed messages were accepted`)
  if (seen.refused === 0) violations.push('harness: nothing was refused')
  if (house.hub.process.child.exitCode !== null) violations.push(`the hub (pid ${pid}) ended`)
  return { ...result, violations, faults: { malformed: seen.sent, 'closed connections': seen.connections - 1 } }
}

export const scenarios: { readonly [name: string]: Scenario } = {
  random,
  'hub-away': hubAway,
  'agent-restart': agentRestart,
  'two-hubs-one-folder': twoHubs,
  'malformed-flood': malformed,
}

/** Every kind of fault in a seeded order, again and again, against hub, agents, trials and the network between them. */
import { until } from '../harness/cluster.ts'
import { type Killed, snapshot } from './compare.ts'
import { draws } from './draws.ts'
import { finish, never, produce, type Scenario, sleep } from './experiment.ts'
import { openHouse } from './house.ts'

export const random: Scenario = async ({ seed, seconds }) => {
  const house = await openHouse(['one', 'two'])
  const draw = draws(seed)
  const killed: Killed = new Map()
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
      process.kill(trial.pid, 'SIGKILL')
      killed.set(trial.attempt, snapshot(trial.folder))
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
    meddle: async () => {
      const before = { ...house.proxy.done }
      house.proxy.meddle(draw)
      await sleep(4000)
      house.proxy.heal()
      const { done } = house.proxy
      count('duplicated', done.duplicated - before.duplicated)
      count('reordered', done.reordered - before.reordered)
      count('replayed', done.replayed - before.replayed)
      return done.duplicated > before.duplicated
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
  let vain = 0
  while (Date.now() < end || round.length > 0) {
    if (round.length === 0)
      round = Object.keys(kinds)
        .map(kind => ({ kind, at: draw.next() }))
        .sort((a, b) => a.at - b.at)
        .map(k => k.kind)
    const kind = round.shift() as string
    if (await kinds[kind]?.()) count(kind)
    // Nothing there to break at this moment (a cut without a connection, say): later in this round, in vain only so often.
    else if (faults[kind] === undefined && ++vain < 20) round.push(kind)
    await sleep(draw.between(200, 1500))
  }
  house.proxy.heal()
  const result = await finish(house, id, killed)
  const violations = [...result.violations, ...never(faults, [...Object.keys(kinds), 'reordered'])]
  return { ...result, violations, faults }
}

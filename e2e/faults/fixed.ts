/** Scenarios of one fault each: an agent that restarts, a hub that is away, programs that stand still, two hubs on one folder. */
import { cpSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { call, until } from '../harness/cluster.ts'
import { agentProgram, folder, server } from '../harness/places.ts'
import { start } from '../harness/process.ts'
import { finish, produce, type Scenario, sleep } from './experiment.ts'
import { type House, openHouse } from './house.ts'

/** G8: the hub is away for 30 s; no trial process changes, and all that they wrote meanwhile arrives. */
export const hubAway: Scenario = async ({ seed, short }) => {
  const house = await openHouse(['one'])
  const id = await produce(house, seed, 2, short ? 40 : 100, 500)
  const before = await until(house.trials, t => t.length === 2, 60_000)
  await house.hub.process.kill('SIGKILL')
  await sleep(short ? 5_000 : 30_000)
  const after = house.trials()
  await house.startHub()
  const result = await finish(house, id)
  const changed =
    JSON.stringify(before) === JSON.stringify(after) ? [] : ['trial processes changed while the hub was away']
  return { ...result, violations: [...result.violations, ...changed], faults: { 'kill hub': 1 } }
}

/** G9: an agent is killed and started again; the same trial processes go on. */
export const agentRestart: Scenario = async ({ seed, short }) => {
  const house = await openHouse(['one'])
  const id = await produce(house, seed, 2, short ? 20 : 60, 400)
  const before = await until(house.trials, t => t.length === 2, 60_000)
  const violations: string[] = []
  for (let kills = 0; kills < (short ? 1 : 3); kills++) {
    await house.agents[0]?.process.kill('SIGKILL')
    await house.startAgent(0)
    await sleep(3000)
    if (JSON.stringify(before) !== JSON.stringify(house.trials()))
      violations.push(`processes changed after kill ${kills + 1}`)
  }
  const result = await finish(house, id)
  return { ...result, violations: [...result.violations, ...violations], faults: { 'kill agent': short ? 1 : 3 } }
}

/** G9: an agent is stopped and another build of it started in its place; the same trial processes go on, and it is told that it is not the hub's own. */
export const agentUpgrade: Scenario = async ({ seed, short }) => {
  const house = await openHouse(['one'])
  const id = await produce(house, seed, 2, short ? 20 : 40, 400)
  const before = await until(house.trials, t => t.length === 2, 60_000)
  const other = join(folder(), 'agent')
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(dirname(agentProgram), '..', part), join(other, part), { recursive: true })
  writeFileSync(join(other, 'dist/build.json'), JSON.stringify({ version: '9.9.9', build: 'abcdef123456' }))
  await house.agents[0]?.process.kill('SIGTERM')
  const violations: string[] = []
  if (house.agents[0]?.process.child.exitCode !== 0) violations.push('the old agent did not end with 0')
  await house.startAgent(0, join(other, 'bin/flambe-agent.mjs'))
  const line = await house.agents[0]?.process.line(/this agent is outdated/)
  if (!/npx -y .*flambe-agent-[\w.]+-h[\da-f]+\.tgz --hub /.test(line ?? '')) violations.push(`it was told: ${line}`)
  if (JSON.stringify(before) !== JSON.stringify(house.trials())) violations.push('trial processes changed')
  const { items } = await call<{ items: { build: string; outdated: boolean }[] }>(
    house.hub,
    'agents.list',
    undefined,
    'query',
  )
  if (items[0]?.build !== 'abcdef123456' || !items[0].outdated)
    violations.push(`the hub shows ${JSON.stringify(items)}`)
  const result = await finish(house, id)
  return { ...result, violations: [...result.violations, ...violations], faults: { 'upgrade agent': 1 } }
}

/** G24: a second hub on the folder of a running one is refused, and the first is none the worse. */
export const twoHubs: Scenario = async ({ seed }) => {
  const house = await openHouse(['one'])
  const id = await produce(house, seed, 2, 10, 100)
  const second = start([server, '--no-pages', '--data', house.hub.data, '--port', '0'], { NODE_ENV: 'production' })
  const code = await Promise.race([second.ended, sleep(20_000).then(() => 'still running' as const)])
  const result = await finish(house, id)
  const violations = code === 2 ? result.violations : [...result.violations, `the second hub: ${code}, not exit 2`]
  return { ...result, violations, faults: { 'second hub': 1 } }
}

/** What the hub's log says of agents' silence, oldest first. */
function silences(house: House): string[] {
  const db = new DatabaseSync(join(house.hub.data, 'store.sqlite'), { readOnly: true })
  try {
    return db
      .prepare("SELECT event FROM log WHERE type = 'agent-silent' ORDER BY seq")
      .all()
      .map(r => (JSON.parse(String(r.event)) as { state: string }).state)
  } finally {
    db.close()
  }
}

/** G19: the hub stands still for longer than a silence that matters; it blames nobody for it, and no process changes. */
export const hubStopped: Scenario = async ({ seed, short }) => {
  const house = await openHouse(['one'])
  const ms = short ? 25_000 : 90_000
  const id = await produce(house, seed, 2, short ? 70 : 220, 500)
  const before = await until(house.trials, t => t.length === 2, 60_000)
  const { pid } = house.hub.process.child
  if (pid === undefined) throw new Error('the hub has no pid')
  process.kill(pid, 'SIGSTOP')
  await sleep(ms)
  process.kill(pid, 'SIGCONT')
  await sleep(5_000)
  const violations = silences(house).map(state => `the hub called an agent ${state} because it stood still itself`)
  if (JSON.stringify(before) !== JSON.stringify(house.trials())) violations.push('trial processes changed')
  const result = await finish(house, id)
  return { ...result, violations: [...result.violations, ...violations], faults: { [`stop hub ${ms / 1000} s`]: 1 } }
}

/** G10: an agent that stands still is out of contact, its trials unreachable, not failed; the same processes go on. */
export const agentStopped: Scenario = async ({ seed, short }) => {
  const house = await openHouse(['one'])
  const ms = short ? 25_000 : 90_000
  const id = await produce(house, seed, 2, short ? 70 : 220, 500)
  const before = await until(house.trials, t => t.length === 2, 60_000)
  const pid = house.agents[0]?.process.child.pid
  if (pid === undefined) throw new Error('the agent has no pid')
  process.kill(pid, 'SIGSTOP')
  await sleep(ms)
  const said = silences(house)
  process.kill(pid, 'SIGCONT')
  await sleep(5_000)
  const expected = short ? 'suspect' : 'suspect disconnected'
  const violations = said.join(' ') === expected ? [] : [`the hub said "${said.join(' ')}", not "${expected}"`]
  if (JSON.stringify(before) !== JSON.stringify(house.trials())) violations.push('trial processes changed')
  const result = await finish(house, id)
  return { ...result, violations: [...result.violations, ...violations], faults: { [`stop agent ${ms / 1000} s`]: 1 } }
}

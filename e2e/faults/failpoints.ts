/**
 * The hub kills itself at places that a kill from outside hardly meets: between a commit and its acknowledgement, before a blob
 * gets its name, inside a migration (packages/store/src/failpoint.ts). What comes back has lost and repeated nothing (G1, G16, G20, G24).
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { until } from '../harness/cluster.ts'
import { server } from '../harness/places.ts'
import { start } from '../harness/process.ts'
import { draws } from './draws.ts'
import { finish, never, produce, type Scenario, sleep } from './experiment.ts'
import { type House, openHouse } from './house.ts'

export const failpoints: Scenario = async ({ seed, short }) => {
  const draw = draws(seed)
  const faults: { [kind: string]: number } = {}
  const violations: string[] = []
  const house = await openHouse(['one', 'two'], async data => {
    for (const statement of [1, 2 + draw.between(0, 30)]) {
      const env = { NODE_ENV: 'production', FLAMBE_FAILPOINT: `migration:${statement}` }
      const hub = start([server, '--no-pages', '--data', data, '--port', '0'], env)
      await hub.ended
      if (hub.child.signalCode === 'SIGKILL') faults.migration = (faults.migration ?? 0) + 1
      if (tables(data) > 0) violations.push(`a migration that was cut left ${tables(data)} tables`)
    }
  })
  const id = await produce(house, seed, 8, short ? 15 : 40, 150)
  await until(house.trials, t => t.length > 0, 60_000)
  for (let round = 0; round < (short ? 2 : 5); round++)
    for (const point of ['commit', 'blob']) {
      const nth = point === 'commit' ? draw.between(1, 60) : draw.between(1, 3)
      if (await killedAt(house, `${point}:${nth}`)) faults[point] = (faults[point] ?? 0) + 1
    }
  await house.hub.process.kill('SIGKILL')
  await house.startHub()
  const result = await finish(house, id)
  violations.push(...result.violations, ...never(faults, ['migration', 'commit', 'blob']))
  return { ...result, violations, faults }
}

/** Starts the hub anew with the failpoint and waits for its end; false when it was not reached (everything had ended). */
async function killedAt(house: House, failpoint: string): Promise<boolean> {
  await house.hub.process.kill('SIGKILL')
  // The hub may not even live long enough to say that it is ready.
  await house.startHub(failpoint).catch(() => undefined)
  const { child, ended } = house.hub.process
  await Promise.race([ended, sleep(20_000)])
  if (child.exitCode === null && child.signalCode === null) return false
  await house.startHub()
  return true
}

function tables(data: string): number {
  const file = join(data, 'store.sqlite')
  if (!existsSync(file)) return 0
  const db = new DatabaseSync(file)
  try {
    return Number(db.prepare("SELECT count(*) AS n FROM sqlite_schema WHERE type = 'table'").get()?.n)
  } finally {
    db.close()
  }
}

/**
 * G11, the long form: every optimizer, sampler and schedule of the catalogue, each training killed with -9 ten times at drawn
 * points: `node packages/components/scripts/exact-resume.ts [--kills 10] [--seed 1] [--only Adam]`. Exit code 1 when one differs.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { compareKilled, trainings } from '../src/trial/testing/killed.ts'

const { values } = parseArgs({
  options: { kills: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' } },
})
const kills = Number(values.kills ?? 10)
const seed = Number(values.seed ?? 1)
const dir = mkdtempSync(join(tmpdir(), 'flambe-exact-'))
let broken = 0
try {
  const chosen = trainings(20 + 14 * kills).filter(({ name }) => name.includes(values.only ?? ''))
  for (const [i, training] of chosen.entries()) {
    const { differences, resumed } = await compareKilled(join(dir, String(i)), training, kills, seed + i)
    if (differences.length > 0) broken++
    console.log(
      `${differences.length === 0 ? 'equal' : 'DIFFERS'}  ${training.name}  went on at ${resumed.join(' ')}`,
      ...differences.slice(0, 10),
    )
  }
  console.log(`${chosen.length} trainings, ${kills} kills each, seed ${seed}: ${broken} differ`)
} finally {
  rmSync(dir, { recursive: true })
}
process.exit(broken > 0 ? 1 : 0)

/** What a start reads, in bytes that the process asked its files for (Linux counts them): rows, and nothing of what was delivered. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, expect, it } from 'vitest'

const run = promisify(execFile)
const SEED = fileURLToPath(new URL('../scripts/seed-large.ts', import.meta.url))
const START = `
  import { readFileSync } from 'node:fs'
  import { openStore } from ${JSON.stringify(fileURLToPath(new URL('./index.ts', import.meta.url)))}
  const asked = () => Number(/rchar: (\\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))[1])
  const before = asked()
  const store = await openStore({ dir: process.argv[1] })
  const rows = await store.load()
  console.log(JSON.stringify({ asked: asked() - before, rows: rows.length }))
  await store.close()
`
const folders: string[] = []
afterEach(async () => {
  for (const dir of folders.splice(0)) await rm(dir, { recursive: true, force: true })
})

async function startOf(points: number): Promise<{ asked: number; rows: number; size: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'flambe-start-'))
  folders.push(dir)
  await run(process.execPath, [SEED, dir, '--trials', '100', '--points', String(points)])
  const { size } = await stat(join(dir, 'store.sqlite'))
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', START, dir])
  return { ...(JSON.parse(stdout) as { asked: number; rows: number }), size }
}

it.runIf(process.platform === 'linux')(
  'a start reads as much with a hundred times the points: its time depends on trials alone (G25)',
  async () => {
    const few = await startOf(50)
    const many = await startOf(5_000)
    expect(many.rows).toBe(few.rows)
    expect(many.size).toBeGreaterThan(8 * few.size)
    expect(many.asked).toBeLessThan(1.5 * few.asked)
    expect(many.asked).toBeLessThan(many.size / 4)
  },
  120_000,
)

/**
 * An ASHA experiment of 10,000 simulated trials with up to 27 results each, through `decide`, `apply` and a durable `commit`, 64
 * events a transaction as a busy hub groups them: `node packages/store/bench/asha.ts [DIR]`. The rate (of processor time) should stay flat.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { apply, decide, emptyState } from '@flambe/engine'
import { runAshaLoad, sketchVariants } from '@flambe/engine/testing'
import { type CommitEntry, openStore } from '../src/index.ts'

const TOGETHER = 64

function seconds(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from)
  return (user + system) / 1e6
}

const dir = mkdtempSync(join(process.argv[2] ?? tmpdir(), 'flambe-bench-'))
const store = await openStore({ dir })
const state = emptyState()
const batches: CommitEntry[][] = [[]]
/** Batches before which this many results had come. */
const marks: number[] = []
let decided = 0
const results = runAshaLoad({
  trials: 10_000,
  steps: 27,
  search: 'Random',
  stops: true,
  onResult: n => {
    marks[n - 1] = batches.length
  },
  send(event) {
    const before = process.cpuUsage()
    const decision = decide(state, event, sketchVariants)
    apply(state, decision.changes)
    decided += seconds(before)
    if (decision.refused) throw new Error(decision.why ?? '')
    const { changes, actions } = decision
    if ((batches.at(-1) as CommitEntry[]).length >= TOGETHER) batches.push([])
    ;(batches.at(-1) as CommitEntry[]).push({ event, changes, actions, command: null })
    return decision
  },
})
const ends: number[] = []
const from = process.cpuUsage()
for (const entries of batches) {
  const { outbox } = await store.commit({ entries })
  await store.outboxDone(outbox.map(entry => entry.seq))
  ends.push(seconds(from))
}
const committed = ends.at(-1) as number
const rate = (n: number, s: number): string => Math.round(n / s).toLocaleString('en')
const at = (tenth: number): number =>
  tenth === 0 ? 0 : (ends[(marks[Math.ceil((results * tenth) / 10) - 1] as number) - 1] as number)
console.log(
  `${results.toLocaleString('en')} results: ${rate(results, decided + committed)} a second, decided and committed`,
)
console.log(`  decided ${decided.toFixed(1)} s, committed ${committed.toFixed(1)} s`)
console.log(
  `  commits by tenths: ${Array.from({ length: 10 }, (_, i) => rate(results / 10, at(i + 1) - at(i))).join('  ')} results a second`,
)
await store.close()
rmSync(dir, { recursive: true })

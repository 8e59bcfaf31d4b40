/**
 * Points a second through a real attempt folder: a real trial logs flat out, the built agent tails its folder, the built hub
 * acknowledges on disk. `pnpm bench folder [--records 200000] [--tags 20] [--trials 1]`; the clock runs from the first record to the
 * hub's taking of the end, which it takes only when it has everything. Ends with one line of JSON.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { load, openRig, round2 } from './rig.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '200000' },
    tags: { type: 'string', default: '20' },
    trials: { type: 'string', default: '1' },
    profile: { type: 'string' },
  },
})
const [records, tags, trials] = [values.records, values.tags, values.trials].map(Number) as [number, number, number]

const FLOOD = `import { writeFileSync } from 'node:fs'
import { Component, log_scalars } from '@flambe/components'
import { z } from 'zod'

export class Flood extends Component {
  static uses_backend = false
  static lower_is_better = false
  static params = z.object({ number: z.number(), records: z.number(), tags: z.number(), note: z.string() })
  constructor(args) {
    super()
    Object.assign(this, args)
  }
  run() {
    const from = Date.now()
    const names = Array.from({ length: this.tags }, (_, i) => 'train/metric_' + i)
    for (let step = 1; step <= this.records; step++)
      log_scalars(Object.fromEntries(names.map((name, i) => [name, Math.sin(step + i)])), step)
    writeFileSync(this.note + '.' + this.number, JSON.stringify({ from, to: Date.now() }))
    return false
  }
  metric() {
    return 1
  }
}
`

const rig = await openRig({ cpus: 2, profile: values.profile })
try {
  const note = join(rig.folder, 'note')
  const numbers = Array.from({ length: trials }, (_, i) => i + 1)
  const id = rig.submitFile(
    `f: ./flood
---
!Experiment
name: folder
seed: 1
devices: {cpu: ${Math.floor(2e6 / Math.max(2, trials)) / 1e6}}
pipeline:
  a: !f.Flood
    number: !g [${numbers.join(', ')}]
    records: ${records}
    tags: ${tags}
    note: ${note}
`,
    { 'flood/index.js': FLOOD },
  )
  const before = rig.cpu()
  let most = 0
  let seen = await rig.detail(id)
  while (seen.ended === null) {
    await sleep(200)
    most = Math.max(most, rig.memory().hub)
    seen = await rig.detail(id)
  }
  if (seen.trials.success !== trials) throw new Error(`not all trials went well: ${JSON.stringify(seen)}`)
  const after = rig.cpu()
  const notes = numbers.map(n => JSON.parse(readFileSync(`${note}.${n}`, 'utf8')) as { from: number; to: number })
  const from = Math.min(...notes.map(n => n.from))
  const to = Math.max(...notes.map(n => n.to))
  const points = records * tags * trials
  const report = {
    bench: 'folder',
    trials,
    tags,
    points,
    points_per_second: Math.round((points * 1_000) / (seen.ended - from)),
    produced_per_second: Math.round((points * 1_000) / (to - from)),
    seconds: round2((seen.ended - from) / 1_000),
    seconds_after_last_record: round2((seen.ended - to) / 1_000),
    points_per_cpu_second: {
      hub: Math.round((points * 1_000) / (after.hub - before.hub)),
      agent: Math.round((points * 1_000) / (after.agent - before.agent)),
      processes: Math.round((points * 1_000) / (after.processes - before.processes)),
    },
    hub_memory_mib_most: most,
    warnings: rig.warnings,
    load_average: load(),
  }
  process.stdout.write(`${JSON.stringify(report)}\n`)
} finally {
  await rig.close()
}

/**
 * The scalability set: trials that sleep, through the built hub and the built agent, on fractional processors.
 *
 * `pnpm bench sleeping [--trials 96] [--results 600] [--every 0.1] [--slots 96] [--scheduler fifo|asha] [--rounds 1] [--spares N]
 * [--profile DIR]`: each trial gives `results` results, one every `every` seconds, logs two scalars and prints a line beside each.
 * With as many slots as trials they give results from the start; once all run, a gate opens, after which each gives `results` more. The
 * clock runs from there to the end of the last, and the ideal is
 * results x every. With fewer slots the clock runs from the first start, and the ideal is that times trials / slots: `--trials 1000
 * --results 1 --every 1 --slots 16` is the set of short trials. Under ASHA all trials tie at each rung, so that all are judged and
 * none is stopped. Ends with one line of JSON.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { load, median, openRig, round2 } from './rig.ts'

const CPUS = 2
const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '96' },
    results: { type: 'string', default: '600' },
    every: { type: 'string', default: '0.1' },
    slots: { type: 'string', default: '96' },
    scheduler: { type: 'string', default: 'fifo' },
    rounds: { type: 'string', default: '1' },
    spares: { type: 'string', default: '1' },
    server: { type: 'string' },
    profile: { type: 'string' },
  },
})
const [trials, results, every, slots, rounds] = [
  values.trials,
  values.results,
  values.every,
  values.slots,
  values.rounds,
].map(Number) as [number, number, number, number, number]
const gated = slots >= trials
const ideal = (results * every * trials) / Math.min(slots, trials)

/** Rungs of ASHA are powers of the factor. */
const FACTOR = 3
const SLEEPER = `import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { Component, log_scalars } from '@flambe/components'
import { z } from 'zod'

const hash = (...words) => {
  let h = 0x811c9dc5
  for (const word of words) for (let i = 0; i < 4; i++) h = Math.imul(h ^ ((word >>> (8 * i)) & 255), 0x01000193)
  return (Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> 0) / 2 ** 32
}
const rungs = new Set(Array.from({ length: 12 }, (_, i) => ${FACTOR} ** i))

export class Sleeper extends Component {
  static uses_backend = false
  static state = ['taken']
  static lower_is_better = false
  static params = z.object({ number: z.number(), results: z.number(), every: z.number(), gate: z.string() })
  taken = 0
  constructor({ number, results, every, gate }) {
    super()
    Object.assign(this, { number, results, every, gate })
  }
  async run() {
    await sleep(this.every * 1_000)
    this.taken++
    const loss = hash(this.number, this.taken)
    log_scalars({ 'train/loss': loss, 'train/rate': 1 / this.taken })
    console.log(\`step \${this.taken}: loss \${loss.toFixed(4)}\`)
    if (this.gate === '') return --this.results > 0
    if (existsSync(this.gate)) this.gate = ''
    return true
  }
  metric() {
    // All trials tie where a scheduler looks; elsewhere the best so far comes now and then, as in a noisy training.
    return rungs.has(this.taken) ? 0.5 : hash(this.number, this.taken)
  }
}
`

interface Round {
  /** Seconds. */
  readonly took: number
  readonly startup: number
  readonly cpu: { readonly hub: number; readonly agent: number; readonly processes: number }
  readonly memory: { readonly hub: number; readonly agent: number; readonly processes: number; readonly count: number }
  readonly warnings: readonly string[]
}

const all: Round[] = []
for (let round = 0; round < rounds; round++) all.push(await once())
const took = median(all.map(r => r.took))
const report = {
  bench: 'sleeping',
  trials,
  results,
  every,
  slots,
  scheduler: values.scheduler,
  rounds,
  ideal_seconds: ideal,
  took_seconds: round2(took),
  ratio: Math.round((took / ideal) * 1_000) / 1_000,
  startup_seconds: median(all.map(r => r.startup)),
  results_per_second: Math.round((trials * results) / took),
  cores_used: round2(median(all.map(r => (r.cpu.hub + r.cpu.agent + r.cpu.processes) / r.took / 1_000))),
  cpu_ms_per_result: {
    hub: round2(median(all.map(r => r.cpu.hub)) / trials / results),
    agent: round2(median(all.map(r => r.cpu.agent)) / trials / results),
    processes: round2(median(all.map(r => r.cpu.processes)) / trials / results),
  },
  memory_mib: all.at(-1)?.memory,
  warnings: all.flatMap(r => r.warnings).slice(0, 5),
  load_average: load(),
}
process.stdout.write(`${JSON.stringify(report)}\n`)

async function once(): Promise<Round> {
  const { profile, server } = values
  const rig = await openRig({ cpus: CPUS, agent: ['--spares', values.spares], profile, server })
  try {
    const gate = gated ? join(rig.folder, 'gate') : ''
    const numbers = Array.from({ length: trials }, (_, i) => i + 1)
    const asha = `schedulers:\n  a: !ASHA {max_t: ${gated ? results + 10_000 : results}, grace: 1, factor: ${FACTOR}}\n`
    const submitted = performance.now()
    const id = rig.submitFile(
      `s: ./sleeper
---
!Experiment
name: sleeping
seed: 1
max_trials: ${trials}
devices: {cpu: ${Math.floor((CPUS / slots) * 1e6) / 1e6}}
pipeline:
  a: !s.Sleeper
    number: !g [${numbers.join(', ')}]
    results: ${results}
    every: ${every}
    gate: '${gate}'
${values.scheduler === 'asha' ? asha : ''}`,
      { 'sleeper/index.js': SLEEPER },
    )
    let seen = await rig.detail(id)
    const wanted = () => (seen.trials.running ?? 0) >= Math.min(slots, trials) || seen.ended !== null
    while (gated ? !wanted() : (seen.trials.running ?? 0) === 0) {
      await sleep(100)
      seen = await rig.detail(id)
    }
    const startup = round2((performance.now() - submitted) / 1_000)
    const before = rig.cpu()
    let from = seen.started
    if (gated) {
      await sleep(2_000)
      from = Date.now()
      writeFileSync(gate, '')
    }
    await sleep(ideal * 500)
    const memory = rig.memory()
    while (seen.ended === null) {
      await sleep(200)
      seen = await rig.detail(id)
    }
    const after = rig.cpu()
    if (seen.trials.success !== trials) throw new Error(`not all trials went well: ${JSON.stringify(seen)}`)
    const cpu = {
      hub: after.hub - before.hub,
      agent: after.agent - before.agent,
      processes: after.processes - before.processes,
    }
    return { took: (seen.ended - from) / 1_000, startup, cpu, memory, warnings: rig.warnings }
  } finally {
    await rig.close()
  }
}

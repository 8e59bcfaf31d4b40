/**
 * How many trials a second whose step does nothing, and the CPU time that hub and agent spend on one: the built hub and the built agent, two slots.
 *
 * `pnpm bench trials [TRIALS] [--rounds N] [--only reuse|fresh] [--server FILE] [--profile DIR] [--json]`. Each round starts both anew, once with processes that are used again
 * and once with a fresh one for every trial. Limits beside it: the rate at which all processors would be busy with what a trial costs, an
 * fsync of a small file, a bare start of Node, and the load of the machine before.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { load, median, ofChildren, openRig, round2 } from './rig.ts'

const SLOTS = 2
const AIMS = { reuse: 20, fresh: 5, cpu: 50 }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    profile: { type: 'string' },
    only: { type: 'string' },
    server: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const trials = Number(positionals[0] ?? 200)

interface Round {
  /** Trials a second, from the first start to the end of the last. */
  readonly rate: number
  /** ms of CPU time a trial. */
  readonly hub: number
  readonly agent: number
  readonly processes: number
}

const loaded = load()
const modes = { reuse: [] as readonly string[], fresh: ['--trials-per-process', '1'] as readonly string[] }
const results = { reuse: [] as Round[], fresh: [] as Round[] }
for (let round = 0; round < Number(values.rounds); round++)
  for (const mode of ['reuse', 'fresh'] as const)
    if (values.only === undefined || values.only === mode) results[mode].push(await once(mode))

const disk = fsyncTime()
const node = startTime()
const summary = Object.fromEntries(
  Object.entries(results)
    .filter(([, rounds]) => rounds.length > 0)
    .map(([mode, rounds]) => {
      const of = (pick: (r: Round) => number) => median(rounds.map(pick))
      const cpu = round2(of(r => r.hub + r.agent))
      const most = round2((availableParallelism() * 1_000) / (cpu + of(r => r.processes)))
      return [
        mode,
        {
          trials_per_second: of(r => r.rate),
          aim: AIMS[mode as keyof typeof results],
          limit: most,
          ratio: round2(of(r => r.rate) / AIMS[mode as keyof typeof results]),
          cpu_ms_per_trial: {
            hub: of(r => r.hub),
            agent: of(r => r.agent),
            both: cpu,
            aim: AIMS.cpu,
            trial_processes: of(r => r.processes),
          },
        },
      ]
    }),
)
const report = {
  bench: 'trials',
  trials,
  slots: SLOTS,
  rounds: Number(values.rounds),
  limits: { fsync_ms: disk, node_start_ms: node },
  load_average: loaded,
  ...summary,
}
if (!values.json) for (const line of table()) process.stdout.write(`${line}\n`)
process.stdout.write(`${JSON.stringify(report)}\n`)

function table(): string[] {
  const head = 'mode     trials/s  aim  ratio  limit   hub ms  agent ms  both (aim 50)  trial processes ms'
  const rows = Object.entries(summary).map(([mode, s]) => {
    const c = s.cpu_ms_per_trial
    const cells = [
      String(s.trials_per_second).padStart(9),
      String(s.aim).padStart(4),
      String(s.ratio).padStart(6),
      String(s.limit).padStart(6),
      String(c.hub).padStart(8),
      String(c.agent).padStart(9),
      String(c.both).padStart(14),
      String(c.trial_processes).padStart(19),
    ]
    return `${mode.padEnd(8)}${cells.join(' ')}`
  })
  return [
    head,
    ...rows,
    `limits: fsync of a small file ${disk} ms, a bare start of Node ${node} ms of CPU time; load average before ${loaded}`,
  ]
}

async function once(mode: keyof typeof modes): Promise<Round> {
  const rig = await openRig({
    cpus: SLOTS,
    agent: modes[mode],
    server: values.server,
    profile: values.profile === undefined ? undefined : join(values.profile, mode),
  })
  try {
    const text = `!Experiment
name: nothing
seed: 1
max_trials: ${trials}
pipeline:
  a: !Adam
    lr: !g [${Array.from({ length: trials }, (_, i) => (i + 1) / trials).join(', ')}]
`
    const before = rig.cpu()
    const id = await rig.submit(text)
    let seen = await rig.detail(id)
    while (seen.ended === null) {
      await sleep(250)
      seen = await rig.detail(id)
    }
    if (seen.trials.success !== trials) throw new Error(`not all trials went well: ${JSON.stringify(seen.trials)}`)
    const after = rig.cpu()
    return {
      rate: round2((trials * 1_000) / (seen.ended - seen.started)),
      hub: round2((after.hub - before.hub) / trials),
      agent: round2((after.agent - before.agent) / trials),
      processes: round2((after.processes - before.processes) / trials),
    }
  } finally {
    await rig.close()
  }
}

function fsyncTime(): number {
  const folder = mkdtempSync(join(tmpdir(), 'flambe-bench-'))
  const times = Array.from({ length: 50 }, (_, i) => {
    const fd = openSync(join(folder, String(i)), 'w')
    writeSync(fd, 'x'.repeat(200))
    const from = performance.now()
    fsyncSync(fd)
    closeSync(fd)
    return performance.now() - from
  })
  rmSync(folder, { recursive: true })
  return round2(median(times))
}

function startTime(): number {
  const times = Array.from({ length: 5 }, () => {
    const from = ofChildren(process.pid)
    spawnSync(process.execPath, ['-e', '0'])
    return ofChildren(process.pid) - from
  })
  return median(times)
}

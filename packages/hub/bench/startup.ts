/**
 * Time until a hub is ready on a data folder, and its memory then (G25). `pnpm bench startup DIR [rounds]`; DIR as
 * `pnpm seed --large` makes it. Each round is a new process; the first page of trials and a chart are read too.
 */
import { load, quantile, startMeasured } from './measured-hub.ts'

const [dir, rounds = '5'] = process.argv.slice(2)
if (dir === undefined) {
  process.stderr.write('startup DIR [rounds]\n')
  process.exit(2)
}
const ready: number[] = []
const memory: number[] = []
const after: number[] = []
const cpu: number[] = []
const page: number[] = []
const chart: number[] = []
for (let round = 0; round < Number(rounds); round++) {
  const begun = performance.now()
  const hub = await startMeasured(dir)
  ready.push(performance.now() - begun)
  memory.push(hub.memory())
  cpu.push(hub.cpu() * 1000)
  const experiments = await hub.api.experiments.list.query({ limit: 50 })
  const experiment = experiments.items[0]?.id ?? ''
  let from = performance.now()
  const trials = await hub.api.trials.list.query({
    experiment,
    sort: [{ by: 'metric', desc: true }],
    offset: 0,
    limit: 100,
  })
  page.push(performance.now() - from)
  from = performance.now()
  await hub.api.series.read.query({ trials: trials.items.map(t => t.id), tags: ['train/loss'], points: 1000 })
  chart.push(performance.now() - from)
  after.push(hub.memory())
  await hub.kill()
}
const result = {
  bench: 'startup',
  rounds: ready.length,
  ready_ms_median: quantile(ready, 0.5),
  ready_ms_worst: quantile(ready, 1),
  hub_cpu_ms_median: quantile(cpu, 0.5),
  memory_mib_ready: quantile(memory, 0.5),
  memory_mib_after_pages: quantile(after, 0.5),
  trials_page_ms: quantile(page, 0.5),
  chart_of_100_series_ms: quantile(chart, 0.5),
  load: load(),
}
process.stdout.write(`${JSON.stringify(result)}\n`)
process.exit(0)

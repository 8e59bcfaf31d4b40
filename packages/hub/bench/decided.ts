/**
 * An ASHA experiment of 10,000 trials with up to 27 results each through the hub process itself: protocol clients play eight agents
 * with eight slots each, so that all of it is there: messages, decisions, commits, journal, outbox, live feed.
 *
 * `pnpm bench decided [--trials 10000] [--steps 27] [--batch 1] [--stops] [--page]`. All trials tie at each rung, so that all are judged
 * and none is stopped (`--stops`: they differ, and most end at the first rung); `--batch N` sends the results of N steps in one message,
 * as an agent does that tails a fast trial. Rates by tenths of the trials: they should stay flat. Ends with one line of JSON.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { AGENT_PATH, frame, LIVE_PATH, PROTOCOL_VERSION, type Spec } from '@flambe/protocol'
import { io, type Socket } from 'socket.io-client'
import { load, startMeasured } from './measured-hub.ts'

const AGENTS = 8
const BEGAN = 1_700_000_000_000
const SLOTS = 8
const { values } = parseArgs({
  options: {
    trials: { type: 'string', default: '10000' },
    steps: { type: 'string', default: '27' },
    batch: { type: 'string', default: '1' },
    stops: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
})
const [trials, steps, batch] = [values.trials, values.steps, values.batch].map(Number) as [number, number, number]

const dir = mkdtempSync(join(tmpdir(), 'flambe-bench-'))
const hub = await startMeasured(dir)
let results = 0
let ended = 0
const marks: { readonly results: number; readonly time: number; readonly cpu: number }[] = []
const began = () => ({ results, time: performance.now(), cpu: hub.cpu() })

await Promise.all(Array.from({ length: AGENTS }, (_, i) => playAgent(`g${i}`)))
let changes = 0
if (values.page) {
  const page = io(hub.url, { path: LIVE_PATH, transports: ['websocket'], auth: { token: hub.token } })
  page.on('changes', () => changes++)
  await page.emitWithAck('watch', { topics: ['experiments', 'agents'], after: null })
}
const text = `!Experiment
name: decided
seed: 1
max_trials: ${trials}
devices: {cpu: 1}
pipeline:
  b: !Adam
    lr: !loguniform [1.0e-5, 1.0]
search:
  b: !Random {n_trials: ${trials}}
schedulers:
  b: !ASHA {max_t: ${steps}, grace: 1, factor: 3}
`
marks.push(began())
const answer = await hub.api.experiments.submit.mutate({ text, resources: {}, command: 'bench-command-1' })
if (!answer.ok) throw new Error(JSON.stringify(answer))
let least = 0
for (;;) {
  await new Promise(resolve => setTimeout(resolve, 100))
  // A tenth of the trials each, since nobody knows how many results there will be.
  if (ended >= least + trials / 10) {
    least += trials / 10
    marks.push(began())
  }
  if (ended >= trials) break
}
const [first, last] = [marks[0], marks.at(-1)] as [(typeof marks)[0], (typeof marks)[0]]
const rate = (a: (typeof marks)[0], b: (typeof marks)[0]) =>
  Math.round(((b.results - a.results) * 1_000) / (b.time - a.time))
const result = {
  bench: 'decided',
  trials,
  results,
  batch,
  stops: values.stops,
  page: values.page,
  results_per_second: rate(first, last),
  by_tenths: marks.slice(1).map((mark, i) => rate(marks[i] as (typeof marks)[0], mark)),
  results_per_hub_cpu_second: Math.round(results / (last.cpu - first.cpu)),
  hub_cpu_share: +(((last.cpu - first.cpu) * 1_000) / (last.time - first.time)).toFixed(2),
  trials_per_second: Math.round((trials * 1_000) / (last.time - first.time)),
  ...(values.page ? { page_batches: changes } : {}),
  hub_memory_mib: Math.round(hub.memory()),
  load: load(),
}
process.stdout.write(`${JSON.stringify(result)}\n`)
await hub.kill()
rmSync(dir, { recursive: true, force: true })
process.exit(0)

/** Only what a trial's way through the hub needs: accepted, started, records, saved, ended. */
async function playAgent(name: string): Promise<void> {
  const { token } = await hub.api.agents.joinToken.mutate()
  const socket: Socket = io(hub.url, { path: AGENT_PATH, transports: ['websocket'], auth: { token } })
  const stops = new Set<string>()
  const known = new Set<string>()
  const ask = async (event: string, message: object) => {
    const reply = (await socket.emitWithAck(event, message)) as { ok: boolean; refusal?: { message: string } }
    if (!reply.ok) throw new Error(`${event}: ${reply.refusal?.message}`)
  }
  socket.on('assign', ({ attempt, spec }: { attempt: string; spec: Spec }, ack: (a: object) => void) => {
    ack({ ok: true })
    if (known.has(attempt)) return
    known.add(attempt)
    play(attempt, spec).catch(error => {
      process.stderr.write(`${error}\n`)
      process.exit(1)
    })
  })
  socket.on('end', ({ attempt }: { attempt: string }, ack: (a: object) => void) => {
    stops.add(attempt)
    ack({ ok: true })
  })
  socket.on('forget', (_: unknown, ack: (a: object) => void) => ack({ ok: true }))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', reject)
  })
  await ask('hello', {
    version: PROTOCOL_VERSION,
    build: null,
    name,
    agent: null,
    host: { hostname: 'bench', platform: 'linux', arch: 'x64', node: process.version, pid: process.pid },
    devices: { cpu: SLOTS, memory: 8e9, gpus: [] },
    backends: [{ name: 'cpu', accepted: true, detail: '' }],
    labels: {},
    attempts: [],
  })

  async function play(attempt: string, { trial_number }: Spec): Promise<void> {
    await ask('accepted', { attempt })
    let offset = 0
    for (let done = 0; done < steps && !stops.has(attempt); ) {
      const to = Math.min(steps, done + batch)
      const records: object[] = done === 0 ? [{ t: 'start', time: BEGAN, environment: { backend: 'cpu' } }] : []
      while (done < to) {
        const step = ++done
        const time = BEGAN + step
        const metric = values.stops ? 1 - Math.abs(hash(trial_number) - 0.3) - 0.2 / step : 1 - 1 / step
        records.push({ t: 'points', time, step, tags: ['train/loss'], values: [1 - metric] })
        records.push({ t: 'result', time, step, metric })
        results++
      }
      const data = Buffer.concat(records.map(record => frame(Buffer.from(JSON.stringify(record)))))
      await ask('append', { attempt, stream: 'records', offset, data })
      offset += data.length
    }
    const kind = stops.has(attempt) ? 'stopped' : 'done'
    const sizes = { records: offset, stdout: 0, stderr: 0 }
    await ask('saved', { attempt, number: 1, step: 1, metric: null, manifest: { kind: 'folder', files: [] } })
    await ask('ended', { attempt, exit: { kind }, sizes, dropped: { stdout: 0, stderr: 0 } })
    ended++
    stops.delete(attempt)
  }
}

/** In [0, 1). */
function hash(n: number): number {
  const h = Math.imul(n ^ 0x811c9dc5, 0x01000193)
  return (Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) >>> 0) / 2 ** 32
}

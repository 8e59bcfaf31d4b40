/**
 * From `log()` to an open page (G6): N clients log at a given rate and flush as agents do; the page notes how old each point is
 * when it arrives. Then the clients are cut off for a while, log on, come back, and the time until the page has all is taken.
 * `pnpm bench live [--clients 20] [--rate 50000] [--seconds 10] [--cut 30]`. Ends with one line of JSON.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { FLUSH_EVERY, frame, LIVE_PATH, MAX_BATCH_BYTES, unframe } from '@flambe/protocol'
import { io } from 'socket.io-client'
import { FakeAgent, type Folder } from '../src/testing/fake-agent.ts'
import { load, quantile, startMeasured } from './measured-hub.ts'

const text = (value: string) => ({ type: 'string', default: value }) as const
const { values } = parseArgs({
  options: { clients: text('20'), rate: text('50000'), seconds: text('10'), cut: text('30') },
})
const [clients, rate, seconds, cut] = [values.clients, values.rate, values.seconds, values.cut].map(Number) as [
  number,
  number,
  number,
  number,
]
const TAGS = Array.from({ length: 20 }, (_, i) => `train/metric_${i}`)
const dir = mkdtempSync(join(tmpdir(), 'flambe-bench-'))
const hub = await startMeasured(dir)
const lrs = Array.from({ length: clients }, (_, i) => (i + 1) / clients)
const file = `!Experiment\nname: live\nseed: 1\npipeline:\n  a: !Adam\n    lr: !g [${lrs.join(', ')}]\n`
const answer = await hub.api.experiments.submit.mutate({ text: file, resources: {}, command: 'command-1' })
if (!answer.ok) throw new Error(JSON.stringify(answer))

interface Client {
  readonly agent: FakeAgent
  readonly folder: Folder
  offset: number
  step: number
  /** What was logged and not yet acknowledged, as it stands in the attempt folder. */
  waiting: Buffer
  sending: boolean
  cut: boolean
}
const all: Client[] = []
for (let i = 0; i < clients; i++) {
  const { token } = await hub.api.agents.joinToken.mutate()
  const play = { steps: 1, before: () => new Promise<void>(() => {}) }
  const agent = new FakeAgent({ url: hub.url, token, name: `c${i}`, cpu: 1, play })
  await agent.connect()
  let folder: Folder | undefined
  while (folder === undefined) {
    await new Promise(resolve => setTimeout(resolve, 20))
    folder = [...agent.folders.values()].find(f => f.state === 'running')
  }
  all.push({ agent, folder, offset: 0, step: 0, waiting: Buffer.alloc(0), sending: false, cut: false })
}

let logged = 0
let seen = 0
let ages: number[] = []
/** More came at once than is kept for a slow page: it is cut, comes back and reads its queries anew. */
let cutOff = false
const page = io(hub.url, { path: LIVE_PATH, transports: ['websocket'], auth: { token: hub.token } })
page.on('changes', (batch: { changes: { kind: string; times?: number[] }[] }) => {
  const now = Date.now()
  for (const { kind, times } of batch.changes) {
    if (kind !== 'points' || times === undefined) continue
    seen += times.length
    ages.push(now - (times[0] as number), now - (times.at(-1) as number))
  }
})
page.on('disconnect', () => {
  cutOff = true
})
await page.emitWithAck('watch', { topics: [`points:${answer.id}`], after: null })

function log(client: Client): void {
  // What a trial logs between two flushes, at its moments in between.
  const records = Math.round((rate / clients / TAGS.length) * (FLUSH_EVERY / 1000))
  const now = Date.now()
  const frames = Array.from({ length: records }, (_, i) => {
    const time = now - FLUSH_EVERY + ((i + 1) * FLUSH_EVERY) / records
    const step = ++client.step
    return frame(Buffer.from(JSON.stringify({ t: 'points', time, step, tags: TAGS, values: TAGS.map(() => step / 3) })))
  })
  logged += records * TAGS.length
  client.waiting = Buffer.concat([client.waiting, ...frames])
}

async function ship(client: Client): Promise<void> {
  if (client.sending || client.cut) return
  client.sending = true
  try {
    while (client.waiting.length > 0) {
      const { end } = unframe(client.waiting, MAX_BATCH_BYTES)
      const data = new Uint8Array(client.waiting.subarray(0, end))
      const attempt = client.folder.spec.attempt
      const message = { attempt, stream: 'records', offset: client.offset, data }
      const reply = await client.agent.socket?.timeout(60_000).emitWithAck('append', message)
      if (!reply?.ok) throw new Error(JSON.stringify(reply))
      client.offset += data.length
      client.waiting = client.waiting.subarray(data.length)
    }
  } finally {
    client.sending = false
  }
}

const timer = setInterval(() => {
  for (const client of all) {
    log(client)
    void ship(client)
  }
}, FLUSH_EVERY)
await new Promise(resolve => setTimeout(resolve, 2_000))
ages = []
const [cpuBefore, seenBefore, begun] = [hub.cpu(), seen, performance.now()]
await new Promise(resolve => setTimeout(resolve, seconds * 1000))
const took = (performance.now() - begun) / 1000
const shown = (seen - seenBefore) / took
const share = (hub.cpu() - cpuBefore) / took
const fresh = ages
ages = []

for (const client of all) client.cut = true
await new Promise(resolve => setTimeout(resolve, cut * 1000))
clearInterval(timer)
for (const client of all) client.cut = false
const back = performance.now()
await Promise.all(all.map(ship))
const stored = performance.now() - back
while (seen < logged && !cutOff) await new Promise(resolve => setTimeout(resolve, 10))
if (cutOff) {
  const trials = all.map(client => client.folder.spec.trial)
  const { series } = await hub.api.series.read.query({ trials, tags: TAGS.slice(0, 1), points: 1000 })
  const steps = all.reduce((sum, client) => sum + client.step, 0)
  const total = series.reduce((sum, one) => sum + one.total, 0)
  if (total !== steps) throw new Error(`the page reads ${total} of ${steps} points`)
}
const drained = performance.now() - back
const result = {
  bench: 'live',
  clients,
  offered_points_per_second: rate,
  page_points_per_second: Math.round(shown),
  log_to_page_ms_median: quantile(fresh, 0.5),
  log_to_page_ms_p95: quantile(fresh, 0.95),
  hub_cpu_percent_of_one_core: +(share * 100).toFixed(0),
  cut_seconds: cut,
  backlog_points: Math.round(rate * cut),
  backlog_stored_ms: Math.round(stored),
  page_was_reset: cutOff,
  backlog_on_page_ms: Math.round(drained),
  hub_memory_mib: Math.round(hub.memory()),
  load: load(),
}
process.stdout.write(`${JSON.stringify(result)}\n`)
await hub.kill()
rmSync(dir, { recursive: true, force: true })
process.exit(0)

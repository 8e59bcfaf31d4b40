/**
 * Points per second from protocol clients to acknowledged on disk, against a hub in a process of its own.
 * `pnpm bench ingest [--seconds 8] [--clients 1] [--attempts 1] [--tags 20] [--page] [--memory]`. Records as the trial process writes
 * them; `--page` opens a page that watches all points; `--memory` waits 15 s and says
 * what of the hub's memory is what, then and after a collection. Ends with one line of JSON.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { frame, LIVE_PATH, MAX_BATCH_BYTES } from '@flambe/protocol'
import { io } from 'socket.io-client'
import { FakeAgent, type Folder } from '../src/testing/fake-agent.ts'
import { load, quantile, startMeasured } from './measured-hub.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    clients: { type: 'string', default: '1' },
    attempts: { type: 'string', default: '1' },
    tags: { type: 'string', default: '20' },
    page: { type: 'boolean', default: false },
    memory: { type: 'boolean', default: false },
  },
})
const [seconds, clients, attempts, tags] = [values.seconds, values.clients, values.attempts, values.tags].map(
  Number,
) as [number, number, number, number]

const dir = mkdtempSync(join(tmpdir(), 'flambe-bench-'))
const hub = await startMeasured(dir)
const { url, token, api } = hub

const trials = clients * attempts
const lrs = Array.from({ length: trials }, (_, i) => (i + 1) / trials)
const text = `!Experiment\nname: ingest\nseed: 1\npipeline:\n  a: !Adam\n    lr: !g [${lrs.join(', ')}]\n`
const answer = await api.experiments.submit.mutate({ text, resources: {}, command: 'command-1' })
if (!answer.ok) throw new Error(JSON.stringify(answer))

const agents: FakeAgent[] = []
for (let i = 0; i < clients; i++) {
  const { token } = await api.agents.joinToken.mutate()
  const play = { steps: 1, before: () => new Promise<void>(() => {}) }
  const agent = new FakeAgent({ url, token, name: `c${i}`, cpu: attempts, play })
  agents.push(agent)
  await agent.connect()
}
const folders: { agent: FakeAgent; folder: Folder }[] = []
while (folders.length < trials) {
  await new Promise(resolve => setTimeout(resolve, 50))
  folders.length = 0
  for (const agent of agents)
    for (const folder of agent.folders.values()) if (folder.state === 'running') folders.push({ agent, folder })
}

let seen = 0
let changes = 0
if (values.page) {
  const page = io(url, { path: LIVE_PATH, transports: ['websocket'], auth: { token } })
  page.on('changes', (batch: { changes: { kind: string; steps?: number[] }[] }) => {
    changes++
    for (const c of batch.changes) if (c.kind === 'points') seen += c.steps?.length ?? 0
  })
  await page.emitWithAck('watch', { topics: [`points:${answer.id}`], after: null })
}

/** As many records as one batch holds; made once, since making them is the trial's work and not the hub's. */
function batch(): { data: Uint8Array<ArrayBuffer>; points: number } {
  const frames: Uint8Array[] = []
  let bytes = 0
  const names = Array.from({ length: tags }, (_, i) => `train/metric_${i}`)
  for (let step = 1; ; step++) {
    const record = {
      t: 'points',
      time: 1_700_000_000_000 + step,
      step,
      tags: names,
      values: names.map((_, i) => Math.sin(step + i)),
    }
    const one = frame(Buffer.from(JSON.stringify(record)))
    if (bytes + one.length > MAX_BATCH_BYTES)
      return { data: new Uint8Array(Buffer.concat(frames)), points: frames.length * tags }
    frames.push(one)
    bytes += one.length
  }
}
const { data, points } = batch()

let acked = 0
const times: number[] = []
let until = performance.now() + 1_000 // warm-up
async function ship(agent: FakeAgent, folder: Folder, from: number): Promise<number> {
  let offset = from
  while (performance.now() < until) {
    const begun = performance.now()
    const reply = await agent.ask('append', { attempt: folder.spec.attempt, stream: 'records', offset, data })
    if (!reply.ok) throw new Error(JSON.stringify(reply))
    if (reply.next !== offset + data.length) throw new Error(`next ${reply.next}`)
    offset = reply.next
    acked += points
    times.push(performance.now() - begun)
  }
  return offset
}
const offsets = await Promise.all(folders.map(({ agent, folder }) => ship(agent, folder, 0)))
acked = 0
seen = 0
times.length = 0
const [cpuBefore, begun] = [hub.cpu(), performance.now()]
until = begun + seconds * 1000
await Promise.all(folders.map(({ agent, folder }, i) => ship(agent, folder, offsets[i] as number)))
const flooded = await hub.parts()
const took = (performance.now() - begun) / 1000
const used = hub.cpu() - cpuBefore
// Idle for as long as the series need to be sealed; then what of it is garbage that nobody has asked for yet.
await new Promise(resolve => setTimeout(resolve, values.memory ? 15_000 : 0))
const after = values.memory ? await hub.parts() : null
if (values.memory) await hub.collect()
const collected = values.memory ? await hub.parts() : null
const result = {
  bench: 'ingest',
  clients,
  attempts,
  tags,
  page: values.page,
  points_per_second: Math.round(acked / took),
  points_per_hub_cpu_second: Math.round(acked / used),
  hub_cpu_share: +(used / took).toFixed(2),
  batch_points: points,
  ack_ms_median: quantile(times, 0.5),
  ack_ms_p95: quantile(times, 0.95),
  ...(values.page ? { page_points_per_second: Math.round(seen / took), page_batches: changes } : {}),
  memory_mib: { flooded, after, collected },
  load: load(),
}
process.stdout.write(`${JSON.stringify(result)}\n`)
await hub.kill()
rmSync(dir, { recursive: true, force: true })
process.exit(0)

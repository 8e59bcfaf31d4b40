/**
 * Points per second from protocol clients to acknowledged on disk, against a hub in a process of its own.
 * `pnpm bench ingest [--seconds 8] [--clients 1] [--attempts 1] [--tags 20] [--page]`. Records as the trial process writes
 * them; `--page` opens a page that watches all points. Ends with one line of JSON.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { frame, LIVE_PATH, MAX_BATCH_BYTES } from '@flambe/protocol'
import { createTRPCClient, httpLink } from '@trpc/client'
import { io } from 'socket.io-client'
import type { AppRouter } from '../src/api/root.ts'
import { FakeAgent, type Folder } from '../src/testing/fake-agent.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    clients: { type: 'string', default: '1' },
    attempts: { type: 'string', default: '1' },
    tags: { type: 'string', default: '20' },
    page: { type: 'boolean', default: false },
  },
})
const [seconds, clients, attempts, tags] = [values.seconds, values.clients, values.attempts, values.tags].map(
  Number,
) as [number, number, number, number]

const dir = mkdtempSync(join(tmpdir(), 'flambe-bench-'))
const program = new URL('../src/testing/hub-process.ts', import.meta.url).pathname
const hub = spawn(process.execPath, [...(process.env.HUB_ARGS?.split(' ') ?? []), program, dir, '0'], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const line = await new Promise<string>(resolve => hub.stdout.once('data', chunk => resolve(String(chunk))))
const { url, token } = JSON.parse(line) as { url: string; token: string }
const api = createTRPCClient<AppRouter>({
  links: [httpLink({ url: `${url}/api/trpc`, headers: { authorization: `Bearer ${token}` }, methodOverride: 'POST' })],
})

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

const cpu = () => {
  const fields = readFileSync(`/proc/${hub.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
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
const [cpuBefore, begun] = [cpu(), performance.now()]
until = begun + seconds * 1000
await Promise.all(folders.map(({ agent, folder }, i) => ship(agent, folder, offsets[i] as number)))
const took = (performance.now() - begun) / 1000
const used = cpu() - cpuBefore
times.sort((a, b) => a - b)
const memory = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${hub.pid}/status`, 'utf8'))?.[1]) / 1024
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
  ack_ms_median: +(times[times.length >> 1] ?? 0).toFixed(1),
  ack_ms_p95: +(times[Math.floor(times.length * 0.95)] ?? 0).toFixed(1),
  ...(values.page ? { page_points_per_second: Math.round(seen / took), page_batches: changes } : {}),
  hub_memory_mib: Math.round(memory),
  load: loadavg().map(l => +l.toFixed(1)),
}
process.stdout.write(`${JSON.stringify(result)}\n`)
hub.kill('SIGKILL')
rmSync(dir, { recursive: true, force: true })
process.exit(0)

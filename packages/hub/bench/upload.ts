/**
 * A checkpoint over Socket.IO, from the first byte to durable under its name, against a plain HTTP PUT of the same bytes with
 * sha256 and fsync, on this machine's loopback and disk; meanwhile another connection sends heartbeats.
 * `pnpm bench upload [MiB 256] [rounds 5]`. Ends with one line of JSON.
 */
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { open, rename } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MAX_CHUNK_BYTES, UPLOAD_CREDITS } from '@flambe/protocol'
import { FakeAgent } from '../src/testing/fake-agent.ts'
import { load, quantile, startMeasured } from './measured-hub.ts'

// The plain server is this very file in a process of its own, so that both sides have as many processors.
if (process.argv[2] === '--plain') {
  const dir = process.argv[3] as string
  let n = 0
  const server = createServer((req, res) => {
    void (async () => {
      const hash = createHash('sha256')
      const path = join(dir, `put-${n++}`)
      const file = await open(path, 'w')
      for await (const chunk of req) {
        hash.update(chunk as Buffer)
        await file.write(chunk as Buffer)
      }
      await file.sync()
      await file.close()
      await rename(path, `${path}.done`)
      res.end(hash.digest('hex'))
    })()
  })
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`))
} else {
  const [mib = 256, rounds = 5] = process.argv.slice(2).map(Number)
  const dir = mkdtempSync(join(tmpdir(), 'flambe-bench-'))
  const hub = await startMeasured(dir)
  const { token } = await hub.api.agents.joinToken.mutate()
  const agent = new FakeAgent({ url: hub.url, token, cpu: 1 })
  await agent.connect()
  const plain = spawn(process.execPath, [new URL(import.meta.url).pathname, '--plain', dir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = Number(await new Promise(resolve => plain.stdout.once('data', chunk => resolve(String(chunk)))))

  const beats: number[] = []
  const beating = setInterval(() => {
    const from = performance.now()
    const load = { cpu: 0.5, memory: { used: 1, total: 2 }, disk: { free: 1, total: 2 }, gpus: [], backlog: 0 }
    void agent.ask('heartbeat', { ...load, clock: Date.now() }).then(() => beats.push(performance.now() - from))
  }, 50)

  const cpu = { hub: [] as number[], client: [] as number[] }
  const speeds = { socket: [] as number[], put: [] as number[] }
  for (let round = 0; round <= rounds; round++) {
    const bytes = randomBytes(mib * 1024 * 1024)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    let from = performance.now()
    const [hubBefore, own] = [hub.cpu(), process.cpuUsage()]
    await upload(agent, bytes, sha256)
    const socket = mib / ((performance.now() - from) / 1000)
    const { user, system } = process.cpuUsage(own)
    cpu.hub.push(((hub.cpu() - hubBefore) * 1000) / mib)
    cpu.client.push((user + system) / 1000 / mib)
    from = performance.now()
    await put(port, bytes, sha256)
    const http = mib / ((performance.now() - from) / 1000)
    if (round === 0) continue // warm-up
    speeds.socket.push(socket)
    speeds.put.push(http)
  }
  clearInterval(beating)
  const socket = quantile(speeds.socket, 0.5)
  const http = quantile(speeds.put, 0.5)
  const result = {
    bench: 'upload',
    mib,
    rounds,
    credits: UPLOAD_CREDITS,
    socket_mib_per_second: socket,
    socket_best: quantile(speeds.socket, 1),
    http_put_mib_per_second: http,
    ratio: +(socket / http).toFixed(2),
    hub_cpu_ms_per_mib: quantile(cpu.hub, 0.5),
    client_cpu_ms_per_mib: quantile(cpu.client, 0.5),
    heartbeat_ms_median: quantile(beats, 0.5),
    heartbeat_ms_p95: quantile(beats, 0.95),
    heartbeat_ms_worst: quantile(beats, 1),
    hub_memory_mib: Math.round(hub.memory()),
    load: load(),
  }
  process.stdout.write(`${JSON.stringify(result)}\n`)
  plain.kill('SIGKILL')
  await hub.kill()
  rmSync(dir, { recursive: true, force: true })
  process.exit(0)
}

/** As an agent does it: a window of chunks in flight. */
async function upload(agent: FakeAgent, bytes: Buffer, sha256: string): Promise<void> {
  await agent.put('blob-begin', { sha256, size: bytes.length })
  const flight: Promise<unknown>[] = []
  for (let offset = 0; offset < bytes.length; offset += MAX_CHUNK_BYTES) {
    const data = new Uint8Array(bytes.subarray(offset, offset + MAX_CHUNK_BYTES))
    flight.push(
      agent.put('blob-chunk', { sha256, offset, data }).then(a => {
        if (!a.ok) throw new Error(a.refusal.message)
      }),
    )
    if (flight.length >= UPLOAD_CREDITS) await flight.shift()
  }
  await Promise.all(flight)
  const ended = await agent.put('blob-end', { sha256, size: bytes.length })
  if (!ended.ok) throw new Error(ended.refusal.message)
}

function put(port: number, bytes: Buffer, sha256: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const req = request(
      { port, host: '127.0.0.1', method: 'PUT', headers: { 'content-length': bytes.length } },
      res => {
        let text = ''
        res.on('data', chunk => {
          text += chunk
        })
        res.on('end', () => (text === sha256 ? resolve() : reject(new Error('other bytes arrived'))))
      },
    )
    req.on('error', reject)
    req.end(bytes)
  })
}

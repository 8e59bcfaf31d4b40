/** What N agents that only send heartbeats cost the hub. `pnpm bench idle [agents 200] [seconds 20]`. Ends with one line of JSON. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HEARTBEAT_EVERY } from '@flambe/protocol'
import { FakeAgent } from '../src/testing/fake-agent.ts'
import { load, quantile, startMeasured } from './measured-hub.ts'

const [agents = 200, seconds = 20] = process.argv.slice(2).map(Number)
const dir = mkdtempSync(join(tmpdir(), 'flambe-bench-'))
const hub = await startMeasured(dir)
const crowd: FakeAgent[] = []
for (let i = 0; i < agents; i++) {
  const { token } = await hub.api.agents.joinToken.mutate()
  const agent = new FakeAgent({ url: hub.url, token, name: `idle-${i}`, cpu: 1 })
  await agent.connect()
  crowd.push(agent)
}
const answers: number[] = []
for (const agent of crowd) {
  const beat = async () => {
    const from = performance.now()
    await agent.ask('heartbeat', {
      cpu: 0.5,
      memory: { used: 1, total: 2 },
      disk: { free: 1, total: 2 },
      gpus: [],
      backlog: 0,
      clock: Date.now(),
    })
    answers.push(performance.now() - from)
  }
  setTimeout(() => {
    setInterval(() => void beat().catch(() => undefined), HEARTBEAT_EVERY)
  }, Math.random() * HEARTBEAT_EVERY)
}
await new Promise(resolve => setTimeout(resolve, HEARTBEAT_EVERY * 2))
answers.length = 0
const [before, begun] = [hub.cpu(), performance.now()]
await new Promise(resolve => setTimeout(resolve, seconds * 1000))
const share = (hub.cpu() - before) / ((performance.now() - begun) / 1000)
const result = {
  bench: 'idle',
  agents,
  hub_cpu_percent_of_one_core: +(share * 100).toFixed(1),
  heartbeats_per_second: +(answers.length / seconds).toFixed(1),
  heartbeat_ms_median: quantile(answers, 0.5),
  heartbeat_ms_p95: quantile(answers, 0.95),
  hub_memory_mib: Math.round(hub.memory()),
  load: load(),
}
process.stdout.write(`${JSON.stringify(result)}\n`)
await hub.kill()
rmSync(dir, { recursive: true, force: true })
process.exit(0)

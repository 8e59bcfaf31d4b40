/** How long until N agents that come back at once are all in (G25), and what an experiment of M trials costs. `node bench/crowd.ts 500 10000` */
import { FakeAgent } from '../src/testing/fake-agent.ts'
import { openHouse } from '../src/testing/house.ts'

const agents = Number(process.argv[2] ?? 500)
const trials = Number(process.argv[3] ?? 10_000)
const seconds = (from: number) => `${((performance.now() - from) / 1_000).toFixed(2)} s`
const say = (line: string) => process.stdout.write(`${line}\n`)

let house = await openHouse()
let from = performance.now()
const text = `!Experiment
name: crowd
seed: 1
max_trials: ${trials}
pipeline:
  a: !Adam
    lr: !g [${Array.from({ length: trials }, (_, i) => (i + 1) / trials).join(', ')}]
`
const answer = await house.api.experiments.submit.mutate({ text, resources: {}, command: 'command-1' })
if (!answer.ok) throw new Error(JSON.stringify(answer))
say(`submit ${trials} trials: ${seconds(from)}`)

from = performance.now()
await house.api.trials.list.query({
  experiment: answer.id,
  sort: [{ by: 'metric', desc: true }],
  offset: 0,
  limit: 100,
})
say(`first page of its trials: ${seconds(from)}`)

const crowd: FakeAgent[] = []
for (let i = 0; i < agents; i++) {
  const { token } = await house.api.agents.joinToken.mutate()
  crowd.push(
    new FakeAgent({
      url: house.url,
      token,
      name: `agent-${i}`,
      cpu: 1,
      play: { steps: 1, before: () => new Promise(() => {}) },
    }),
  )
}
from = performance.now()
await Promise.all(crowd.map(agent => agent.connect()))
say(`${agents} agents join at once: ${seconds(from)}`)
for (const agent of crowd) agent.cut()

from = performance.now()
house = await house.restart()
say(`hub closed and opened again: ${seconds(from)}`)
from = performance.now()
await Promise.all(crowd.map(agent => agent.connect()))
say(`${agents} agents are back: ${seconds(from)}`)
say(`memory ${Math.round(process.memoryUsage.rss() / 1e6)} MB, errors ${house.errors.length}`)
for (const line of house.errors.slice(0, 3)) say(line)
process.exit(0)

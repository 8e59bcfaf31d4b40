/** What happens to trials when a machine is lost or bad, and how their checkpoints travel: two agents, and a hub that must share the work. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { call, localToken, submit, trialsOnDisk, until } from '../harness/cluster.ts'
import { folder } from '../harness/places.ts'
import { type Killed, snapshot } from './compare.ts'
import { ended, finish, produce, type Scenario, sleep } from './experiment.ts'
import { type House, openHouse } from './house.ts'

interface AgentRow {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly reason: string | null
}

const agentsOf = async (house: House) =>
  (await call<{ items: AgentRow[] }>(house.hub, 'agents.list', undefined, 'query')).items

interface AttemptRow {
  readonly id: string
  readonly trial: string
  readonly epoch: number
  readonly agent: string
  readonly state: string
  readonly failure: object | null
}

function attemptsOf(house: House, experiment: string): AttemptRow[] {
  const db = new DatabaseSync(join(house.hub.data, 'store.sqlite'), { readOnly: true })
  try {
    const rows = db.prepare('SELECT row FROM attempts WHERE experiment = ?').all(experiment)
    return rows.map(r => JSON.parse(String(r.row)) as AttemptRow)
  } finally {
    db.close()
  }
}

const foldersOf = (house: House, index: number): string[] => {
  const attempts = join(house.agents[index]?.home ?? '', 'attempts')
  return existsSync(attempts) ? readdirSync(attempts) : []
}

/**
 * G14: one machine loses its processes, and what they leave cannot be read. After three in a row it is paused with its reason, its
 * trials go elsewhere, and none has used up a retry: the experiment allows no failure at all.
 */
export const failingMachine: Scenario = async ({ seed }) => {
  const house = await openHouse(['bad', 'good'])
  const killed: Killed = new Map()
  const id = await produce(house, seed, 6, 15, 200, 400, 0)
  const bad = join(house.agents[0]?.home ?? '', 'attempts')
  const row = await until(
    async () => {
      for (const trial of house.trials()) {
        if (!trial.folder.startsWith(bad) || killed.has(trial.attempt)) continue
        // A disk that gives back rubbish: the trial's last word cannot be read. (A bare kill -9 could be the trial's own doing.)
        writeFileSync(join(trial.folder, 'exit.json'), '{"exit": {"kind": "do')
        process.kill(trial.pid, 'SIGKILL')
        killed.set(trial.attempt, snapshot(trial.folder))
      }
      return (await agentsOf(house)).find(agent => agent.name === 'bad')
    },
    agent => agent?.enabled === false,
    90_000,
  )
  const violations: string[] = []
  if (!/^paused: \d+ attempts in a row failed within a minute each: ./.test(row?.reason ?? ''))
    violations.push(`the reason of the paused machine is "${row?.reason}"`)
  const before = new Set(attemptsOf(house, id).map(attempt => attempt.id))
  const result = await finish(house, id, killed)
  for (const attempt of attemptsOf(house, id))
    if (!before.has(attempt.id) && attempt.agent === row?.id) violations.push(`${attempt.id} ran on the paused machine`)
  for (const { id: trial, state } of trialsOnDisk(house.hub, id))
    if (state !== 'success') violations.push(`${trial} is ${state}, though only its machine failed`)
  if (killed.size < 3) violations.push(`harness: only ${killed.size} processes were killed`)
  return {
    ...result,
    violations: [...result.violations, ...violations],
    faults: { 'damaged exit record': killed.size },
  }
}

async function saving(
  house: House,
  seed: number,
  options: { steps: number; pace: number; shared: number; trials: number; next: boolean },
) {
  const file = join(folder(), 'saving.yaml')
  const command = `["${process.execPath}", "${join(import.meta.dirname, 'saver.mjs')}"]`
  const { steps, pace, shared, trials } = options
  const numbers = Array.from({ length: trials }, (_, n) => n + 1).join(', ')
  const next = `
  after: !Script
    command: ${command}
    kwargs: {ledger: "${house.ledger}", model: !@ work.files}
    metric: value`
  writeFileSync(
    file,
    `!Experiment
name: saving-${seed}
max_failures: 0
pipeline:
  work: !Script
    command: ${command}
    kwargs: {ledger: "${house.ledger}", steps: ${steps}, pace: ${pace}, shared: ${shared}, number: !g [${numbers}]}
    metric: value
${options.next ? next : ''}
`,
  )
  return submit(house.hub, file, seed)
}

/** Every step of the trial that the hub exports, in its order. */
async function pointsOf(house: House, trial: string): Promise<number[]> {
  const headers = { authorization: `Bearer ${localToken(house.hub)}` }
  const text = await (await fetch(`${house.hub.url}/api/trials/${trial}/points.jsonl`, { headers })).text()
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as { tag: string; step: number })
    .filter(point => point.tag.endsWith('value'))
    .map(point => point.step)
}

/**
 * G7, G10, G14: a machine that is not heard of until it is lost: its trials go on elsewhere from their last checkpoint, with no retry
 * spent, and its own attempts end when it comes back. The short form has a hub that waits 15 s instead of five minutes.
 */
export const agentLost: Scenario = async ({ seed, short }) => {
  const limit = short ? 15_000 : 300_000
  const house = await openHouse(['gone'], undefined, short ? { more: ['--lost-after', '15'] } : {})
  const [steps, pace] = short ? [60, 1_500] : [400, 2_000]
  const id = await saving(house, seed, { steps, pace, shared: 1_000, trials: 2, next: false })
  const saved = () => trialsOnDisk(house.hub, id).map(trial => trial.checkpoint?.step ?? 0)
  await until(saved, found => found.length === 2 && found.every(step => step >= 2), 90_000)
  const first = house.trials()
  await house.addAgent('other')
  const stopped = house.agents[0]?.process.child.pid
  if (stopped === undefined) throw new Error('the agent has no pid')
  process.kill(stopped, 'SIGSTOP')
  const from = Date.now()
  await sleep(2_000) // what it had sent is stored by now
  const durable = saved()
  const violations: string[] = []
  await until(
    () => foldersOf(house, 1),
    attempts => attempts.length === 2,
    limit + 45_000,
  )
  const ms = Date.now() - from
  console.log(`agent-lost: its trials run elsewhere after ${(ms / 1000).toFixed(1)} s`)
  // The last word of the agent may be a heartbeat before it was stopped.
  if (ms < limit - 5_500 || ms > limit + 30_000) violations.push(`trials went elsewhere after ${ms} ms`)
  const state = await ended(house, id, 240_000).catch(() => 'still running')
  if (state !== 'success') {
    const agents = (await agentsOf(house)).map(({ name, reason }) => ({ name, reason }))
    violations.push(`the experiment is ${state}: ${JSON.stringify([agents, attemptsOf(house, id)])}`)
  }
  if (house.trials().filter(t => first.some(f => f.pid === t.pid)).length !== 2)
    violations.push('harness: the processes that were left behind are not there any more')
  process.kill(stopped, 'SIGCONT')
  await until(
    () => foldersOf(house, 0),
    attempts => attempts.length === 0,
    60_000,
  ).catch(() => violations.push('the machine that came back keeps its attempts'))
  for (const { pid } of first)
    if (existsSync(`/proc/${pid}`)) violations.push(`process ${pid} of the old attempt lives`)
  const attempts = attemptsOf(house, id)
  if (attempts.length !== 4) violations.push(`${attempts.length} attempts instead of two a trial`)
  for (const { id: attempt, epoch, state, failure } of attempts) {
    if (state !== (epoch === 1 ? 'fenced' : 'done'))
      violations.push(`${attempt} is ${state}: ${JSON.stringify(failure)}`)
  }
  let records = 0
  for (const [n, { id: trial, failures }] of trialsOnDisk(house.hub, id).entries()) {
    if (failures !== 0) violations.push(`${trial} has ${failures} failures, though only its machine was lost`)
    const notes = readFileSync(join(house.ledger, `${trial}.2.jsonl`), 'utf8')
    const { from } = JSON.parse(notes.split('\n')[0] ?? '{}') as { from: number }
    if (from !== durable[n])
      violations.push(`${trial} went on from step ${from}, its last checkpoint was ${durable[n]}`)
    const points = await pointsOf(house, trial)
    if (points.length !== steps || points.some((step, at) => step !== at + 1))
      violations.push(`${trial} has the points ${points.join()}`)
    records += points.length
  }
  return { records, attempts: attempts.length, violations, faults: { [`stop agent ${limit / 1000} s`]: 1 } }
}

/** G22: equal content is stored and sent once over attempts and blocks; what comes after fetches it once a machine. */
export const checkpoints: Scenario = async ({ seed, short }) => {
  const house = await openHouse(['one', 'two'])
  const bytes = (short ? 2 : 8) * 1024 * 1024
  const steps = short ? 5 : 15
  const trials = 4
  const id = await saving(house, seed, { steps, pace: 400, shared: bytes, trials, next: true })
  let most = 0
  const watch = setInterval(() => {
    for (const { folder } of house.trials())
      try {
        most = Math.max(most, readdirSync(join(folder, 'checkpoints')).filter(name => /^\d+$/.test(name)).length)
      } catch {
        // gone between two looks
      }
  }, 50)
  const state = await ended(house, id, 180_000)
  clearInterval(watch)
  const violations: string[] = state === 'success' ? [] : [`the experiment is ${state}`]
  const sha = createHash('sha256').update(Buffer.alloc(bytes, 'the same everywhere ')).digest('hex')
  const stored = readdirSync(join(house.hub.data, 'blobs'), { recursive: true })
    .map(String)
    .filter(name => name.endsWith(sha.slice(2)))
  if (stored.length !== 1) violations.push(`the shared content is stored ${stored.length} times`)
  // Two machines may begin with it at the same time; every later step of any trial finds it there.
  const { up, fetched } = house.proxy.carried()
  const naive = trials * steps * bytes
  if (up > 3 * bytes) violations.push(`${up} bytes were sent for ${bytes}: naively ${naive}`)
  const [shared = 0, again] = [fetched.get(sha), [...fetched].filter(([, n]) => n > 2)]
  if (shared > 2 || again.length > 0)
    violations.push(`contents were fetched more than once a machine: ${JSON.stringify(again)}`)
  // The last two and the best, which is the last here, and the one that is being written.
  if (most > 4) violations.push(`an attempt kept ${most} checkpoints`)
  const read = readdirSync(house.ledger)
    .flatMap(name =>
      readFileSync(join(house.ledger, name), 'utf8')
        .trim()
        .split('\n')
        .map(l => JSON.parse(l) as { t: string; bytes?: number; number?: number }),
    )
    .filter(n => n.t === 'read')
  if (read.length !== trials || read.some(n => n.bytes !== bytes))
    violations.push(`the next block read ${JSON.stringify(read)}`)
  if (new Set(read.map(n => n.number)).size !== trials)
    violations.push('two trials of the next block read the same checkpoint')
  console.log(
    `checkpoints: ${up} bytes sent, naively ${naive}; shared content fetched ${shared} times; at most ${most} kept`,
  )
  await sleep(0)
  return {
    records: 0,
    attempts: attemptsOf(house, id).length,
    violations,
    faults: { 'equal checkpoints': trials * steps },
  }
}

/**
 * How many trials a second whose step does nothing, and the CPU time that hub and agent spend on one: the built hub and the built agent, two slots.
 *
 * `pnpm bench trials [TRIALS] [--rounds N] [--only reuse|fresh] [--server FILE] [--profile DIR] [--json]`. Each round starts both anew, once with processes that are used again
 * and once with a fresh one for every trial. Limits beside it: the rate at which all processors would be busy with what a trial costs, an
 * fsync of a small file, a bare start of Node, and the load of the machine before.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, fsyncSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'

const root = resolve(import.meta.dirname, '../../..')
const AGENT = join(root, 'agents/flambe-agent/bin/flambe-agent.mjs')
const SLOTS = 2
const AIMS = { reuse: 20, fresh: 5, cpu: 50 }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    profile: { type: 'string' },
    only: { type: 'string' },
    server: { type: 'string', default: join(root, 'apps/web/dist/server.mjs') },
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

const load = round2(loadavg()[0] ?? 0)
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
  load_average: load,
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
    `limits: fsync of a small file ${disk} ms, a bare start of Node ${node} ms of CPU time; load average before ${load}`,
  ]
}

async function once(mode: keyof typeof modes): Promise<Round> {
  const folder = mkdtempSync(join(tmpdir(), 'flambe-bench-'))
  const children: ChildProcess[] = []
  const profile = (name: string) =>
    values.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(values.profile, `${mode}-${name}`)}`]
  const start = async (name: string, args: readonly string[], ready: RegExp, env: NodeJS.ProcessEnv = {}) => {
    const child = spawn(process.execPath, [...profile(name), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production', ...env },
    })
    children.push(child)
    const said: string[] = []
    const line = new Promise<string>((found, fail) => {
      for (const stream of [child.stdout, child.stderr])
        createInterface({ input: stream }).on('line', one => {
          said.push(one)
          if (ready.test(one)) found(one)
        })
      child.once('exit', code => fail(new Error(`${name} ended with ${code}: ${said.slice(-5).join('\n')}`)))
    })
    return { pid: child.pid ?? 0, line: await line }
  }
  try {
    const data = join(folder, 'hub')
    const hub = await start('hub', [values.server, '--data', data, '--port', '0'], /^\{"ready":true/)
    const { url } = JSON.parse(hub.line) as { url: string }
    const { token } = JSON.parse(readFileSync(join(data, 'local.json'), 'utf8')) as { token: string }
    const call = caller(url, token)
    const join1 = await call<{ token: string }>('agents.joinToken', undefined)
    const agent = await start(
      'agent',
      [
        AGENT,
        '--hub',
        url,
        '--name',
        'bench',
        '--home',
        join(folder, 'agent'),
        '--cpus',
        String(SLOTS),
        ...modes[mode],
      ],
      /connected to/,
      { FLAMBE_JOIN_TOKEN: join1.token },
    )
    const text = `!Experiment
name: nothing
seed: 1
max_trials: ${trials}
pipeline:
  a: !Adam
    lr: !g [${Array.from({ length: trials }, (_, i) => (i + 1) / trials).join(', ')}]
`
    // Backends are probed and the first spare is warm.
    await sleep(2_000)
    const before = [cpu(hub.pid), cpu(agent.pid)] as const
    const waited = ofChildren(agent.pid)
    const answer = await call<{ ok: boolean; id: string }>('experiments.submit', {
      text,
      resources: {},
      command: 'bench-trials',
    })
    if (!answer.ok) throw new Error(JSON.stringify(answer))
    type Detail = { state: string; started: number; ended: number | null; trials: { [state: string]: number } }
    const detail = () => call<Detail>('experiments.get', { id: answer.id }, 'GET')
    let seen = await detail()
    while (seen.ended === null) {
      await sleep(250)
      seen = await detail()
    }
    if (seen.trials.success !== trials) throw new Error(`not all trials went well: ${JSON.stringify(seen.trials)}`)
    const after = [cpu(hub.pid), cpu(agent.pid)] as const
    const processes = ofChildren(agent.pid) - waited
    return {
      rate: round2((trials * 1_000) / (seen.ended - seen.started)),
      hub: round2((after[0] - before[0]) / trials),
      agent: round2((after[1] - before[1]) / trials),
      processes: round2(processes / trials),
    }
  } finally {
    for (const child of children.reverse()) {
      const gone = new Promise(done => child.once('exit', done))
      child.kill('SIGTERM')
      if (child.exitCode === null) await gone
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function caller(url: string, token: string) {
  return async <T>(procedure: string, input: unknown, method: 'GET' | 'POST' = 'POST'): Promise<T> => {
    const query = method === 'GET' ? `?input=${encodeURIComponent(JSON.stringify(input))}` : ''
    const response = await fetch(`${url}/api/trpc/${procedure}${query}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(method === 'POST' ? { body: JSON.stringify(input ?? {}) } : {}),
    })
    const body = (await response.json()) as { result?: { data: T }; error?: { message: string } }
    if (body.result === undefined) throw new Error(`${procedure}: ${body.error?.message ?? response.status}`)
    return body.result.data
  }
}

/** ms of user and system time so far. */
function cpu(pid: number): number {
  const fields = statFields(pid)
  return (Number(fields[11]) + Number(fields[12])) * 10
}

/** The same of its children, those that have ended and those that live. */
function ofChildren(pid: number): number {
  const fields = statFields(pid)
  const ended = (Number(fields[13]) + Number(fields[14])) * 10
  const alive = readdirSync('/proc').filter(name => {
    try {
      return /^\d+$/.test(name) && Number(statFields(Number(name))[1]) === pid
    } catch {
      return false // gone since we looked
    }
  })
  return alive.reduce((sum, name) => sum + cpu(Number(name)), ended)
}

function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
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

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}

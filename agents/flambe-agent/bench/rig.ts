/*
 * The built hub and the built agent (`pnpm build` first), each in a process of its own, for the bench scripts of this room; the
 * processor time and memory of both and of the agent's trial processes; and what an experiment has come to.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

export interface RigOptions {
  readonly cpus: number
  readonly agent?: readonly string[]
  /** Another hub than the built one. */
  readonly server?: string | undefined
  /** Folder for processor profiles of hub and agent. */
  readonly profile?: string | undefined
}

export interface Rig {
  readonly folder: string
  readonly url: string
  readonly token: string
  /** What hub and agent said; empty lines of a quiet run mean that nothing went wrong. */
  readonly warnings: readonly string[]
  call<T>(procedure: string, input: unknown, method?: 'GET' | 'POST'): Promise<T>
  /** Sends a text as it is. @returns the experiment's id */
  submit(text: string): Promise<string>
  /** Sends a file with its extensions, by the command that users have. @returns the experiment's id */
  submitFile(text: string, files: { readonly [path: string]: string }): string
  detail(id: string): Promise<Detail>
  /** ms of processor time so far. */
  cpu(): { readonly hub: number; readonly agent: number; readonly processes: number }
  /** Resident MiB now; `processes`: private memory of all trial processes, and how many there are. */
  memory(): { readonly hub: number; readonly agent: number; readonly processes: number; readonly count: number }
  close(): Promise<void>
}

export interface Detail {
  readonly state: string
  readonly started: number
  readonly ended: number | null
  readonly trials: { readonly [state: string]: number | undefined }
}

const root = resolve(import.meta.dirname, '../../..')
const AGENT = join(root, 'agents/flambe-agent/bin/flambe-agent.mjs')
const SERVER = join(root, 'apps/web/dist/server.mjs')
const COMMAND = join(root, 'packages/flambe/bin/flambe.mjs')

export async function openRig(options: RigOptions): Promise<Rig> {
  const folder = mkdtempSync(join(tmpdir(), 'flambe-bench-'))
  const children: ChildProcess[] = []
  const warnings: string[] = []
  const start = async (name: string, args: readonly string[], ready: RegExp, env: NodeJS.ProcessEnv = {}) => {
    const profile = options.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(options.profile, name)}`]
    const child = spawn(process.execPath, [...profile, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production', ...env },
    })
    children.push(child)
    const said: string[] = []
    const line = new Promise<string>((found, fail) => {
      for (const stream of [child.stdout, child.stderr])
        createInterface({ input: stream }).on('line', one => {
          if (said.push(one) > 50) said.shift()
          if (/\b(warn|error|fatal)\b|"level":[456]0/i.test(one) && warnings.length < 20) warnings.push(one)
          if (ready.test(one)) found(one)
        })
      child.once('exit', code => fail(new Error(`${name} ended with ${code}: ${said.slice(-5).join('\n')}`)))
    })
    return { pid: child.pid ?? 0, line: await line }
  }
  const close = async () => {
    for (const child of children.reverse()) {
      const gone = new Promise(done => child.once('exit', done))
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await gone
    }
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const data = join(folder, 'hub')
    const hub = await start(
      'hub',
      [options.server ?? SERVER, '--no-pages', '--data', data, '--port', '0'],
      /^\{"ready":true/,
    )
    const { url } = JSON.parse(hub.line) as { url: string }
    const { token } = JSON.parse(readFileSync(join(data, 'local.json'), 'utf8')) as { token: string }
    const call = caller(url, token)
    const joining = await call<{ token: string }>('agents.joinToken', undefined)
    const agent = await start(
      'agent',
      [
        AGENT,
        ...['--hub', url, '--name', 'bench', '--home', join(folder, 'agent'), '--cpus', String(options.cpus)],
        ...(options.agent ?? []),
      ],
      /connected to/,
      { FLAMBE_JOIN_TOKEN: joining.token },
    )
    // Backends are probed and the first spare is warm.
    await sleep(2_000)
    return {
      folder,
      url,
      token,
      warnings,
      call,
      async submit(text) {
        const answer = await call<{ ok: boolean; id: string }>('experiments.submit', {
          text,
          resources: {},
          command: 'bench-command-1',
        })
        if (!answer.ok) throw new Error(JSON.stringify(answer))
        return answer.id
      },
      submitFile(text, files) {
        for (const [path, content] of Object.entries({ 'experiment.yaml': text, ...files })) {
          mkdirSync(dirname(join(folder, path)), { recursive: true })
          writeFileSync(join(folder, path), content)
        }
        const said = execFileSync(
          process.execPath,
          [COMMAND, 'submit', join(folder, 'experiment.yaml'), '--hub', url, '--json'],
          { encoding: 'utf8', env: { ...process.env, FLAMBE_TOKEN: token } },
        )
        return (JSON.parse(said) as { id: string }).id
      },
      detail: id => call<Detail>('experiments.get', { id }, 'GET'),
      cpu: () => ({ hub: cpu(hub.pid), agent: cpu(agent.pid), processes: ofChildren(agent.pid) }),
      memory: () => ({
        hub: resident(hub.pid),
        agent: resident(agent.pid),
        processes: childrenOf(agent.pid).reduce((sum, pid) => sum + own(pid), 0),
        count: childrenOf(agent.pid).length,
      }),
      close,
    }
  } catch (error) {
    await close()
    throw error
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
export function ofChildren(pid: number): number {
  const fields = statFields(pid)
  const ended = (Number(fields[13]) + Number(fields[14])) * 10
  return childrenOf(pid).reduce((sum, child) => sum + cpu(child), ended)
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter(name => {
      try {
        return /^\d+$/.test(name) && Number(statFields(Number(name))[1]) === pid
      } catch {
        return false // gone since we looked
      }
    })
    .map(Number)
}

function resident(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)
}

/** MiB that only this process uses. */
function own(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
    const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0)
    return Math.round((of('Private_Clean') + of('Private_Dirty')) / 1024)
  } catch {
    return 0 // gone since we looked, or another Linux
  }
}

function statFields(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

export const load = (): number => round2(loadavg()[0] ?? 0)

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

export function round2(value: number): number {
  return Math.round(value * 100) / 100
}

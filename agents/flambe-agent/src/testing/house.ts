/**
 * What every test of the agent needs: a temp folder, a fake hub, an agent in this process or in one of its own, an attempt's
 * spec, and the check after each test that nothing is left: no process, no folder, no mistake that the hub has noted.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Spec } from '@flambe/protocol'
import { type Agent, startAgent } from '../agent.ts'
import { type Log, makeLog } from '../log.ts'
import type { Timing } from '../timing.ts'
import { type FakeHub, startFakeHub } from './fake-hub.ts'
import { AGENT, TRIAL } from './programs.ts'

export const QUICK: Timing = {
  flush: 20,
  heartbeat: 50,
  answer: 2_000,
  reconnect: [20, 200],
  grace: 1_500,
  lastGrace: 300,
  start: 2_000,
  exit: 500,
  fetch: [10, 100],
  stranger: 3_600_000,
}

export interface House {
  readonly folder: string
  readonly hub: FakeHub
  readonly log: Log
  /** What agents in this process have logged. */
  said(): string
  /** In this process. */
  agent(options?: {
    readonly quota?: number
    readonly cacheLimit?: number
    readonly extensionsLimit?: number
    readonly name?: string
    readonly workdir?: string
    readonly shield?: boolean
    readonly spares?: number
    readonly program?: string
    readonly trials?: number
    readonly secrets?: { readonly [variable: string]: string }
    readonly token?: string | null
    readonly timing?: Partial<Timing>
  }): Promise<Agent>
  /** In a process of its own, which can be killed. */
  process(args?: readonly string[], environment?: NodeJS.ProcessEnv, input?: string, bundle?: string): AgentProcess
  /** Another hub with the same state at the same address, after `hub.close()`. */
  reopenHub(): Promise<FakeHub>
  close(): Promise<void>
}

export interface AgentProcess {
  readonly child: ChildProcess
  output(): string
  readonly exited: Promise<number | null>
}

export async function openHouse(): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'flambe-agent-test-'))
  let hub = await startFakeHub()
  const agents: Agent[] = []
  const children: AgentProcess[] = []
  writeFileSync(join(folder, 'token'), 'join-secret\n')
  const lines: string[] = []
  const log = makeLog({ json: false, level: 'debug' }, { write: (line: string) => lines.push(line) > 0 } as never)
  return {
    folder,
    get hub() {
      return hub
    },
    log,
    said: () => lines.join(''),
    async agent(options = {}) {
      const name = options.name ?? 'worker'
      const one = await startAgent({
        hub: hub.url,
        name,
        home: join(folder, name),
        workdir: options.workdir ?? null,
        build: { version: '0', build: 'test' },
        again: { args: [], unit: undefined },
        program: options.program ?? TRIAL,
        log,
        processes: { spares: options.spares ?? 0, trials: options.trials ?? 100 },
        hidden: options.shield === false ? null : [],
        labels: {},
        timing: { ...QUICK, ...options.timing },
        ...(options.quota === undefined ? {} : { quota: options.quota }),
        ...(options.secrets === undefined ? {} : { secrets: options.secrets }),
        ...(options.cacheLimit === undefined ? {} : { cacheLimit: options.cacheLimit }),
        ...(options.extensionsLimit === undefined ? {} : { extensionsLimit: options.extensionsLimit }),
        joinToken: async () => (options.token === undefined ? 'join-secret' : options.token),
        probe: async () => ({
          cpu: 2,
          memory: 1e9,
          gpus: [],
          gpuDetail: '',
          ladder: { kept: [], fresh: Promise.resolve([{ name: 'wasm', accepted: true, detail: 'fake' }]) },
        }),
      })
      agents.push(one)
      return one
    },
    process(args = [], environment = {}, input = '', bundle = AGENT) {
      const all = ['--hub', hub.url, '--home', join(folder, 'worker'), '--name', 'worker', '--program', TRIAL, ...args]
      const child = spawn(process.execPath, [bundle, ...all], {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, ...environment },
      })
      // An agent that is refused at once does not read it.
      child.stdin.on('error', () => undefined)
      child.stdin.end(input)
      let text = ''
      child.stdout.on('data', more => {
        text += more
      })
      child.stderr.on('data', more => {
        text += more
      })
      const exited = new Promise<number | null>(resolve => child.once('close', resolve))
      const one = { child, output: () => text, exited }
      children.push(one)
      return one
    },
    async reopenHub() {
      hub = await startFakeHub({ state: hub.state, port: hub.port })
      return hub
    },
    async close() {
      for (const one of agents) await one.close()
      for (const { child, exited } of children) {
        child.kill('SIGKILL')
        await exited
      }
      await hub.close()
      // A waiting process whose agent was killed goes by itself, once what it is loading is loaded.
      const patience = Date.now() + 5_000
      while (processesIn(folder).length > 0 && Date.now() < patience) await sleep(50)
      const left = processesIn(folder)
      for (const { pid } of left) process.kill(pid, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
      const { mistakes } = hub.state
      if (left.length > 0)
        throw new Error(`processes left: ${left.map(one => `${one.pid} ${one.command}`).join('; ')}\n${lines.join('')}`)
      if (mistakes.length > 0)
        throw new Error(`the agent broke the protocol: ${mistakes.join('; ')}\n${lines.join('')}`)
    },
  }
}

export function specOf(attempt: string, params: Spec['params'] = {}, more: Partial<Spec> = {}): Spec {
  return {
    version: 1,
    experiment: { id: 'exp-1', name: 'test' },
    block: 'train',
    trial: 'trial-1',
    trial_number: 1,
    attempt,
    epoch: 1,
    variant: 'v',
    params,
    seed: 1,
    config: null,
    devices: { cpu: 1, gpus: [] },
    backend: 'auto',
    checkpoint: { steps: null, seconds: 30, keep: 2 },
    merge_plot: false,
    mode: 'max',
    inputs: {},
    resume: null,
    resources: {},
    env: {},
    ...more,
  }
}

/** Waits for what must come; the test's own time limit is the only one. */
export async function until<T>(what: () => T | null | undefined | false): Promise<T> {
  for (;;) {
    const value = what()
    if (value !== null && value !== undefined && value !== false) return value
    await sleep(10)
  }
}

/** Living processes whose command line or working folder is in `folder`. */
export function processesIn(folder: string): { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .map(Number)
    .filter(pid => Number.isInteger(pid) && pid !== process.pid)
    .flatMap(pid => {
      const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
      const state = read(`/proc/${pid}/stat`).split(') ').at(-1)?.[0]
      const inside = command.includes(folder) || cwd(pid).startsWith(folder)
      return inside && state !== 'Z' && state !== undefined ? [{ pid, command }] : []
    })
}

export function isRunning(pid: number): boolean {
  const state = read(`/proc/${pid}/stat`).split(') ').at(-1)?.[0]
  return state !== undefined && state !== 'Z'
}

function cwd(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return ''
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

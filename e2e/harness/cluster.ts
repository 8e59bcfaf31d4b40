/**
 * A hub and agents as a person has them: the built server on a free port, agents that join it with a token, and what the hub
 * wrote to its own disk. Looks from outside only: HTTP, the pages, files.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { agentProgram, flambe, folder, server } from './places.ts'
import { type Running, start } from './process.ts'

export interface Hub {
  readonly url: string
  /** The one-time sign-in link of this start. */
  readonly link: string
  readonly data: string
  readonly process: Running
}

/** Starts a hub; with `again` on the data folder and port of an earlier one. */
export async function startHub(again?: Hub): Promise<Hub> {
  const data = again?.data ?? join(folder(), 'hub')
  const port = again === undefined ? '0' : new URL(again.url).port
  const process = start([server, '--data', data, '--port', port], { NODE_ENV: 'production' })
  const ready = JSON.parse(await process.line(/^\{"ready":true/)) as { url: string; link: string }
  return { ...ready, data, process }
}

export function localToken(hub: Hub): string {
  return (JSON.parse(readFileSync(join(hub.data, 'local.json'), 'utf8')) as { token: string }).token
}

/** A tRPC call over plain HTTP, as any client would make it. */
export async function call<T>(hub: Hub, procedure: string, input: unknown, kind: 'query' | 'mutation'): Promise<T> {
  const headers = { authorization: `Bearer ${localToken(hub)}`, 'content-type': 'application/json' }
  const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
  const answer =
    kind === 'query'
      ? await fetch(`${hub.url}/api/trpc/${procedure}${query}`, { headers })
      : await fetch(`${hub.url}/api/trpc/${procedure}`, { method: 'POST', headers, body: JSON.stringify(input ?? {}) })
  const body = (await answer.json()) as { result?: { data: T }; error?: { message: string } }
  if (body.result === undefined) throw new Error(`${procedure}: ${body.error?.message ?? answer.status}`)
  return body.result.data
}

export interface Agent {
  readonly name: string
  readonly home: string
  readonly process: Running
}

/** Starts an agent; with `again` in the home of an earlier one, which is how an agent is restarted. */
export async function startAgent(
  hub: Hub,
  name: string,
  options: { cpus?: number; again?: Agent } = {},
): Promise<Agent> {
  const home = options.again?.home ?? join(folder(), name)
  const { token } = await call<{ token: string }>(hub, 'agents.joinToken', undefined, 'mutation')
  const args = [agentProgram, '--hub', hub.url, '--name', name, '--home', home, '--cpus', String(options.cpus ?? 1)]
  const process = start(args, { FLAMBE_JOIN_TOKEN: token })
  await process.line(/connected/i)
  return { name, home, process }
}

/** Submits a file with the command line, as a person would. @returns the experiment's id */
export async function submit(hub: Hub, file: string, seed: number): Promise<string> {
  const command = start([flambe, 'submit', file, '--hub', hub.url, '--seed', String(seed), '--json'], {
    FLAMBE_TOKEN: localToken(hub),
  })
  const line = await command.line(/^\{"id"/)
  await command.ended
  return (JSON.parse(line) as { id: string }).id
}

export interface TrialOnDisk {
  readonly id: string
  readonly block: string
  readonly number: number
  readonly state: string
  readonly params: Record<string, unknown>
  readonly metric: number | string | null
  readonly step: number
  readonly epoch: number
  readonly seed: number
  readonly kept: boolean | null
  /** Retries spent. */
  readonly failures: number
  readonly checkpoint: {
    readonly step: number
    readonly manifest: { readonly files: readonly { readonly path: string; readonly sha256: string }[] }
  } | null
}

/** The trials as they stand in the hub's database file, read without the hub. */
export function trialsOnDisk(hub: Hub, experiment: string): TrialOnDisk[] {
  const db = new DatabaseSync(join(hub.data, 'store.sqlite'), { readOnly: true })
  try {
    const rows = db.prepare('SELECT row FROM trials WHERE experiment = ? ORDER BY block, number').all(experiment)
    return rows.map(r => JSON.parse(String(r.row)) as TrialOnDisk)
  } finally {
    db.close()
  }
}

/** The agents that ran the experiment's attempts, one entry an attempt. */
export function agentsOfTrials(hub: Hub, experiment: string): string[] {
  const db = new DatabaseSync(join(hub.data, 'store.sqlite'), { readOnly: true })
  try {
    return db
      .prepare('SELECT row FROM attempts WHERE experiment = ?')
      .all(experiment)
      .map(r => (JSON.parse(String(r.row)) as { agent: string }).agent)
  } finally {
    db.close()
  }
}

export async function experimentState(hub: Hub, id: string): Promise<string> {
  return (await call<{ state: string }>(hub, 'experiments.get', { id }, 'query')).state
}

/** Polls until `test` holds; the error tells what was last seen. */
export async function until<T>(
  look: () => T | Promise<T>,
  test: (seen: T) => boolean,
  timeout: number,
  every = 250,
): Promise<T> {
  const end = Date.now() + timeout
  let seen = await look()
  while (!test(seen)) {
    if (Date.now() > end) throw new Error(`after ${timeout} ms still: ${JSON.stringify(seen)?.slice(0, 2000)}`)
    await new Promise(resolve => setTimeout(resolve, every))
    seen = await look()
  }
  return seen
}

/** What must be equal between two runs of one experiment with one seed: everything but times, agents and attempts. */
export const results = (trials: readonly TrialOnDisk[]) =>
  trials.map(t => ({
    trial: `${t.block}.${t.number}`,
    state: t.state,
    params: t.params,
    metric: t.metric,
    step: t.step,
    seed: t.seed,
    kept: t.kept,
    // config.json names the paths of resources on the machine that ran the trial; everything that was learnt stands elsewhere.
    learnt: (t.checkpoint?.manifest.files ?? [])
      .filter(f => !f.path.endsWith('config.json'))
      .map(f => `${f.path} ${f.sha256}`),
  }))

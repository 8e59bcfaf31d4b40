/**
 * Puts the hub together: store, driver, sockets, routes, feed. `createHub` listens to nothing by itself: `serve` (or a test)
 * gives it an HTTP server. Everything here is wiring; no rule stands in this file.
 */
import { readFile, rm } from 'node:fs/promises'
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { PROTOCOL_VERSION } from '@flambe/protocol'
import { openStore } from '@flambe/store'
import type { Logger } from 'pino'
import manifest from '../package.json' with { type: 'json' }
import { type AgentsOptions, serveAgents, serveUploads } from './agents/agents.ts'
import { counters as newCounters } from './agents/answering.ts'
import { createIntake, saidByAgent } from './agents/intake.ts'
import { agentCommand, readAgentPackage } from './agents/package.ts'
import { createPresence, tellSilence } from './agents/presence.ts'
import { watchedBy } from './agents/watched.ts'
import type { HubServices } from './api/context.ts'
import { appRouter } from './api/root.ts'
import { assertPermissions } from './api/trpc.ts'
import { createAuth } from './auth/auth.ts'
import { createGate } from './auth/gate.ts'
import { createRate } from './auth/rate.ts'
import { openSecret, writePrivate } from './auth/secret.ts'
import { exportRoutes } from './blobs/exports.ts'
import { blobRoutes } from './blobs/routes.ts'
import { type Clock, systemClock, systemTimers } from './clock.ts'
import { createDriver } from './driver/driver.ts'
import { createOutbox } from './driver/outbox.ts'
import { downMessage, undeliverable } from './driver/perform.ts'
import { createDescribing } from './extensions/describing.ts'
import { createInstalling } from './extensions/installing.ts'
import { createHousekeeping } from './housekeeping.ts'
import { createHandle } from './http/handle.ts'
import type { Route } from './http/routes.ts'
import { siteRoutes } from './http/site.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { serveLive } from './live/clients.ts'
import { createFeed } from './live/feed.ts'
import { markRows, renderMark } from './live/render.ts'
import { createCommitted } from './rows/committed.ts'
import { openSockets, type Sockets } from './sockets.ts'
import { readTemplates } from './templates.ts'
import { type AgentInfo, agentView, asAgentInfo } from './views/agents.ts'
import { experimentSummary } from './views/experiments.ts'

export interface HubOptions {
  /** Everything that the hub writes lies in here. */
  readonly dataDir: string
  readonly logger: Logger
  readonly clock?: Clock
  readonly limits?: Partial<Limits>
  /** dist folder of the built agent: flambe-agent.tgz, agent.mjs, build.json. */
  readonly agentPackage?: { readonly dir: string }
  /** Shipped examples (`*.yaml`), for `templates.list`. */
  readonly examples?: { readonly dir: string }
  /** Address under which people reach the hub, if it is not that of `serve` (a proxy in front). */
  readonly webUrl?: string
  /** Host names, beside the loopback ones, that this hub answers to (S4). */
  readonly allowHosts?: readonly string[]
  /** The pages are served by a development server: a looser script policy. */
  readonly dev?: boolean
  /** The disk failed: nothing can be acknowledged any more. Default: log and exit with 70. */
  readonly onFatal?: (error: unknown) => void
}

export interface Hub {
  /** True when the request was the hub's; false leaves it to the pages. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<boolean>
  attach(http: HttpServer): void
  /** Called when it listens: writes `<dataDir>/local.json` (0600) for the local command and agent. */
  announce(url: string): Promise<void>
  /** A new one-time link; needs `announce` (or `webUrl`) before. */
  signInLink(): Promise<string>
  /** Bearer token of the local command. */
  localToken(): string
  /** All HTTP routes with their permission, for docs and the authorisation test. */
  readonly routes: readonly Route[]
  readonly services: HubServices
  close(): Promise<void>
}

export async function createHub(options: HubOptions): Promise<Hub> {
  assertPermissions(appRouter)
  const { dataDir, logger } = options
  const clock = options.clock ?? systemClock
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits }
  const onError = (error: unknown) => logger.error({ err: error }, 'error')
  const onFatal =
    options.onFatal ??
    ((error: unknown) => {
      logger.fatal({ err: error }, 'the disk failed')
      process.exit(70)
    })

  // The store first: it locks the folder.
  const store = await openStore({ dir: dataDir, now: () => clock.wall() })
  const secret = await openSecret(dataDir).catch(async error => {
    await store.close()
    throw error
  })
  const auth = await createAuth(store, secret, clock, limits, options.webUrl?.startsWith('https:') ?? false)
  const stored = await store.load()
  const rows = createCommitted()
  rows.reset(stored)
  for (const attempt of await store.truncated()) rows.cut(attempt)
  const archived = new Set(await store.archived())
  const holders = new Set((await store.tokens({ kind: 'agent' })).filter(t => t.revoked === null).map(t => t.agent))
  const infos = new Map<string, AgentInfo>(
    Object.entries(await store.agentInfo()).map(([id, info]) => [id, asAgentInfo(info)]),
  )
  const revoked = new Set([...rows.agents.keys()].filter(id => !holders.has(id)))
  const pack = await readAgentPackage(options.agentPackage?.dir)
  const templates = await readTemplates(options.examples?.dir)
  const gate = createGate(options.allowHosts ?? [], options.webUrl ?? null)
  const rate = createRate(clock, limits.tries_per_minute)
  const counters = newCounters()
  const name = hostname()
  let url = options.webUrl ?? null

  const summary = (id: string) => {
    const row = rows.experiments.get(id)
    if (row === undefined) throw new Error(`experiment ${id} is not loaded`)
    return experimentSummary(rows, row, archived.has(id))
  }
  const view = (id: string) => {
    const row = rows.agents.get(id)
    if (row === undefined) throw new Error(`agent ${id} is not loaded`)
    return agentView(rows, row, infos.get(id) ?? null, presence, pack?.build ?? null, revoked.has(id))
  }

  const feed = createFeed({
    clock,
    every: limits.live_every,
    keptChanges: limits.live_kept_changes,
    keptBytes: limits.live_kept_bytes,
    render: mark => renderMark(rows, mark, { summary, agent: view }),
    onError,
  })
  const driver = createDriver({
    store,
    clock,
    rows: stored,
    newest: await store.lastTime(),
    maxEvents: limits.commit_events,
    onCommit: (changes, entries) => {
      rows.put(changes)
      markRows(feed, changes)
      outbox.push(entries)
    },
    onReload: loaded => rows.reset(loaded),
    onFatal,
    onError,
  })
  const outbox = createOutbox({
    done: seqs => store.outboxDone(seqs),
    message: action => downMessage(store, rows, action, name, driver, onError),
    refused: (action, why) => undeliverable(rows, action, why, driver),
    onError,
    retry: limits.outbox_retry,
  })
  const silent = tellSilence(
    () => presence,
    rows,
    event => driver.record(event),
    onError,
  )
  const presence = createPresence(clock, limits, silent)
  for (const row of rows.agents.values()) presence.follow(row.id, row.state)
  outbox.push(await store.outbox())

  const describing = createDescribing({
    store,
    limits,
    timers: systemTimers,
    enabled: agent => rows.agents.get(agent)?.enabled === true,
    command: () => agentCommand(pack, url ?? 'http://HUB'),
  })
  const installing = createInstalling(agent => rows.agents.get(agent)?.enabled === true)
  const intake = createIntake({
    store,
    recordWith: (events, append) => driver.recordWith(events, append),
    watches: attempt => watchedBy(rows, attempt),
    onPoints: ({ experiment, trial }, batches) => {
      for (const { tag, steps, values, times } of batches) feed.points(experiment, trial, tag, steps, values, times)
    },
    onOutput: ({ trial, id }, stream, from, data) => {
      const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8')
      feed.output(trial, id, stream, from, text)
      const said = saidByAgent(stream, text)
      if (said !== null && rows.tell(id, said)) feed.mark({ kind: 'trial', id: trial })
    },
  })
  let sockets: Sockets | null = null
  const services: HubServices = {
    auth,
    clock,
    describing,
    driver,
    installing,
    limits,
    presence,
    rows,
    store,
    name,
    version: manifest.version,
    started: clock.wall(),
    agentPackage: pack,
    archived,
    templates,
    summary,
    agentView: view,
    recheckPages: async () => await sockets?.recheckPages(),
    revokeAgent: async id => {
      await auth.revokeAgent(id)
      revoked.add(id)
      await sockets?.recheckAgents()
      // Nothing that it sends will be taken: its trials need not wait for its leases to run out.
      presence.follow(id, 'lost')
      silent(id, 'lost')
      feed.mark({ kind: 'agent', id })
    },
    archive: async (id, on) => {
      await store.archive(id, on)
      if (on) archived.add(id)
      else archived.delete(id)
      feed.mark({ kind: 'experiment', id })
    },
  }
  const agents: AgentsOptions = {
    auth,
    clock,
    counters,
    describing,
    driver,
    installing,
    intake,
    limits,
    outbox,
    presence,
    rows,
    store,
    hub: name,
    command: () => agentCommand(pack, url ?? 'http://HUB'),
    onHello: (id, info) => {
      infos.set(id, asAgentInfo(info))
      revoked.delete(id)
      feed.mark({ kind: 'agent', id })
    },
    onHeartbeat: id => feed.mark({ kind: 'agent', id }),
    onError: (event, error) => logger.error({ err: error, event }, 'a handler failed'),
  }
  const routes = [
    ...siteRoutes({
      hub: services,
      rate,
      health: () => ({ ok: true, service: 'flambe', version: manifest.version, protocol: PROTOCOL_VERSION, counters }),
      originOf: req => options.webUrl ?? `http://${req.headers.host}`,
      onError,
    }),
    ...blobRoutes({ store, rows, limits }),
    ...exportRoutes(store, rows),
  ]
  const handle = createHandle({ auth, gate, rate, routes, dev: options.dev ?? false, onError })
  const housekeeping = createHousekeeping(store, clock, onError)
  presence.start()

  let stopLive: (() => void) | null = null
  let closing: Promise<void> | null = null

  const close = async () => {
    presence.close()
    stopLive?.()
    feed.close()
    outbox.close()
    await sockets?.close()
    await driver.close()
    await housekeeping.close()
    await store.close()
    await forgetLocal(dataDir)
  }

  return {
    handle,
    attach: http => {
      if (sockets !== null) throw new Error('a hub serves one HTTP server')
      sockets = openSockets(http, { auth, gate, rate, limits, onError })
      serveAgents(sockets.agents, agents)
      serveUploads(sockets.uploads, agents)
      stopLive = serveLive(sockets.live, feed, limits, onError)
    },
    announce: async at => {
      url ??= at
      const local = { url: at, token: secret.local, pid: process.pid }
      await writePrivate(join(dataDir, 'local.json'), `${JSON.stringify(local)}\n`)
    },
    signInLink: async () => {
      if (url === null) throw new Error('the hub does not listen yet')
      return `${url}/sign-in#${await auth.signInCode()}`
    },
    localToken: () => secret.local,
    routes,
    services,
    close: () => {
      closing ??= close()
      return closing
    },
  }
}

/** Only this process's own file: a newer hub may have written its own since. */
async function forgetLocal(dataDir: string): Promise<void> {
  const path = join(dataDir, 'local.json')
  const text = await readFile(path, 'utf8').catch(() => '')
  if (text.includes(`"pid":${process.pid}}`)) await rm(path, { force: true })
}

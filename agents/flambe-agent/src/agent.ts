/**
 * One agent, put together: home, identity, probes, link, heartbeat, attempts, uploads. Called by main.ts and by tests.
 * README.md tells which loops run and who ends each.
 */
import { mkdirSync, readdirSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CAN_DESCRIBE, CAN_INSTALL, type Down, PROTOCOL_VERSION, type Up } from '@flambe/protocol'
import { openAttempts } from './attempts.ts'
import type { Build } from './build.ts'
import { Complaint } from './complaint.ts'
import { maskOf } from './delivery/mask.ts'
import { openUploads } from './delivery/uploads.ts'
import { installAhead } from './extensions/ahead.ts'
import { openDescribing } from './extensions/describing.ts'
import { extensionHashes, hashesInFolders } from './extensions/hash.ts'
import { openExtensions } from './extensions/install.ts'
import { startHeartbeat } from './heartbeat.ts'
import { type Home, type Identity, openHome } from './home.ts'
import { openCache } from './inputs/cache.ts'
import { openUrls } from './inputs/urls.ts'
import { openLink } from './link.ts'
import type { Log } from './log.ts'
import { type Again, askNewest } from './newest.ts'
import { chosen, type Rung } from './probe/backends.ts'
import type { Probed } from './probe/probe.ts'
import { openStranger } from './stranger.ts'
import { TIMING, type Timing } from './timing.ts'
import { openProcesses } from './trial/processes.ts'
import { noShield, openShield } from './trial/shield.ts'
import { hostCommand } from './trial/spawn.ts'

export interface AgentOptions {
  /** Address of the hub, without a path's last slash. */
  readonly hub: string
  readonly name: string
  readonly home: string
  /** Where attempt folders and the cache go; the home unless another disk is wanted. */
  readonly workdir: string | null
  readonly build: Build
  /** For the command that replaces this agent when it is outdated. */
  readonly again: Again
  /** The trial runtime: a JavaScript file. */
  readonly program: string
  readonly log: Log
  /** Trial processes that wait for any trial (0: every trial starts one by hand), and how many trials one runs, at most. */
  readonly processes: { readonly spares: number; readonly trials: number }
  /** Further folders that no trial may see (the data of a hub on this machine, say); null shows trials everything. */
  readonly hidden: readonly string[] | null
  /** Variables for trials alone; their values leave this machine as asterisks. */
  readonly secrets?: { readonly [variable: string]: string }
  readonly labels: { readonly [name: string]: string }
  readonly timing?: Timing
  /** Bytes of stdout, and of stderr, that are sent per attempt. */
  readonly quota?: number
  /** Bytes of the download cache. */
  readonly cacheLimit?: number
  /** Bytes of installed extensions. */
  readonly extensionsLimit?: number
  /** A join token, asked for only when there is no identity, or the hub does not know it any more. Null: there is none. */
  joinToken(): Promise<string | null>
  /** Once, when home and workdir are open; `folder` is where attempt folders are. */
  probe(folder: string): Promise<Probed>
}

export interface Agent {
  /** Resolves when the agent is closed; rejects with a Complaint when the hub refuses it for good. */
  readonly done: Promise<void>
  /** Attempts whose process runs. */
  readonly running: number
  /** Takes no more attempts, and resolves when all are told. */
  drain(): Promise<void>
  endTrials(how: 'stop' | 'kill'): void
  /** Leaves trials running; the next start finds them. */
  close(): Promise<void>
}

const QUOTA = 100 * 1024 * 1024
const CACHE = 20 * 1024 * 1024 * 1024
const EXTENSIONS = 5 * 1024 * 1024 * 1024
/** Of a trial process that is used again: what WebAssembly has taken it never gives back. */
const MEMORY = 1024 * 1024 * 1024

export async function startAgent(options: AgentOptions): Promise<Agent> {
  const timing = options.timing ?? TIMING
  const home = await openHome(options.home)
  let workdir: Home | null = null
  try {
    // Locked too: two agents in one set of attempt folders would start each other's trials.
    if (options.workdir !== null) workdir = await openHome(options.workdir)
    return await run(options, timing, home, workdir)
  } catch (error) {
    if (home.identity(options.hub) === null) workdir?.undo()
    home.undo()
    workdir?.close()
    home.close()
    throw error
  }
}

async function run(options: AgentOptions, timing: Timing, home: Home, workdir: Home | null): Promise<Agent> {
  const { log } = options
  const base = workdir?.folder ?? home.folder
  let identity: Identity | null = home.identity(options.hub)
  let token = identity?.token ?? (await options.joinToken())
  if (token === null)
    throw new Complaint('This agent has not joined the hub yet: give a join token with --token-file FILE.')
  const folder = join(base, 'attempts')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const [probed, shield] = await Promise.all([
    options.probe(base),
    options.hidden === null
      ? noShield('trials may read the agent’s token: --no-shield')
      : openShield([home.secret, ...options.hidden]),
  ])
  if (shield.holds) log.debug(shield.detail)
  else log.warn(shield.detail)
  // Trials that are waiting to be found again do not wait for a new version's probes (G9).
  const hurry = readdirSync(folder).length > 0 && probed.ladder.kept.length > 0
  let backends: readonly Rung[] = hurry ? probed.ladder.kept : await probed.ladder.fresh
  let draining = false
  /** The newer agent that was told of. */
  let told: string | null = null
  let finish: (error: Complaint | null) => void = () => undefined
  const done = new Promise<void>((resolve, reject) => {
    finish = error => (error === null ? resolve() : reject(error))
  })
  done.catch(() => undefined)

  const hello = (): Up['hello'] => ({
    version: PROTOCOL_VERSION,
    build: options.build.build,
    name: options.name,
    agent: identity?.agent ?? null,
    host: {
      hostname: hostname().slice(0, 255),
      platform: process.platform,
      arch: process.arch,
      node: process.version,
      pid: process.pid,
    },
    devices: { cpu: probed.cpu, memory: probed.memory, gpus: [...probed.gpus] },
    backends: [...backends],
    labels: { ...options.labels },
    attempts: [...attempts.held],
    can: [CAN_DESCRIBE, CAN_INSTALL],
  })

  const stranger = openStranger({ folder: home.folder, hub: options.hub, limit: timing.stranger, log })
  const link = openLink({
    hub: options.hub,
    timing,
    log,
    token: () => token ?? '',
    hello,
    onHello(answer) {
      token = answer.token ?? token ?? ''
      const known = home.identity(options.hub)
      identity = { agent: answer.agent, token, hub: new URL(options.hub).origin }
      if (known?.agent !== identity.agent || known.token !== token) home.keep(identity)
      stranger.isBack()
      attempts.agree(answer)
      void askNewest(options.hub, options.build.build, options.again).then(newest => {
        if (newest === null || newest.mine || newest.name === told) return
        told = newest.name
        log.warn(`this agent is outdated; stop it (its trials go on) and start the hub's own: ${newest.command}`)
      })
    },
    async onDown(event, message) {
      if (event === 'install') return await ahead.install(message as Down['install'])
      if (event === 'describe') describing.start(message as Down['describe'])
      // biome-ignore lint/suspicious/noExplicitAny: link.ts has checked the message against the schema of this event.
      else await attempts[event](message as any)
      return undefined
    },
    async waitsForHub() {
      if (attempts.held.length === 0) return false
      if (stranger.waits(attempts.held.length)) return true
      await attempts.forgetAll()
      return false
    },
    // The hub may have lost its data, or the token was revoked: a join token in hand is tried once before giving up.
    async newToken() {
      if (identity === null) return false
      const join = await options.joinToken()
      if (join === null) return false
      log.warn('the hub does not know this agent any more; joining again')
      token = join
      identity = null
      return true
    },
    onFatal(complaint, revoked) {
      void (revoked ? endTrials() : Promise.resolve()).then(() => close(complaint))
    },
  })
  const secrets = Object.keys(options.secrets ?? {})
  const mask = maskOf(Object.values(options.secrets ?? {}))
  const runtime = { program: options.program, shield, compiled: join(base, 'compiled'), secrets }
  const processes = openProcesses({
    ...options.processes,
    start: backend => hostCommand(runtime, base, backend, options.processes.trials <= 1),
    // Which GPU a trial gets is not known before.
    backend: () => (chosen(backends) === 'wasm' ? 'wasm' : 'none'),
    memory: MEMORY,
    waiting: Math.max(MEMORY, probed.memory / 8),
    log,
  })
  const uploads = openUploads({ hub: options.hub, timing, token: () => token ?? '' })
  const cache = openCache({
    folder: join(base, 'cache'),
    hub: options.hub,
    timing,
    log,
    limit: options.cacheLimit ?? CACHE,
    token: () => token ?? '',
  })
  const urls = openUrls({
    folder: join(base, 'urls'),
    cache,
    timing,
    limit: options.cacheLimit ?? CACHE,
    env: process.env,
  })
  const extensions = openExtensions({
    folder: join(base, 'extensions'),
    cache,
    log,
    limit: options.extensionsLimit ?? EXTENSIONS,
    secrets,
    mask,
    inUse: () => new Set([...hashesInFolders(folder), ...processes.resources().flatMap(extensionHashes)]),
  })
  const ahead = installAhead(extensions, mask)
  const describing = openDescribing({
    folder: join(base, 'describing'),
    runtime,
    cache,
    uploads,
    extensions,
    link,
    log,
    mask,
  })
  const attempts = openAttempts(
    folder,
    {
      link,
      uploads,
      cache,
      urls,
      extensions,
      timing,
      log,
      starting: { ...runtime, processes, patience: timing.start },
      quota: options.quota ?? QUOTA,
      mask,
      about: () => ({
        agent: { id: identity?.agent ?? '', name: options.name },
        hub: options.hub,
        backend: chosen(backends),
        base: options.workdir ?? process.cwd(),
      }),
    },
    () => (draining ? 'this agent is being stopped' : null),
  )
  await attempts.start()
  const heart = startHeartbeat({
    link,
    every: timing.heartbeat,
    folder: base,
    gpus: probed.gpus,
    log,
    backlog: () => attempts.backlog,
  })
  link.connect()
  probed.ladder.fresh.then(
    fresh => {
      const news = JSON.stringify(fresh) !== JSON.stringify(backends)
      backends = fresh
      // Said at hello only.
      if (news) link.kick()
    },
    error => log.error({ err: error }, `cannot probe the backends: ${error.message}`),
  )

  /** Nobody will look after them when this agent is gone. */
  async function endTrials(): Promise<void> {
    if (attempts.running > 0) log.warn({ running: attempts.running }, 'ending the trials')
    attempts.endAll('kill')
    for (let waited = 0; attempts.running > 0 && waited < timing.grace + timing.exit; waited += 50) await sleep(50)
  }

  let closing: Promise<void> | null = null
  function close(complaint: Complaint | null): Promise<void> {
    closing ??= (async () => {
      heart.stop()
      ahead.close()
      await attempts.detach()
      await describing.close()
      await processes.close()
      uploads.close()
      link.close()
      // Refused before it ever joined: nothing of it stays behind.
      if (identity === null && home.identity(options.hub) === null) {
        workdir?.undo()
        home.undo()
      }
      workdir?.close()
      home.close()
      finish(complaint)
    })()
    return closing
  }

  return {
    done,
    get running() {
      return attempts.running
    },
    async drain() {
      draining = true
      await attempts.idle()
    },
    endTrials: how => attempts.endAll(how),
    close: () => close(null),
  }
}

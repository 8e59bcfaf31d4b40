/**
 * `flambe-agent doctor`: prints what this machine can do, what stands in the way, and what to do about it. Changes nothing but
 * the kept answers of the ladder.
 */
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pc from 'picocolors'
import type { Build } from './build.ts'
import { readIdentity } from './home.ts'
import { type Greeting, greet, knock } from './hub-address.ts'
import { type Again, askNewest } from './newest.ts'
import { chosen } from './probe/backends.ts'
import { disk } from './probe/machine.ts'
import { probe } from './probe/probe.ts'
import { inWords, readWaited } from './stranger.ts'
import { TIMING } from './timing.ts'
import { openShield } from './trial/shield.ts'

export interface DoctorOptions {
  readonly home: string
  readonly workdir: string | null
  readonly hub: string | null
  readonly program: string
  readonly build: Build
  readonly again: Again
  readonly cpus: number | null
  print(line: string): void
}

const GIB = 1024 ** 3
/** Bytes below which a disk is worth a word. */
const LITTLE = 5 * GIB

/** Resolves with false when something stops trials from running here. */
export async function doctor(options: DoctorOptions): Promise<boolean> {
  const { print, home, build } = options
  const row = (name: string, value: string) => print(`${name.padEnd(16)} ${value}`)
  const hint = (text: string) => row('', pc.yellow(`-> ${text}`))
  const secret = join(home, 'private')
  mkdirSync(secret, { recursive: true, mode: 0o700 })
  const [found, shield, python] = await Promise.all([
    probe({ ...options, folder: home, again: true }),
    openShield([secret]),
    pythonVersion(),
  ])
  const backends = await found.ladder.fresh

  row('agent', `${build.version}${build.build === null ? ' (from sources)' : ` ${build.build}`}`)
  row('node', `${process.version} ${process.platform} ${process.arch}`)
  row('processors', `${found.cpu} (the machine has ${availableParallelism()})`)
  row('memory', gib(found.memory))
  const folder = options.workdir ?? home
  const { free, total } = disk(folder)
  row('disk', `${gib(free)} of ${gib(total)} free at ${folder}`)
  if (free < LITTLE)
    hint('checkpoints and downloads lie there, and below 64 MiB no trial is taken: --workdir DIR puts them elsewhere')
  row('python3', python ?? 'not found: scripts in Python cannot run here')
  row('shield', shield.detail)
  if (!shield.holds)
    hint('run only experiments that may know it, or give users namespaces (README, "What a trial can reach")')

  row('gpus', found.gpus.length === 0 ? `none: ${found.gpuDetail}` : found.gpuDetail)
  for (const gpu of found.gpus) row('', `${gpu.index}: ${gpu.name}, ${gib(gpu.memory)}`)
  print('backends, best first:')
  for (const rung of backends)
    print(`  ${rung.accepted ? pc.green('yes') : pc.yellow('no ')} ${rung.name.padEnd(15)} ${rung.detail}`)
  const auto = chosen(backends)
  row('backend: auto', auto === 'none' ? pc.red('none: only scripts can run here') : auto)
  if (found.gpus.length > 0 && auto !== 'tensorflow-gpu' && auto !== 'webgpu')
    hint('this machine has a GPU that no backend uses: the lines of tensorflow-gpu and webgpu above say what they lack')

  const connected = options.hub === null || (await hubRows({ ...options, hub: options.hub }, row, hint))
  return auto !== 'none' && connected
}

async function hubRows(
  { hub, home, build, again }: DoctorOptions & { readonly hub: string },
  row: (name: string, value: string) => void,
  hint: (text: string) => void,
): Promise<boolean> {
  const greeting = await greet(hub)
  row('hub', `${hub}: ${told(greeting)}`)
  if (greeting.kind !== 'hub') return false
  if (greeting.clock !== null) {
    const skew = Math.round((Date.now() - greeting.clock) / 1_000)
    row(
      'clock',
      Math.abs(skew) <= 2 ? 'agrees with the hub' : `${Math.abs(skew)} s ${skew > 0 ? 'ahead of' : 'behind'} the hub`,
    )
    if (Math.abs(skew) > 2) hint('times on the pages are off by that; nothing else depends on it')
  }
  const identity = readIdentity(home, hub)
  const door = await knock(hub, identity?.token ?? null)
  if (typeof door === 'object') {
    row('websocket', pc.red(`does not come through: ${door.blocked}`))
    hint('a proxy in between has to pass WebSocket upgrades on')
    return false
  }
  row('websocket', 'comes through')
  if (identity === null) row('joined', 'not yet: the first start needs a join token')
  else if (door === 'accepted') row('joined', `as ${identity.agent}`)
  else if (door === 'refused')
    row('joined', pc.red(`as ${identity.agent}, but the hub refuses its token: it was revoked`))
  else {
    row(
      'joined',
      pc.red(`as ${identity.agent}, but the hub does not know it: it has lost its data folder, or serves another one`),
    )
    const waited = readWaited(home)
    const rest = waited === null ? '' : ` for ${inWords(TIMING.stranger - waited)} more`
    hint(`trials go on and wait${rest}; start the hub on its old folder (--data DIR), or end them:`)
    hint(`flambe-agent forget --hub ${hub}, then start the agent with a new join token`)
  }
  const newest = await askNewest(hub, build.build, again)
  if (newest !== null)
    row('newest', newest.mine ? 'this is the hub’s own agent' : pc.yellow(`outdated: ${newest.command}`))
  return identity === null || door === 'accepted'
}

function told(greeting: Greeting): string {
  if (greeting.kind === 'unreachable') return pc.red(`not reachable: ${greeting.detail}`)
  if (greeting.kind !== 'hub') return pc.red(`not a Flambé hub (${greeting.detail})`)
  return `${pc.green('reachable')} in ${Math.round(greeting.ms)} ms`
}

async function pythonVersion(): Promise<string | null> {
  try {
    return (await promisify(execFile)('python3', ['--version'], { timeout: 10_000 })).stdout.trim()
  } catch {
    return null
  }
}

const gib = (bytes: number) => `${(bytes / GIB).toFixed(1)} GiB`

/** `flambe-agent doctor`: prints what this machine can do and what stands in the way. Changes nothing. */
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import pc from 'picocolors'
import type { Build } from './build.ts'
import { type Greeting, greet } from './hub-address.ts'
import { chosen } from './probe/backends.ts'
import { disk } from './probe/machine.ts'
import { probe } from './probe/probe.ts'
import { openShield } from './trial/shield.ts'

/** Resolves with false when something stops trials from running here. */
export async function doctor(options: {
  readonly home: string
  readonly hub: string | null
  readonly program: string
  readonly build: Build
  readonly cpus: number | null
  print(line: string): void
}): Promise<boolean> {
  const { print } = options
  mkdirSync(options.home, { recursive: true, mode: 0o700 })
  const found = await probe({ ...options, folder: options.home, again: true })
  const backends = await found.ladder.fresh
  const secret = join(options.home, 'private')
  mkdirSync(secret, { recursive: true, mode: 0o700 })
  const shield = await openShield([secret])
  const space = disk(options.home)
  const row = (name: string, value: string) => print(`${name.padEnd(16)} ${value}`)
  const mark = (good: boolean) => (good ? pc.green('yes') : pc.yellow('no '))

  row(
    'agent',
    `${options.build.version}${options.build.build === null ? ' (from sources)' : ` ${options.build.build}`}`,
  )
  row('node', `${process.version} ${process.platform} ${process.arch}`)
  row('processors', `${found.cpu} (the machine has ${availableParallelism()})`)
  row('memory', gib(found.memory))
  row('disk', `${gib(space.free)} of ${gib(space.total)} free at ${options.home}`)
  row('gpus', found.gpus.length === 0 ? `none: ${found.gpuDetail}` : found.gpuDetail)
  for (const gpu of found.gpus) row('', `${gpu.index}: ${gpu.name}, ${gib(gpu.memory)}`)
  row('shield', shield.holds ? shield.detail : pc.yellow(shield.detail))
  print('backends, best first:')
  for (const rung of backends) print(`  ${mark(rung.accepted)} ${rung.name.padEnd(15)} ${rung.detail}`)
  const auto = chosen(backends)
  row('backend: auto', auto === 'none' ? pc.red('none: only scripts can run here') : auto)
  const greeting = options.hub === null ? null : await greet(options.hub)
  if (greeting !== null) row('hub', `${options.hub}: ${told(greeting)}`)
  return auto !== 'none' && (greeting === null || greeting.kind === 'hub')
}

function told(greeting: Greeting): string {
  if (greeting.kind === 'unreachable') return pc.red(`not reachable: ${greeting.detail}`)
  if (greeting.kind !== 'hub') return pc.red(`not a Flambé hub (${greeting.detail})`)
  const skew = greeting.clock === null ? null : Math.round((Date.now() - greeting.clock) / 1_000)
  const clock = skew === null ? '' : Math.abs(skew) <= 2 ? ', clocks agree' : `, this clock is ${skew} s off`
  return `${pc.green('reachable')} in ${Math.round(greeting.ms)} ms${clock}`
}

const gib = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`

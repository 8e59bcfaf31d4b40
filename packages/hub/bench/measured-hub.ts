/*
 * The built hub (`pnpm build` first) in a process of its own, without pages, for the bench scripts: its address, how it uses
 * the processor and memory, and its end. From sources it would take 200 MB more, which are the compiler's.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CreateTRPCClient, createTRPCClient, httpLink } from '@trpc/client'
import type { AppRouter } from '../src/api/root.ts'

export interface MeasuredHub {
  readonly url: string
  readonly token: string
  readonly api: CreateTRPCClient<AppRouter>
  readonly child: ChildProcess
  /** Seconds of processor time so far. */
  cpu(): number
  /** Resident MiB now. */
  memory(): number
  kill(): Promise<void>
}

export async function startMeasured(dir: string): Promise<MeasuredHub> {
  const server = fileURLToPath(new URL('../../../apps/web/dist/server.mjs', import.meta.url))
  if (!existsSync(server)) throw new Error('the bench scripts measure the built hub: run `pnpm build` first')
  const child = spawn(process.execPath, [server, '--no-pages', '--data', dir, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', chunk => resolve(String(chunk).split('\n')[0] ?? ''))
    child.once('exit', code => reject(new Error(`the hub ended with ${code}`)))
  })
  const { url } = JSON.parse(line) as { url: string }
  const { token } = JSON.parse(readFileSync(join(dir, 'local.json'), 'utf8')) as { token: string }
  const headers = { authorization: `Bearer ${token}` }
  return {
    url,
    token,
    child,
    api: createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${url}/api/trpc`, headers, methodOverride: 'POST' })],
    }),
    cpu: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) / 100
    },
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024,
    kill: () =>
      new Promise(resolve => {
        child.once('exit', () => resolve())
        child.kill('SIGKILL')
      }),
  }
}

export const load = (): readonly number[] => loadavg().map(l => +l.toFixed(1))

export function quantile(all: readonly number[], q: number): number {
  const sorted = [...all].sort((a, b) => a - b)
  return +(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN).toFixed(1)
}

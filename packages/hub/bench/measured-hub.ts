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
  /** What of it is what, in MiB: asked of the process itself. `rest` is native: SQLite's cache, the program, the allocator. */
  parts(): Promise<Parts>
  /** Garbage collection of everything. */
  collect(): Promise<void>
  kill(): Promise<void>
}

export interface Parts {
  readonly resident: number
  readonly heap_used: number
  readonly heap_free: number
  readonly buffers: number
  readonly rest: number
}

/** Loaded before the hub: answers over the channel of its start. */
const WITNESS = `process.on('message', word => {
  if (word === 'collect') globalThis.gc()
  const { rss, heapTotal, heapUsed, external } = process.memoryUsage()
  process.send({ resident: rss, heap_used: heapUsed, heap_free: heapTotal - heapUsed, buffers: external, rest: rss - heapTotal - external })
})`

export async function startMeasured(dir: string): Promise<MeasuredHub> {
  const server = fileURLToPath(new URL('../../../apps/web/dist/server.mjs', import.meta.url))
  if (!existsSync(server)) throw new Error('the bench scripts measure the built hub: run `pnpm build` first')
  const witness = ['--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(WITNESS)}`]
  const child = spawn(process.execPath, [...witness, server, '--no-pages', '--data', dir, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', chunk => resolve(String(chunk).split('\n')[0] ?? ''))
    child.once('exit', code => reject(new Error(`the hub ended with ${code}`)))
  })
  const { url } = JSON.parse(line) as { url: string }
  const { token } = JSON.parse(readFileSync(join(dir, 'local.json'), 'utf8')) as { token: string }
  const ask = (word: string) =>
    new Promise<Parts>(resolve => {
      child.once('message', parts =>
        resolve(
          Object.fromEntries(
            Object.entries(parts as Parts).map(([name, bytes]) => [name, Math.round(bytes / 1024 / 1024)]),
          ) as unknown as Parts,
        ),
      )
      child.send(word)
    })
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
    parts: () => ask('parts'),
    collect: async () => void (await ask('collect')),
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

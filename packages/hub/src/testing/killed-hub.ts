/** A hub in a process of its own that a test may kill -9 and start again on the same folder and port. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { createTRPCClient, httpLink } from '@trpc/client'
import type { AppRouter } from '../api/root.ts'

const program = fileURLToPath(new URL('./hub-process.ts', import.meta.url))

export type HubProcess = Awaited<ReturnType<typeof startHubProcess>>

/** `failpoint`: where the hub kills itself (packages/store/src/failpoint.ts). Rejects when the hub ends before it is ready. */
export async function startHubProcess(dir: string, port = 0, failpoint = '') {
  const env = { ...process.env, FLAMBE_FAILPOINT: failpoint }
  const child = spawn(process.execPath, [program, dir, String(port)], { stdio: ['ignore', 'pipe', 'pipe'], env })
  let complaint = ''
  child.stderr.on('data', chunk => {
    complaint = (complaint + chunk).slice(-4_000)
  })
  const ended = new Promise<NodeJS.Signals | null>(resolve => child.once('exit', (_, signal) => resolve(signal)))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', chunk => resolve(String(chunk)))
    child.once('exit', code => reject(new Error(`the hub ended with ${code}: ${complaint}`)))
  })
  const { url, token } = JSON.parse(line) as { url: string; token: string }
  const headers = { authorization: `Bearer ${token}` }
  const api = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${url}/api/trpc`, headers, methodOverride: 'POST' })],
  })
  return { url, api, port: Number(new URL(url).port), ended, kill: () => killed(child, ended) }
}

/** kill -9, and awaits that it is gone. */
async function killed(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL')
  await ended
}

/** A real hub on a real port and a temporary folder, for tests. Nothing in here is a mock: the fake is the agent, over a real connection. */
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CreateTRPCClient, createTRPCClient, httpBatchLink } from '@trpc/client'
import { pino } from 'pino'
import type { AppRouter } from '../api/root.ts'
import { createHub, type Hub, type HubOptions } from '../hub.ts'
import type { Limits } from '../limits.ts'
import { type Served, serve } from '../serve.ts'

export interface House {
  readonly dir: string
  readonly hub: Hub
  readonly served: Served
  readonly url: string
  readonly api: CreateTRPCClient<AppRouter>
  /** What the hub logged as errors. */
  readonly errors: string[]
  /** Closes the hub and opens another one on the same folder and port. */
  restart(): Promise<House>
  close(): Promise<void>
}

const QUICK: Partial<Limits> = { live_every: 20, outbox_retry: 50, ack_timeout: 2_000, close_grace: 200 }

export async function openHouse(options: Partial<HubOptions> & { readonly port?: number } = {}): Promise<House> {
  const dir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'flambe-hub-')))
  const errors: string[] = []
  const logger = pino({ level: 'error' }, { write: line => errors.push(line) })
  const hub = await createHub({ logger, ...options, dataDir: dir, limits: { ...QUICK, ...options.limits } })
  const served = await serve({ hub, port: options.port ?? 0, grace: 200 }).catch(async error => {
    await hub.close()
    throw error
  })
  const api = createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${served.url}/api/trpc`,
        methodOverride: 'POST',
        headers: { authorization: `Bearer ${hub.localToken()}` },
      }),
    ],
  })
  return {
    dir,
    hub,
    served,
    url: served.url,
    api,
    errors,
    restart: async () => {
      await served.close()
      return await openHouse({ ...options, dataDir: dir, port: served.port })
    },
    close: async () => {
      await served.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

export interface RawAnswer {
  readonly status: number
  readonly headers: { readonly [name: string]: string | string[] | undefined }
  readonly body: string
}

/** A request with exactly these headers: `fetch` sets Host and Origin as it likes. */
export function raw(
  url: string,
  options: {
    readonly method?: string
    readonly headers?: Record<string, string>
    readonly body?: string | Uint8Array
  } = {},
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const req = httpRequest(
      url,
      { method: options.method ?? 'GET', headers: options.headers ?? {}, agent: false },
      res => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('end', () =>
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body: Buffer.concat(chunks).toString('utf8') }),
        )
      },
    )
    req.on('error', reject)
    req.end(options.body)
  })
}

/** Polls until it is not null; what it waits for is an event of another process or socket, so there is no signal to await. */
export async function eventually<T>(
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
): Promise<T> {
  const end = performance.now() + 15_000
  for (;;) {
    const seen = await look()
    if (seen !== null && seen !== undefined && seen !== false) return seen
    if (performance.now() > end) throw new Error('did not happen within 15 s')
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}

/**
 * Mounts Next for everything that the hub leaves. Next shares the HTTP server for its development upgrades; it is imported
 * only here, so a hub without pages needs no build of them.
 */
import { existsSync } from 'node:fs'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { UsageError } from './args.ts'

export interface Pages {
  readonly handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>
  close(): Promise<void>
}

export interface PagesOptions {
  readonly http: Server
  readonly dir: string
  readonly dev: boolean
}

export async function mountPages({ http, dir, dev }: PagesOptions): Promise<Pages> {
  if (!dev && !existsSync(join(dir, '.next', 'BUILD_ID'))) {
    throw new UsageError('the pages are not built: run `npm run build` first, or start with --no-pages')
  }
  process.env.NEXT_TELEMETRY_DISABLED = '1'
  const { default: next } = await import('next')
  const app = next({ dev, dir, httpServer: http })
  await app.prepare()
  const handle = app.getRequestHandler()
  return { handle: (req, res) => handle(req, res), close: () => app.close() }
}

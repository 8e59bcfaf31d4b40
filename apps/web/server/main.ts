/**
 * The one server: a hub, and the report site beside it on one port. Bundled to dist/server.mjs by build.mjs; started by the
 * `flambe` command, `npm start` and the end-to-end tests. Prints one JSON line on standard output when it is ready; log lines
 * go to standard error. Ends with 2 for what the caller got wrong, 3 for anything else.
 */
import { fileURLToPath } from 'node:url'
import { createHub, mustBeFree, ServeError, serve } from '@flambe/hub'
import { pino } from 'pino'
import { readArgs, UsageError } from './args.ts'
import { claimDataFolder } from './data-folder.ts'
import { mountPages, type Pages } from './pages.ts'
import { whenParentGone } from './parent.ts'

// dist/server.mjs and server/main.ts lie equally deep, so the same steps lead out of both.
const app = new URL('..', import.meta.url)
const path = (relative: string) => fileURLToPath(new URL(relative, app))

async function main(): Promise<void> {
  const args = readArgs(process.argv.slice(2), process.env)
  const dev = process.env.NODE_ENV === 'development'
  await mustBeFree(args.host, args.port)
  claimDataFolder(args.data)
  const logger = pino({ level: process.env.FLAMBE_LOG ?? 'warn' }, pino.destination(2))
  const hub = await createHub({
    dataDir: args.data,
    logger,
    allowHosts: args.allowHosts,
    dev: dev && args.pages,
    agentPackage: { dir: path('../../agents/flambe-agent/dist') },
    examples: { dir: path('../../examples') },
    ...(args.webUrl === null ? {} : { webUrl: args.webUrl }),
    ...(args.lostAfter === null ? {} : { limits: { lost_after: args.lostAfter } }),
  })
  let pages: Pages | null = null
  try {
    const served = await serve({
      hub,
      host: args.host,
      port: args.port,
      ...(args.pages
        ? {
            pages: async http => {
              pages = await mountPages({ http, dir: path('.'), dev })
              return pages.handle
            },
          }
        : {}),
    })
    stopWhenTold(args.parent, async () => {
      await served.close()
      await pages?.close()
    })
    const link = await hub.signInLink()
    process.stdout.write(`${JSON.stringify({ ready: true, url: served.url, link })}\n`)
    process.stdout.write(`The hub runs at ${served.url}; sign in once with ${link}\n`)
  } catch (error) {
    await hub.close()
    throw error
  }
}

/** The first signal closes in order, the second one ends at once. A parent that is gone counts as a signal. */
function stopWhenTold(parent: number | null, close: () => Promise<void>): void {
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(130)
    stopping = true
    setTimeout(() => process.exit(3), 15_000).unref()
    close().then(
      () => process.exit(0),
      error => fail(error),
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (parent !== null) whenParentGone(parent, stop)
}

function fail(error: unknown): never {
  const known = error instanceof UsageError || error instanceof ServeError || isStoreError(error)
  process.stderr.write(known ? `${(error as Error).message}\n` : `${error instanceof Error ? error.stack : error}\n`)
  process.exit(known ? 2 : 3)
}

/** The data folder cannot be used: another hub has it, or a newer one wrote it. */
const isStoreError = (error: unknown): boolean => error instanceof Error && error.name === 'StoreError'

main().catch(fail)

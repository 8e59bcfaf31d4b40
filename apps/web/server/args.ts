/** The server's few flags. Everything else is the `flambe` command's business, which starts this. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

export interface Args {
  /** Data folder of the hub. */
  readonly data: string
  readonly port: number
  readonly host: string
  /** Names beside the loopback ones that the hub answers to. */
  readonly allowHosts: readonly string[]
  /** Address in front of the hub (a proxy), if people reach it under another one. */
  readonly webUrl: string | null
  readonly pages: boolean
  /** Silence of an agent until it counts as lost, ms; null = the hub's own limit. */
  readonly lostAfter: number | null
  /** Stop as on SIGTERM when this process is gone; null = nobody's child. */
  readonly parent: number | null
}

/** What is wrong with the arguments, in one line. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])
const ANY = new Set(['0.0.0.0', '::'])

export function readArgs(argv: readonly string[], env: { readonly [name: string]: string | undefined }): Args {
  const { values } = parse(argv)
  const port = Number(values.port ?? env.FLAMBE_PORT ?? 4955)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError('--port takes a number from 0 to 65535')
  const host = values.host ?? env.FLAMBE_HOST ?? '127.0.0.1'
  const allowHosts = values['allow-host'] ?? []
  if (ANY.has(host) && allowHosts.length === 0) {
    throw new UsageError(
      `--host ${host} also needs --allow-host NAME: the name or address under which people and agents reach this machine`,
    )
  }
  const own = LOOPBACK.has(host) || ANY.has(host) ? [] : [host.includes(':') ? `[${host}]` : host]
  const parent = values.parent === undefined ? null : Number(values.parent)
  if (parent !== null && !(Number.isInteger(parent) && parent > 0))
    throw new UsageError('--parent takes the number of a process')
  const webUrl = values['web-url'] ?? env.FLAMBE_WEB_URL ?? null
  if (webUrl !== null && !URL.canParse(webUrl))
    throw new UsageError('--web-url takes an address such as https://flambe.example.org')
  const lostAfter = values['lost-after'] === undefined ? null : Number(values['lost-after'])
  // Agents speak every 5 s: less than two of those would call every hiccup a loss.
  if (lostAfter !== null && !(Number.isInteger(lostAfter) && lostAfter >= 10 && lostAfter <= 86_400))
    throw new UsageError('--lost-after takes seconds, from 10 to 86400')
  return {
    data: resolve(values.data ?? env.FLAMBE_DATA ?? join(homedir(), '.flambe', 'hub')),
    port,
    host,
    allowHosts: [...own, ...allowHosts],
    webUrl: webUrl === null ? null : new URL(webUrl).origin,
    pages: values['no-pages'] !== true,
    lostAfter: lostAfter === null ? null : lostAfter * 1000,
    parent,
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        'allow-host': { type: 'string', multiple: true },
        'web-url': { type: 'string' },
        'no-pages': { type: 'boolean' },
        'lost-after': { type: 'string' },
        parent: { type: 'string' },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0] ?? 'wrong arguments')
  }
}

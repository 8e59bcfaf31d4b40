/** A connection to a hub: typed API calls and plain HTTP with the person's token. Failures become one clear line. */
import type { AppRouter } from '@flambe/hub/api'
import { type CreateTRPCClient, createTRPCClient, httpBatchLink, TRPCClientError } from '@trpc/client'
import { Refused } from './refused.ts'
import type { HubAddress } from './tokens.ts'

export interface HubConnection {
  readonly address: HubAddress
  readonly api: CreateTRPCClient<AppRouter>
  /** `path` starts with `/`; the token is added. Throws Refused when the hub cannot be reached. */
  http(path: string, init?: RequestInit): Promise<Response>
}

export function connect(address: HubAddress): HubConnection {
  const headers = { authorization: `Bearer ${address.token}` }
  const http = async (path: string, init: RequestInit = {}) => {
    let answer: Response
    try {
      answer = await fetch(address.url + path, {
        ...init,
        headers: { ...headers, ...(init.headers as Record<string, string> | undefined) },
      })
    } catch (error) {
      throw unreachable(address.url, error)
    }
    if (answer.status === 401)
      throw new Refused(`${address.url} does not know this token: run \`flambe login ${address.url}\``)
    return answer
  }
  const api = createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: `${address.url}/api/trpc`,
        headers,
        methodOverride: 'POST',
        fetch: async (url, init) => {
          const answer = await http(String(url).slice(address.url.length), init as RequestInit)
          if (answer.headers.get('content-type')?.includes('json') !== true)
            throw new Refused(`${address.url} is no Flambé hub (it answered ${answer.status} ${answer.statusText})`)
          return answer
        },
      }),
    ],
  })
  return { address, api, http }
}

/** Throws Refused when nothing answers at this address. */
export async function mustAnswer(url: string): Promise<void> {
  await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(10_000) }).catch(error => {
    throw unreachable(url, error)
  })
}

/** Turns what an API call threw into the line that a person should read; rethrows bugs. */
export function explain(error: unknown): never {
  if (error instanceof Refused) throw error
  if (error instanceof TRPCClientError) {
    if (error.cause instanceof Refused) throw error.cause
    const status = (error.data as { httpStatus?: number } | undefined)?.httpStatus
    throw new Refused(error.message, status !== undefined && status >= 500 ? 3 : 2)
  }
  throw error
}

function unreachable(url: string, error: unknown): Refused {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause
  const why =
    cause?.code === 'ECONNREFUSED'
      ? 'nothing listens there'
      : cause?.code === 'ENOTFOUND'
        ? 'no such host'
        : (cause?.message ?? String(error))
  return new Refused(`cannot reach a hub at ${url}: ${why}`)
}

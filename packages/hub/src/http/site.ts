/** The small routes: health, sign-in, the agent's files, and tRPC's mount. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { nodeHTTPRequestHandler } from '@trpc/server/adapters/node-http'
import { z } from 'zod'
import type { ApiContext, HubServices } from '../api/context.ts'
import { appRouter } from '../api/root.ts'
import type { Rate } from '../auth/rate.ts'
import { Refused } from '../refused.ts'
import { attachment, sendJson } from './headers.ts'
import type { Request, Route } from './routes.ts'

export interface SiteOptions {
  readonly hub: HubServices
  readonly rate: Rate
  readonly health: () => object
  readonly originOf: (req: IncomingMessage) => string
  readonly onError: (error: unknown) => void
}

const TRPC = '/api/trpc/'
const signInBody = z.object({ code: z.string().max(500) })

export function siteRoutes({ hub, rate, health, originOf, onError }: SiteOptions): readonly Route[] {
  const signIn = async ({ req, res, from }: Request) => {
    if (!rate.open(`code ${from}`)) throw new Refused('BUSY', 'too many tries, wait a minute', { after: 60_000 })
    const body = signInBody.safeParse(await readJson(req, 4_096))
    const cookie = body.success ? await hub.auth.signIn(body.data.code, from) : null
    if (cookie === null) {
      rate.failed(`code ${from}`)
      throw new Refused('UNAUTHENTICATED', 'this link was used already or has expired; ask the hub for a new one')
    }
    res.setHeader('Set-Cookie', cookie)
    sendJson(res, 200, { ok: true })
  }

  const trpc = async ({ req, res, url, identity, from }: Request) => {
    await nodeHTTPRequestHandler({
      req,
      res,
      path: url.pathname.slice(TRPC.length),
      router: appRouter,
      allowMethodOverride: true,
      maxBodySize: hub.limits.body,
      createContext: (): ApiContext => ({
        hub,
        identity,
        from,
        origin: originOf(req),
        setCookie: value => res.setHeader('Set-Cookie', value),
      }),
      onError: ({ error, path }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR')
          onError(new Error(`procedure ${path}`, { cause: error.cause ?? error }))
      },
    })
  }

  const agentFile = async (request: Request, file: string, name: string, immutable: boolean) => {
    const { size } = await stat(file).catch(() => {
      throw new Refused('UNKNOWN', 'the agent is not built on this hub')
    })
    attachment(request.res, name)
    request.res.setHeader('Content-Length', size)
    request.res.setHeader('Cache-Control', immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    if (request.req.method === 'HEAD') request.res.end()
    else await pipeline(createReadStream(file), request.res)
  }

  return [
    {
      method: 'GET',
      path: /^\/healthz$/,
      permission: 'public',
      name: 'GET /healthz',
      run: ({ res }) => sendJson(res, 200, health()),
    },
    { method: 'POST', path: /^\/api\/sign-in$/, permission: 'public', name: 'POST /api/sign-in', run: signIn },
    { method: '*', path: /^\/api\/trpc\/./, permission: 'procedure', name: '/api/trpc/<procedure>', run: trpc },
    {
      method: 'GET',
      path: /^\/(flambe-agent-[A-Za-z0-9.+-]+\.tgz)$/,
      permission: 'public',
      name: 'GET /flambe-agent-<version>-h<hash>.tgz',
      run: request => {
        const pack = hub.agentPackage
        if (pack === null || request.params[0] !== pack.name) throw new Refused('UNKNOWN', 'this hub has no such agent')
        return agentFile(request, pack.tarball, pack.name, true)
      },
    },
    {
      // Agents ask here whether they are outdated. Not for npx, which keeps for ever what it once got from an address.
      method: 'GET',
      path: /^\/flambe-agent\.tgz$/,
      permission: 'public',
      name: 'GET /flambe-agent.tgz',
      run: ({ res }) => {
        if (hub.agentPackage === null) throw new Refused('UNKNOWN', 'the agent is not built on this hub')
        res.writeHead(302, { location: hub.agentPackage.name, 'cache-control': 'no-cache' }).end()
      },
    },
    {
      method: 'GET',
      path: /^\/flambe-agent\.mjs$/,
      permission: 'public',
      name: 'GET /flambe-agent.mjs',
      run: request => {
        if (hub.agentPackage === null) throw new Refused('UNKNOWN', 'the agent is not built on this hub')
        return agentFile(request, hub.agentPackage.single, 'flambe-agent.mjs', false)
      },
    },
  ]
}

async function readJson(req: IncomingMessage, limit: number): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req) {
    size += (chunk as Buffer).length
    if (size > limit) throw new Refused('TOO_LARGE', `more than ${limit} bytes`)
    chunks.push(chunk as Buffer)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new Refused('MALFORMED', 'the body is not JSON')
  }
}

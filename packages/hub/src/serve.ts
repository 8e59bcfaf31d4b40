/**
 * One HTTP server for a hub and, where there are any, its pages. Loopback unless told otherwise (S1); other addresses are
 * safe only because nothing is served without authentication. Called by the web server, the `flambe` command and tests.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hub } from './hub.ts'

export interface ServeOptions {
  readonly hub: Hub
  /** Default 127.0.0.1. */
  readonly host?: string
  /** 0 lets the system choose. */
  readonly port: number
  /** Makes the handler for everything that is not the hub's; given the server for its own upgrades. */
  readonly pages?: (http: Server) => Promise<(req: IncomingMessage, res: ServerResponse) => Promise<void>>
  /** ms that open requests may still run at the end. */
  readonly grace?: number
}

export interface Served {
  readonly url: string
  readonly port: number
  readonly http: Server
  /** Ends sockets, requests and the hub; resolves when all is closed. */
  close(): Promise<void>
}

/** A connection on which nothing moves for so long is cut, ms. WebSockets have their own pings. */
const IDLE = 120_000

/** An address that cannot be served: in use, not ours, or not allowed. One line, with what to do. */
export class ServeError extends Error {
  override readonly name = 'ServeError'
}

export async function serve({ hub, host = '127.0.0.1', port, pages, grace = 1_000 }: ServeOptions): Promise<Served> {
  let serve404 = async (_: IncomingMessage, res: ServerResponse) => {
    res.statusCode = 404
    res.setHeader('Content-Type', 'text/plain; charset=utf-8')
    res.end('There are no pages on this hub, only its API.\n')
  }
  const http = createServer((req, res) => {
    hub
      .handle(req, res)
      .then(ours => (ours ? undefined : serve404(req, res)))
      .catch(() => {
        // The pages failed after their own error handling; the connection is all that is left to end.
        res.destroy()
      })
  })
  // Large uploads take longer than Node's default of five minutes: what counts is that something moves (S11).
  http.requestTimeout = 0
  http.setTimeout(IDLE)
  hub.attach(http)
  if (pages !== undefined) serve404 = await pages(http)
  await listen(http, host, port)
  const at = http.address() as AddressInfo
  const name =
    at.address === '::1' ? '[::1]' : at.address === '0.0.0.0' || at.address === '::' ? '127.0.0.1' : at.address
  const url = `http://${name}:${at.port}`
  await hub.announce(url)
  return { url, port: at.port, http, close: () => close(hub, http, grace) }
}

/** Throws ServeError when nothing can listen there; asked before a data folder is made. */
export async function mustBeFree(host: string, port: number): Promise<void> {
  const probe = createServer()
  await listen(probe, host, port)
  await new Promise(resolve => probe.close(resolve))
}

function listen(http: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      const line = {
        EADDRINUSE: `port ${port} on ${host} is in use: stop what runs there, or take another one with --port N`,
        EACCES: `port ${port} on ${host} is not allowed: take one above 1023 with --port N`,
        EADDRNOTAVAIL: `${host} is no address of this machine: leave --host out, or name one that is`,
        ENOTFOUND: `${host} is no address of this machine: leave --host out, or name one that is`,
      }[error.code ?? '']
      reject(line === undefined ? error : new ServeError(line, { cause: error }))
    })
    http.listen(port, host, resolve)
  })
}

/** Sockets first, then requests: those that go on after the grace are cut (stack.md, A4). */
async function close(hub: Hub, http: Server, grace: number): Promise<void> {
  const ended = new Promise<void>(resolve => {
    if (!http.listening) return resolve()
    http.close(() => resolve())
  })
  http.closeIdleConnections()
  const cut = setTimeout(() => http.closeAllConnections(), grace)
  await Promise.all([hub.close(), ended])
  clearTimeout(cut)
}

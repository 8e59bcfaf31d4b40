/** What of secrets leaves the hub's memory (S2), and how many may knock at the same time (S11). */
import { AGENT_PATH, LIVE_PATH } from '@flambe/protocol'
import { pino } from 'pino'
import { io, type Socket } from 'socket.io-client'
import { afterEach, expect, it } from 'vitest'
import { FakeAgent } from '../testing/fake-agent.ts'
import { eventually, type House, openHouse, raw } from '../testing/house.ts'

let house: House | null = null
const sockets: Socket[] = []
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.disconnect()
  await house?.close()
  house = null
})

const dial = (url: string, path: string, token: string): Promise<'in' | string> => {
  const socket = io(url, { path, transports: ['websocket'], reconnection: false, forceNew: true, auth: { token } })
  sockets.push(socket)
  return new Promise(resolve => {
    socket.once('connect', () => resolve('in'))
    socket.once('connect_error', (error: Error & { data?: { code?: string } }) => resolve(error.data?.code ?? 'cut'))
  })
}

it('writes no secret into its log, at any level, whatever is done with it (S2)', async () => {
  const lines: string[] = []
  const logger = pino({ level: 'trace' }, { write: line => void lines.push(line) })
  house = await openHouse({ logger })
  const { url, hub } = house
  const code = new URL(await hub.signInLink()).hash.slice(1)
  const signedIn = await raw(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { origin: url },
    body: JSON.stringify({ code }),
  })
  const cookie = String(signedIn.headers['set-cookie']?.[0]).split(';')[0] ?? ''
  const { token: join } = await house.api.agents.joinToken.mutate()
  const agent = new FakeAgent({ url, token: join })
  await agent.connect()
  const wrong = 'fl_agent_aGuessThatIsWrong'
  await dial(url, AGENT_PATH, wrong)
  await dial(url, LIVE_PATH, hub.localToken())
  // Where it does not belong: refused, and not repeated in the log.
  await raw(`${url}/api/trpc/hub.status?token=${hub.localToken()}`)
  await raw(`${url}/api/blobs/${hub.localToken()}`, { headers: { authorization: `Bearer ${agent.token}` } })
  await raw(`${url}/api/sign-in`, { method: 'POST', headers: { origin: url }, body: `{"code": "${code}"` })
  agent.close()
  await house.restart().then(again => {
    house = again
  })
  const secrets = {
    code,
    session: cookie.slice(cookie.indexOf('=') + 1),
    join,
    agent: agent.token,
    local: hub.localToken(),
    wrong,
  }
  for (const [name, secret] of Object.entries(secrets)) {
    expect(secret.length, name).toBeGreaterThan(15)
    expect(
      lines.filter(line => line.includes(secret)),
      name,
    ).toEqual([])
  }
  expect(process.argv.join(' ')).not.toContain(hub.localToken())
})

it('takes so many connections from one address and cuts the next, until one is closed (S11)', async () => {
  house = await openHouse({ limits: { page_sockets: 3 } })
  const { url, hub } = house
  for (let i = 0; i < 3; i++) expect(await dial(url, LIVE_PATH, hub.localToken())).toBe('in')
  expect(await dial(url, LIVE_PATH, hub.localToken())).toBe('cut')
  // Agents are counted apart.
  const { token } = await house.api.agents.joinToken.mutate()
  expect(await dial(url, AGENT_PATH, token)).toBe('in')
  sockets[0]?.disconnect()
  expect(await eventually(async () => (await dial(url, LIVE_PATH, hub.localToken())) === 'in')).toBe(true)
})

/** Bad input from outside: one clear line and the right exit code, nothing half done. */

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStranger, readWaited } from './stranger.ts'
import { type AgentProcess, type House, isRunning, openHouse, specOf, until } from './testing/house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const token = () => ['--token-file', join(house.folder, 'token')]

async function refusal(agent: AgentProcess): Promise<{ code: number | null; line: string | undefined }> {
  const code = await agent.exited
  const lines = agent
    .output()
    .split('\n')
    .filter(line => line.startsWith('flambe-agent: '))
  expect(lines).toHaveLength(1)
  expect(agent.output()).not.toContain('    at ')
  return { code, line: lines[0] }
}

test('wrong usage is exit code 2', async () => {
  for (const [args, line] of [
    [['--nonsense'], /Unknown option '--nonsense'/],
    [['dance'], /unknown command dance/],
    [['--cpus', 'many'], /--cpus many: a positive number/],
    [['--name', '../x'], /--name \.\.\/x: letters/],
    [['--hub', 'http://'], /--hub http:\/\/ is not an address/],
    [['--drain', '--stop-trials'], /exclude each other/],
    [['--token-file', '/nowhere'], /there is no such file/],
  ] as const) {
    const seen = await refusal(house.process(args))
    expect(seen.line).toMatch(line)
    expect(seen.code).toBe(2)
  }
})

test('an address where nothing listens, or no hub does', async () => {
  const other = createServer((_, response) => response.end('<html>a router</html>'))
  await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  expect(await refusal(house.process(['--hub', url, ...token()]))).toEqual({
    code: 2,
    line: `flambe-agent: ${url} answers, but is not a Flambé hub (HTTP 200). Check the address and the port.`,
  })
  other.closeAllConnections()
  await new Promise(resolve => other.close(resolve))
  expect(await refusal(house.process(['--hub', url, ...token()]))).toEqual({
    code: 2,
    line: `flambe-agent: Cannot reach a hub at ${url}: connection refused.`,
  })
})

test('no token, and a wrong token', async () => {
  expect(await refusal(house.process())).toEqual({
    code: 2,
    line: 'flambe-agent: This agent has not joined the hub yet: give a join token with --token-file FILE.',
  })
  const wrong = await refusal(house.process([], { FLAMBE_JOIN_TOKEN: 'guess' }))
  expect(wrong.line).toMatch(/The hub refuses the token: the token is unknown\. Take a new join token/)
  expect(wrong.code).toBe(2)
  expect(existsSync(join(house.folder, 'worker', 'private', 'identity.json'))).toBe(false)
})

test('a home that cannot be used, or is damaged', async () => {
  const blocked = await refusal(house.process(['--home', join(house.folder, 'token', 'x'), ...token()]))
  expect(blocked.line).toMatch(/Cannot use the folder .*ENOTDIR/)
  expect(blocked.code).toBe(2)
  const file = await refusal(house.process(['--home', join(house.folder, 'token'), ...token()]))
  expect(file.line).toMatch(/Cannot use the folder .*ENOTDIR/)
  // Node's recursive mkdir would never return here.
  if (process.platform === 'linux') {
    const kernel = await refusal(house.process(['--home', '/proc/nope/x', ...token()]))
    expect(kernel.line).toMatch(/Cannot use the folder .*ENOENT/)
  }
  mkdirSync(join(house.folder, 'worker', 'private'), { recursive: true })
  writeFileSync(join(house.folder, 'worker', 'private', 'identity.json'), '{')
  const damaged = await refusal(house.process(token()))
  expect(damaged.line).toMatch(/identity\.json is damaged\. Delete it and join again/)
  expect(damaged.code).toBe(2)
})

test('the join token comes from the first line of stdin too', async () => {
  const agent = house.process([], {}, 'join-secret\n')
  await until(() => agent.output().includes('connected to'))
  agent.child.kill('SIGTERM')
  expect(await agent.exited).toBe(0)
})

test("an agent of another version is told the hub's own command", async () => {
  house.hub.state.refuse = event =>
    event === 'hello' ? { code: 'VERSION', message: 'version 2 is spoken here', command: 'npx -y hub.tgz' } : null
  const seen = await refusal(house.process(token()))
  expect(seen.line).toMatch(/Start the hub's own agent: npx -y hub\.tgz$/)
  expect(seen.code).toBe(2)
})

test('a second agent in the same home is refused, with a way out', async () => {
  await house.agent()
  const seen = await refusal(house.process(token()))
  expect(seen.line).toMatch(/Another agent already runs in .*Give this one its own name: --name NAME/)
  expect(seen.code).toBe(2)
})

test('a token file works once; after that the agent knows itself, and a hub that has forgotten it is joined again', async () => {
  const first = house.process(token())
  await until(() => house.hub.state.tokens.size === 1)
  await until(() => existsSync(join(house.folder, 'worker', 'private', 'identity.json')))
  first.child.kill('SIGTERM')
  expect(await first.exited).toBe(0)

  house.hub.state.tokens.clear()
  const lost = await refusal(house.process())
  expect(lost.line).toMatch(/The hub refuses the token/)

  const again = house.process(token())
  await until(() => house.hub.state.tokens.size === 1)
  again.child.kill('SIGTERM')
  expect(await again.exited).toBe(0)
})

test.each(['while it is connected', 'when it comes back'])(
  'S8 G13: an agent that is told %s that its token is revoked ends, with its trials',
  async when => {
    const agent = house.process(token())
    await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { steps: 100_000, grandchildren: true }) })
    await until(() => house.hub.ledger('a-1').appends > 0)
    const children = readFileSync(join(house.folder, 'worker', 'attempts', 'a-1', 'grandchildren'), 'utf8')
    const pids = [house.hub.ledger('a-1').started[0]?.pid ?? 0, ...children.trim().split('\n').map(Number)]
    expect(pids.filter(isRunning)).toEqual(pids)
    house.hub.state.tokens.clear()
    house.hub.state.joinToken = 'another'
    if (when === 'while it is connected')
      house.hub.state.refuse = () => ({ code: 'UNAUTHENTICATED', message: 'the token was revoked' })
    else house.hub.cut()
    const seen = await refusal(agent)
    expect(seen.line).toMatch(/The hub refuses the token: .*Take a new join token/)
    expect(seen.code).toBe(2)
    expect(pids.filter(isRunning)).toEqual([])
  },
)

test('G13: an agent that the hub does not know any more keeps its trials, says so and waits for the hub that it joined', async () => {
  const agent = house.process(token())
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { steps: 100_000 }) })
  await until(() => house.hub.ledger('a-1').appends > 0)
  const pid = house.hub.ledger('a-1').started[0]?.pid ?? 0
  const before = house.hub.state.hellos.length
  house.hub.state.refuse = event => (event === 'hello' ? { code: 'UNKNOWN', message: 'another folder' } : null)
  house.hub.cut()
  await until(() => agent.output().includes('does not know this agent'))
  house.hub.state.refuse = () => null
  await until(() => house.hub.state.hellos.length > before)
  expect(isRunning(pid)).toBe(true)
  house.hub.state.tokens.clear()
  house.hub.state.joinToken = 'another'
  house.hub.cut()
  expect((await refusal(agent)).code).toBe(2)
})

/** As a hub that has lost its data folder, or serves another one. */
function loseData(): void {
  house.hub.state.tokens.clear()
  house.hub.state.unknown = 'UNKNOWN'
  house.hub.state.joinToken = 'of the new hub'
  house.hub.cut()
}

const attempts = () => readdirSync(join(house.folder, 'worker', 'attempts'))

test('G8: trials whose hub has lost its data wait for their time and then end, and the agent says so', async () => {
  const agent = await house.agent({ timing: { stranger: 1_500 } })
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { steps: 100_000 }) })
  await until(() => house.hub.ledger('a-1').appends > 0)
  const pid = house.hub.ledger('a-1').started[0]?.pid ?? 0
  loseData()
  await until(() => house.said().includes('does not know this agent: the hub has lost its data folder'))
  expect(isRunning(pid)).toBe(true)
  await expect(agent.done).rejects.toThrow('Take a new join token')
  expect(house.said()).toContain('ending its trials')
  expect(isRunning(pid)).toBe(false)
  expect(attempts()).toEqual([])
})

test('the time that trials wait for a lost hub is counted over restarts, and forgotten when the hub is back', async () => {
  const folder = join(house.folder, 'home')
  mkdirSync(folder)
  const open = (limit: number) => openStranger({ folder, hub: 'http://hub', limit, log: house.log })
  const first = open(10_000)
  expect(first.waits(1)).toBe(true)
  expect(readWaited(folder)).toBe(0)
  writeFileSync(join(folder, 'stranger.json'), JSON.stringify({ waited: 9_000 }))
  const second = open(10_000)
  expect(second.waits(1)).toBe(true)
  expect(open(9_000).waits(1)).toBe(false)
  second.isBack()
  expect(readWaited(folder)).toBe(null)
  expect(open(9_000).waits(1)).toBe(true)
})

test('a full disk does not end an agent that waits for its hub (G23)', () => {
  const folder = join(house.folder, 'home')
  // In the place of the file: writing it fails, as root too.
  mkdirSync(join(folder, 'stranger.json', 'full'), { recursive: true })
  expect(openStranger({ folder, hub: 'http://hub', limit: 10_000, log: house.log }).waits(1)).toBe(true)
  expect(house.said()).toContain('cannot write')
})

test('forget ends the trials of a hub that has lost its data, and doctor says what happened', async () => {
  const first = house.process(token())
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { steps: 100_000 }) })
  await until(() => house.hub.ledger('a-1').appends > 0)
  const pid = house.hub.ledger('a-1').started[0]?.pid ?? 0
  expect((await refusal(house.process(['forget']))).line).toMatch(/Another agent already runs in .* stop it first/)
  first.child.kill('SIGTERM')
  await first.exited
  expect((await refusal(house.process(['forget']))).line).toMatch(/knows this agent: start it/)

  loseData()
  const doctor = house.process(['doctor'])
  expect(await doctor.exited).toBe(2)
  expect(doctor.output()).toMatch(/as agent-1, but the hub does not know it: it has lost its data folder/)
  expect(doctor.output()).toContain(`flambe-agent forget --hub ${house.hub.url}`)
  expect(isRunning(pid)).toBe(true)

  const forget = house.process(['forget'])
  expect(await forget.exited).toBe(0)
  expect(forget.output()).toContain('ended and removed a-1 (test, train)')
  expect(isRunning(pid)).toBe(false)
  expect(attempts()).toEqual([])
  expect(existsSync(join(house.folder, 'worker', 'private', 'identity.json'))).toBe(false)
  expect((await refusal(house.process(['forget']))).line).toMatch(/has not joined a hub/)
})

test('forget asks before it ends the trials of a hub that cannot be asked', async () => {
  const first = house.process(token())
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', { steps: 100_000 }) })
  await until(() => house.hub.ledger('a-1').appends > 0)
  const pid = house.hub.ledger('a-1').started[0]?.pid ?? 0
  first.child.kill('SIGTERM')
  await first.exited
  await house.hub.close()
  expect((await refusal(house.process(['forget']))).line).toMatch(/Cannot ask .* it may come back/)
  expect(isRunning(pid)).toBe(true)
  expect(await house.process(['forget', '--yes']).exited).toBe(0)
  expect(isRunning(pid)).toBe(false)
  await house.reopenHub()
})

test('an agent that is refused before it ever joined leaves no folder behind', async () => {
  writeFileSync(join(house.folder, 'wrong'), 'not the token\n')
  const home = join(house.folder, 'made', 'for', 'it')
  const wrong = ['--token-file', join(house.folder, 'wrong'), '--home', home, '--workdir', join(house.folder, 'work')]
  expect((await refusal(house.process(wrong))).line).toMatch(/The hub refuses the token/)
  expect(existsSync(join(house.folder, 'made'))).toBe(false)
  expect(existsSync(join(house.folder, 'work'))).toBe(false)
  mkdirSync(home, { recursive: true })
  expect((await refusal(house.process(wrong))).code).toBe(2)
  expect(existsSync(home)).toBe(true)
})

test("an agent's own token is shown to no other hub", async () => {
  const first = house.process(token())
  await until(() => existsSync(join(house.folder, 'worker', 'private', 'identity.json')))
  first.child.kill('SIGTERM')
  await first.exited
  writeFileSync(
    join(house.folder, 'worker', 'private', 'identity.json'),
    JSON.stringify({ agent: 'agent-9', token: 'of another hub', hub: 'http://hub.example:1' }),
  )
  const second = house.process(token())
  await until(() => house.hub.state.hellos.length === 2)
  expect(house.hub.state.hellos[1]?.agent).toBe(null)
  second.child.kill('SIGTERM')
  await second.exited
})

test('doctor prints the ladder with reasons, and the hub', async () => {
  const agent = house.process(['doctor'])
  expect(await agent.exited).toBe(0)
  // CI may ask for colours.
  const text = stripVTControlCharacters(agent.output())
  expect(text).toMatch(/no {2}tensorflow-gpu +fake tensorflow-gpu/)
  expect(text).toMatch(/no {2}webgpu +probe ended with 1: .*no adapter/s)
  expect(text).toMatch(/yes wasm +fake wasm/)
  expect(text).toMatch(/backend: auto +wasm/)
  expect(text).toMatch(/hub +http:.*reachable in \d+ ms/)
  expect(text).toMatch(/disk +[\d.]+ GiB of/)
})

test('--json logs JSON lines, --version and --help say what they are asked', async () => {
  const agent = house.process(['--json', ...token()])
  await until(() => agent.output().includes('connected to'))
  for (const line of agent.output().trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow()
  expect(agent.output()).not.toContain('join-secret')
  agent.child.kill('SIGINT')
  expect(await agent.exited).toBe(0)
  const help = house.process(['--help'])
  expect(await help.exited).toBe(0)
  expect(help.output()).toContain('Usage: flambe-agent --hub URL')
})

/** Putting an agent on a machine for good, and telling one that is outdated what to do. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { askNewest } from './newest.ts'
import { type House, openHouse, until } from './testing/house.ts'
import { AGENT } from './testing/programs.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

/** The agent as a build of its own. */
function built(build: string): string {
  const folder = join(house.folder, `dist ${build}`)
  mkdirSync(folder)
  copyFileSync(AGENT, join(folder, 'agent.mjs'))
  writeFileSync(join(folder, 'build.json'), JSON.stringify({ version: '1.2.3', build }))
  writeFileSync(join(folder, 'trial.mjs'), '')
  return join(folder, 'agent.mjs')
}
async function run(args: readonly string[], bundle: string, environment: NodeJS.ProcessEnv = {}) {
  const agent = house.process(args, { XDG_CONFIG_HOME: join(house.folder, 'config'), ...environment }, '', bundle)
  return { code: await agent.exited, text: stripVTControlCharacters(agent.output()) }
}
const unit = () => join(house.folder, 'config/systemd/user/flambe-agent-worker.service')

test('install copies the agent and writes a unit that starts it; again is an upgrade; --uninstall takes it away', async () => {
  const args = ['install', '--cpus', '2', '--hide', house.folder, '--token-file', join(house.folder, 'token')]
  const first = await run(args, built('aaaaaaaaaaaa'))
  expect(first.code).toBe(0)
  expect(first.text).toContain(`Wrote ${unit()}`)
  expect(first.text).toContain('systemctl --user enable --now flambe-agent-worker.service')
  expect(first.text).toContain('loginctl enable-linger')
  const text = readFileSync(unit(), 'utf8')
  const program = join(house.folder, 'worker/program/aaaaaaaaaaaa/agent.mjs')
  expect(text).toContain(
    `ExecStart=${process.execPath} ${program} --hub ${house.hub.url} --name worker --home ${join(house.folder, 'worker')} --cpus 2 --hide ${house.folder} --token-file`,
  )
  expect(text).toMatch(/^KillMode=process$/m)
  expect(text).toMatch(/^RestartPreventExitStatus=2$/m)
  expect(statSync(program).size).toBeGreaterThan(100_000)
  expect(existsSync(join(house.folder, 'worker/program/aaaaaaaaaaaa/trial.mjs'))).toBe(true)

  const second = await run(args, built('bbbbbbbbbbbb'))
  expect(second.text).toContain(`Renewed ${unit()}`)
  expect(second.text).toContain('systemctl --user restart flambe-agent-worker.service')
  expect(readFileSync(unit(), 'utf8')).toContain('program/bbbbbbbbbbbb/agent.mjs')
  // The old one may still run.
  expect(existsSync(program)).toBe(true)
  await run(args, built('cccccccccccc'))
  expect(existsSync(program)).toBe(false)

  const gone = await run(['install', '--uninstall'], built('dddddddddddd'))
  expect(gone.text).toContain('systemctl --user disable --now flambe-agent-worker.service')
  expect(existsSync(unit())).toBe(false)
  expect(await run(['install', '--uninstall'], built('eeeeeeeeeeee'))).toMatchObject({ code: 2 })
})

test('a unit quotes what systemd would read otherwise, and install says when a token is missing', async () => {
  const odd = join(house.folder, 'a 100% "odd" $place')
  mkdirSync(odd)
  const { text } = await run(['install', '--hide', odd], built('aaaaaaaaaaaa'))
  expect(text).toContain('It has not joined this hub yet')
  expect(readFileSync(unit(), 'utf8')).toContain(
    `--hide "${join(house.folder, 'a 100%% \\\\"odd\\\\" $$place').replaceAll('\\\\', '\\')}"`,
  )
})

test('from sources nothing is installed', async () => {
  expect(await run(['install'], AGENT)).toMatchObject({
    code: 2,
    text: expect.stringContaining('Running from sources'),
  })
})

test('an outdated agent is told once the exact command that replaces it, and works on', async () => {
  house.hub.state.newest = 'flambe-agent-1.2.4-hbbbbbbbbbb.tgz'
  const token = ['--token-file', join(house.folder, 'token')]
  const agent = house.process([...token, '--cpus', '2'], {}, '', built('aaaaaaaaaaaa'))
  const home = join(house.folder, 'worker')
  const command = `npx -y --allow-remote=all ${house.hub.url}/flambe-agent-1.2.4-hbbbbbbbbbb.tgz --hub ${house.hub.url} --name worker --home ${home} --cpus 2`
  await until(() => agent.output().includes(command))
  house.hub.cut()
  await until(() => house.hub.state.hellos.length > 1 && house.hub.state.beats.length > 0)
  expect(agent.output().split('this agent is outdated')).toHaveLength(2)
  agent.child.kill('SIGTERM')
  expect(await agent.exited).toBe(0)
})

test('the newest agent is told nothing; a unit is upgraded by installing again', async () => {
  const again = { args: ['--name', "it's"], unit: undefined }
  house.hub.state.newest = 'flambe-agent-1.2.4-hbbbbbbbbbb.tgz'
  expect(await askNewest(house.hub.url, 'bbbbbbbbbbbb', again)).toMatchObject({ mine: true })
  expect(await askNewest(house.hub.url, 'aaaaaaaaaaaa', { ...again, unit: 'a.service' })).toEqual({
    name: house.hub.state.newest,
    mine: false,
    command: `npx -y --allow-remote=all ${house.hub.url}/flambe-agent-1.2.4-hbbbbbbbbbb.tgz install --hub ${house.hub.url} --name 'it'\\''s' && systemctl --user restart a.service`,
  })
  expect(await askNewest(house.hub.url, null, again)).toBe(null)
  house.hub.state.newest = null
  expect(await askNewest(house.hub.url, 'aaaaaaaaaaaa', again)).toBe(null)
})

test('doctor explains disk, clock, connection, token and version', async () => {
  house.hub.state.newest = 'flambe-agent-1.2.4-hbbbbbbbbbb.tgz'
  const bundle = built('aaaaaaaaaaaa')
  const before = await run(['doctor'], bundle)
  expect(before.code).toBe(0)
  for (const line of [
    /^disk +[\d.]+ GiB of [\d.]+ GiB free at /m,
    /^clock +agrees with the hub$/m,
    /^websocket +comes through$/m,
    /^joined +not yet: the first start needs a join token$/m,
    /^newest +outdated: npx -y --allow-remote=all /m,
    /^python3 +(Python 3|not found)/m,
    /^shield +trials c/m,
  ])
    expect(before.text).toMatch(line)

  const agent = house.process(['--token-file', join(house.folder, 'token')], {}, '', bundle)
  await until(() => house.hub.state.beats.length > 0 || house.hub.state.hellos.length > 0)
  await until(() => existsSync(join(house.folder, 'worker/private/identity.json')))
  expect((await run(['doctor'], bundle)).text).toMatch(/^joined +as agent-1$/m)
  // It has not taken the place of the agent that runs.
  expect(house.hub.state.hellos).toHaveLength(1)
  agent.child.kill('SIGTERM')
  await agent.exited
  house.hub.state.tokens.clear()
  const revoked = await run(['doctor'], bundle)
  expect(revoked.code).toBe(2)
  expect(revoked.text).toMatch(/^joined +as agent-1, but the hub refuses its token/m)
})

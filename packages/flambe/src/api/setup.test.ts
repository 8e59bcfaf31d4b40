/** `setup`: a real hub and real agents are made ready, step by step; nothing is left waiting when a step fails. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { c, Experiment, type ExperimentOptions, g } from '../index.ts'
import { startAgent } from '../local/agent.ts'
import type { Child } from '../local/child.ts'
import { type LocalHub, startLocalHub } from '../local/hub.ts'
import { agentBuilt, folder, tidy } from '../testing/command.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

let hub: LocalHub
let data: string
let homes: string[]
const agents: Child[] = []

beforeEach(async () => {
  data = join(folder(), 'hub')
  homes = []
  hub = await startLocalHub(data, pino({ level: 'silent' }))
  vi.stubEnv('FLAMBE_TOKEN', hub.connection.address.token)
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  for (const agent of agents.splice(0)) await agent.stop(10_000)
  await hub.close()
  await tidy()
})

async function agent(name: string): Promise<void> {
  const home = join(folder(), name)
  homes.push(home)
  agents.push(await startAgent(hub.connection, { name, home, hide: data, stopTrials: true, cpus: 1 }))
}

const CODE = `import { Component } from '@flambe/components'
export class Add extends Component {
  static uses_backend = false
  static lower_is_better = false
  constructor({ by }) { super(); this.by = by }
  run() { this.user = this.env.user; console.log('for ' + this.env.user); return false }
  metric() { return this.by }
}
`
function made(more: Partial<ExperimentOptions> = {}): { readonly experiment: Experiment; readonly out: string } {
  const save_path = folder()
  const ext = join(folder(), 'ext')
  mkdirSync(ext)
  writeFileSync(join(ext, 'index.js'), CODE)
  const experiment = new Experiment({
    name: 'ready',
    save_path,
    extensions: { ext },
    pipeline: { a: c('ext.Add', { by: g([1, 2]) }) },
    reduce: { a: 1 },
    user_provider: () => 'ada',
    ...more,
  })
  return { experiment, out: join(save_path, 'output__ready') }
}
const cluster = () => hub.connection.address.url
const listed = async (archived: boolean) =>
  (await hub.connection.api.experiments.list.query({ limit: 10, archived })).items.map(({ id, state }) => ({
    id,
    state,
  }))

describe.skipIf(!agentBuilt)('a set-up', () => {
  it('installs extensions on every agent, leaves the experiment waiting, and run starts it there', async () => {
    await Promise.all([agent('one'), agent('two')])
    await vi.waitFor(
      async () => {
        const { items } = await hub.connection.api.agents.list.query()
        expect(items.filter(one => one.state === 'connected')).toHaveLength(2)
      },
      { timeout: 60_000, interval: 100 },
    )
    const { experiment, out } = made()
    const env = await experiment.setup({ cluster: cluster() })
    expect(env).toMatchObject({ hub: cluster(), report: `${cluster()}/e/${env.experiment}`, local_user: 'ada' })
    expect([...env.agents.map(({ name }) => name)].sort()).toEqual(['one', 'two'])
    expect(experiment.env).toEqual(env)
    expect(await listed(false)).toEqual([{ id: env.experiment, state: 'paused' }])
    for (const home of homes) {
      const installed = readdirSync(join(home, 'extensions')).filter(name => /^[0-9a-f]{64}$/.test(name))
      expect(installed).toHaveLength(1)
      expect(existsSync(join(home, 'extensions', installed[0] as string, 'index.js'))).toBe(true)
    }
    expect(readFileSync(join(out, 'experiment.yaml'), 'utf8')).toMatch(/sha256: "[0-9a-f]{64}"/)

    // Another program may start it: the environment is plain data.
    const elsewhere = made({ env: JSON.parse(JSON.stringify(env)), user_provider: () => 'somebody else' })
    expect(elsewhere.experiment.getUser()).toBe('ada')
    await elsewhere.experiment.run()
    expect(await listed(false)).toEqual([{ id: env.experiment, state: 'success' }])
    const [trial = ''] = readdirSync(join(elsewhere.out, 'a'))
    expect(readFileSync(join(elsewhere.out, 'a', trial, 'stdout'), 'utf8')).toBe('for ada\n')
    const { seed } = await hub.connection.api.experiments.get.query({ id: env.experiment })
    expect(readFileSync(join(elsewhere.out, 'experiment.yaml'), 'utf8')).toContain(`seed: ${seed}`)
  })

  it('refuses a name that is taken, and stops and archives what has it by force', async () => {
    await agent('one')
    const first = await made().experiment.setup({ cluster: cluster() })
    const { experiment, out } = made()
    await expect(experiment.setup({ cluster: cluster() })).rejects.toMatchObject({
      name: 'ResultsError',
      rule: 'results-exist',
    })
    expect(existsSync(out)).toBe(false)
    const second = await experiment.setup({ cluster: cluster(), force: true })
    expect(await listed(false)).toEqual([{ id: second.experiment, state: 'paused' }])
    expect(await listed(true)).toContainEqual({ id: first.experiment, state: 'cancelled' })
    // Results on this machine go by force only, too.
    const third = new Experiment({ name: 'other', save_path: join(out, '..'), pipeline: { a: c('Script', NOTHING) } })
    mkdirSync(join(out, '../output__other'))
    writeFileSync(join(out, '../output__other/mine'), '')
    await expect(third.setup({ cluster: cluster() })).rejects.toMatchObject({ rule: 'results-exist' })
    expect(existsSync(join(out, '../output__other/mine'))).toBe(true)
    await third.setup({ cluster: cluster(), force: true })
    expect(existsSync(join(out, '../output__other/mine'))).toBe(false)
  })

  it('says which agent cannot install an extension, and takes the experiment back', async () => {
    await agent('one')
    const { experiment } = made()
    const ext = folder()
    writeFileSync(join(ext, 'index.js'), CODE)
    // Installed here, so that it can be described; the agent asks npm, which nobody answers.
    mkdirSync(join(ext, 'node_modules/nowhere'), { recursive: true })
    const wanted = { name: 'ext', version: '1.0.0', type: 'module', dependencies: { nowhere: 'file:./gone.tgz' } }
    writeFileSync(join(ext, 'package.json'), JSON.stringify(wanted))
    await expect(experiment.setup({ cluster: cluster(), extensions: { ext } })).rejects.toMatchObject({
      name: 'ClusterError',
      message: expect.stringMatching(/agent one: npm could not install what the extension ext needs/),
    })
    expect(await listed(false)).toEqual([])
    expect((await listed(true)).map(({ state }) => state)).toContain('cancelled')
  })

  it('says that no agent is there, and sends nothing', async () => {
    const { experiment, out } = made()
    await expect(experiment.setup({ cluster: cluster(), patience: 0 })).rejects.toMatchObject({
      name: 'ClusterError',
      message: expect.stringMatching(/no agent .* is ready/),
    })
    expect([await listed(false), existsSync(out)]).toEqual([[], false])
  })
})

const NOTHING = { command: ['true'], args: [] }

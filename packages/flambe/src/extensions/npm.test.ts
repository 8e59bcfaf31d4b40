/** Extensions from npm: the real npm against a registry of the test, the real command, hub, agent and trial process. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { agentBuilt, folder, run, tidy } from '../testing/command.ts'
import { openRegistry, type Registry } from '../testing/registry.ts'

vi.setConfig({ testTimeout: 170_000, hookTimeout: 30_000 })

let registry: Registry
let env: NodeJS.ProcessEnv
let ran: string
beforeEach(async () => {
  registry = await openRegistry()
  ran = join(folder(), 'ran')
  env = {
    HOME: folder(),
    npm_config_registry: registry.url,
    npm_config_cache: folder(),
    npm_config_fetch_retries: '0',
  }
})
afterEach(async () => {
  await registry.close()
  await tidy()
})

const EXT = `
import { Component } from '@flambe/components'
import { value } from 'dep'
export class Train extends Component {
  static uses_backend = false
  constructor({ by = 1 }) { super(); this.by = by }
  metric() { return value * this.by }
}
`
const scripts = () => ({ preinstall: `touch ${ran}`, install: `touch ${ran}`, postinstall: `touch ${ran}` })
const modules = { type: 'module', exports: './index.js' }

function publishAll(): void {
  for (const version of ['1.0.0', '1.2.0', '2.0.0'])
    registry.publish(
      {
        name: '@lab/ext',
        version,
        ...modules,
        dependencies: { dep: '^1.0.0' },
        peerDependencies: { '@flambe/components': '*' },
        scripts: scripts(),
      },
      { 'index.js': version === '1.2.0' ? EXT : 'throw new Error("not this one")' },
    )
  registry.publish(
    { name: 'dep', version: '1.0.0', ...modules, dependencies: { deep: '1.x' }, scripts: scripts() },
    { 'index.js': "import { deep } from 'deep'\nexport const value = deep + 1" },
  )
  registry.publish({ name: 'deep', version: '1.0.0', ...modules }, { 'index.js': 'export const deep = 40' })
}

function experiment(location: string): string {
  const file = join(folder(), 'x.yaml')
  const pipeline = 'pipeline:\n  a: !ext.Train {by: 2}\n'
  writeFileSync(file, `ext: "${location}"\n---\n!Experiment\nname: packaged\nseed: 3\n${pipeline}`)
  return file
}
const plan = async (file: string, ...more: string[]) =>
  JSON.parse((await run(['plan', file, '--json', ...more], env)).stdout) as {
    ok: boolean
    problems: { message: string; hint: string }[]
  }

async function metricOf(file: string): Promise<{ readonly metric: unknown; readonly dumped: string }> {
  const out = folder()
  const { code, stdout, stderr } = await run(['run', file, '--save-path', out, '--json', '--install'], env)
  if (code !== 0) throw new Error(`${stdout}\n${stderr}`)
  const dir = join(out, 'output__packaged')
  const [trial] = readdirSync(join(dir, 'a'))
  return {
    metric: JSON.parse(readFileSync(join(dir, 'a', trial as string, 'result.json'), 'utf8')).metric,
    dumped: join(dir, 'experiment.yaml'),
  }
}

describe.runIf(agentBuilt)('an extension of npm', () => {
  test('is the highest version of its range, with what its dependencies need; its file runs the same again, and no script ran', async () => {
    publishAll()
    const file = experiment('@lab/ext@^1')
    expect(await plan(file)).toMatchObject({ ok: false, problems: [{ hint: '--install installs it' }] })
    const first = await metricOf(file)
    expect(first.metric).toBe(82)
    expect(readFileSync(first.dumped, 'utf8')).toMatch(/^ext: \{npm: "@lab\/ext@1\.2\.0", sha256: "[0-9a-f]{64}"\}\n/)
    // Newer ones change neither what is pinned nor what it needs.
    registry.publish({ name: '@lab/ext', version: '1.9.0', ...modules }, { 'index.js': 'throw new Error("newer")' })
    registry.publish({ name: 'deep', version: '1.5.0', ...modules }, { 'index.js': 'export const deep = 0' })
    const again = await run(['run', first.dumped, '--save-path', folder(), '--json'], env)
    expect(again.stdout).toContain('"metric":82')
    expect(existsSync(ran)).toBe(false)
    // What is pinned and was packed here needs no registry.
    await registry.close()
    expect(await plan(first.dumped)).toMatchObject({ ok: true })
    env.npm_config_cache = folder()
    const [problem] = (await plan(experiment('@lab/ext@^1.1'), '--install')).problems
    expect(problem?.message).toMatch(/cannot be installed: npm says .*ECONNREFUSED/s)
  })

  test('says in one problem what npm says: no package, no version, other content than promised', async () => {
    publishAll()
    registry.publish({ name: 'damaged', version: '1.0.0', ...modules }, { 'index.js': EXT }, true)
    for (const [location, words] of [
      ['gone@1', /E?404/],
      ['@lab/ext@^7', /ETARGET|notarget/i],
      ['damaged@1.0.0', /EINTEGRITY|integrity/i],
    ] as const) {
      const { ok, problems } = await plan(experiment(location), '--install')
      expect([ok, problems.length]).toEqual([false, 1])
      expect(problems[0]?.message).toMatch(words)
    }
  })
})

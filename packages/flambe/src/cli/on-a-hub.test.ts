/** `flambe run --hub` against the hub of another `flambe hub` with an agent of its own: secrets, and what is said of a resume. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { agentBuilt, bundleCommand, file, folder, run, siteBuilt, start, tidy } from '../testing/command.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const SECRET = 'hush-hush-hush'

describe.skipIf(!siteBuilt || !agentBuilt)('on a hub', () => {
  let url: string
  let token: string

  beforeAll(async () => {
    bundleCommand()
    // The agents' homes stand beside it.
    const data = join(folder(), 'hub')
    const secrets = file(`[my]\nkey = ${SECRET}\n`, 'secrets.ini')
    const args = ['--data', data, '--port', '0', '--no-pages', '--agents', '1', '--secrets', secrets]
    await start(['hub', ...args]).wrote(/agent local: /)
    ;({ url, token } = JSON.parse(readFileSync(join(data, 'local.json'), 'utf8')) as { url: string; token: string })
  })
  afterAll(tidy)

  const runThere = (text: string, save = folder()) =>
    run(['run', file(text), '--hub', url, '--save-path', save, '--json'], { FLAMBE_TOKEN: token })

  const problemsOf = (stdout: string) =>
    stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
      .flatMap(({ event, problem }) => (event === 'problem' ? [problem] : []))

  it('trials see the secrets that `flambe hub --agents --secrets` was given, masked everywhere else', async () => {
    const save = folder()
    const { code, stdout } = await runThere(
      '!Experiment\nname: kept\npipeline:\n  a: !Script {command: [sh, -c, \'echo "it is $MY_KEY"; test $(printf %s "$MY_KEY" | wc -c) = 14\'], args: []}\n',
      save,
    )
    expect([code, stdout]).toEqual([0, expect.not.stringContaining(SECRET)])
    const block = join(save, 'output__kept', 'a')
    const [trial = ''] = readdirSync(block)
    expect(readFileSync(join(block, trial, 'stdout'), 'utf8')).toBe('it is **************\n')
  })

  it('a resume of what the hub never had is told with its place, and everything runs; of what it has, nothing is told', async () => {
    const text =
      "!Experiment\nname: again\nseed: 1\nresume: true\npipeline:\n  a: !Script {command: ['true'], args: []}\n"
    const save = folder()
    const warned = { rule: 'resume-nothing', severity: 'warning', path: 'resume', line: 4, column: 9 }
    const first = await runThere(text, save)
    expect([first.code, problemsOf(first.stdout)]).toEqual([0, [expect.objectContaining(warned)]])
    const second = await runThere(text, save)
    expect([second.code, problemsOf(second.stdout)]).toEqual([0, []])
  })

  it('a resume without a seed is planned, and written down, with the seed and the draws of what it resumes', async () => {
    const text = (head: string) =>
      `!Experiment\nname: lent\n${head}\npipeline:\n  a: !Script {command: ['true'], args: [!s [0.0, 1.0, 2]]}\n`
    const save = folder()
    const written = () => readFileSync(join(save, 'output__lent', 'experiment.yaml'), 'utf8')
    expect((await runThere(text('seed: 5'), save)).code).toBe(0)
    const draws = written().split('\n').at(-2)
    const { code, stdout } = await runThere(text('resume: true'), save)
    expect([code, JSON.parse(stdout.split('\n')[0] ?? '')]).toEqual([
      0,
      expect.objectContaining({ event: 'plan', seed: 5 }),
    ])
    expect(written()).toMatch(/^seed: 5$/m)
    expect(written().split('\n').at(-2)).toBe(draws)
  })
})

it('secrets for a hub without agents of its own are refused before anything is touched', async () => {
  const data = join(folder(), 'hub')
  const of = (...more: string[]) => run(['hub', '--data', data, '--port', '0', ...more])
  const none = await of('--secrets', file(`k = ${SECRET}\n`, 'secrets.ini'))
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('a hub never sees secrets')])
  const short = await of('--agents', '1', '--secrets', file('k = x\n', 'secrets.ini'))
  expect([short.code, short.stderr]).toEqual([2, expect.stringMatching(/line 1: K is shorter/)])
  await tidy()
})

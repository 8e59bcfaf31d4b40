/** Extensions from a file to a trial: the real command, hub, agent and trial process. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { agentBuilt, folder, run, tidy } from '../testing/command.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 30_000 })
afterEach(tidy)

const TRAIN = `
import { Component, log } from '@flambe/components'
import { z } from 'zod'
import { grown } from './growth.ts'
interface Keywords { readonly by: number; readonly steps?: number }
export class Train extends Component {
  static override readonly uses_backend = false
  static override readonly state = ['total']
  static override readonly lower_is_better = true
  static override readonly params = z.object({ by: z.number(), steps: z.number().default(2) })
  total = 0
  taken = 0
  readonly #by: number
  readonly #steps: number
  constructor({ by, steps = 2 }: Keywords) { super(); this.#by = by; this.#steps = steps }
  override run(): boolean { this.total = grown(this.total, this.#by); log('total', this.total); return ++this.taken < this.#steps }
  override metric(): number { return this.total }
}
`
const FILES = {
  'package.json': '{"name": "ext", "version": "1.2.3", "type": "module", "exports": "./src/index.ts"}',
  'src/index.ts': TRAIN,
  'src/growth.ts': 'export const grown = (a: number, b: number): number => a + b\n',
}
const EXPERIMENT = `!Experiment
name: extended
seed: 3
pipeline:
  a: !ext.Train {by: !g [3, 1, 2]}
reduce: {a: 1}
`

function write(root: string, files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}
/** An experiment beside a folder `ext`. @returns the file */
function experiment(location: string, text = EXPERIMENT, files: { readonly [path: string]: string } = FILES): string {
  const root = folder()
  write(join(root, 'ext'), files)
  writeFileSync(join(root, 'x.yaml'), `ext: ${location}\n---\n${text}`)
  return join(root, 'x.yaml')
}
async function problems(file: string, ...more: string[]) {
  const { stdout } = await run(['plan', file, '--json', ...more])
  return (JSON.parse(stdout) as { problems: { message: string; hint: string }[] }).problems
}

describe.runIf(agentBuilt)('an extension in a local folder', () => {
  test('is packed, sent, installed and run, TypeScript too; its version stands in experiment.yaml', async () => {
    const file = experiment('./ext')
    const out = folder()
    const { code, stdout, stderr } = await run(['run', file, '--save-path', out, '--slots', '2', '--json'])
    expect([code, stderr, stdout.includes('"success"')]).toEqual([0, '', true])
    const trials = readdirSync(join(out, 'output__extended', 'a'))
    const results = trials.map(trial =>
      JSON.parse(readFileSync(join(out, 'output__extended', 'a', trial, 'result.json'), 'utf8')),
    )
    expect(results.map(r => [r.metric, r.kept]).sort()).toEqual([
      [2, true],
      [4, false],
      [6, false],
    ])
    const dumped = join(out, 'output__extended', 'experiment.yaml')
    expect(readFileSync(dumped, 'utf8')).toMatch(/^ext: \{folder: "\/.*\/ext", sha256: "[0-9a-f]{64}"\}\n/)
    expect(await problems(dumped)).toEqual([])
    writeFileSync(join(dirname(file), 'ext/src/growth.ts'), 'export const grown = (a: number): number => a\n')
    expect(await problems(dumped)).toMatchObject([{ message: expect.stringMatching(/is not what the file says/) }])
  })

  test('is checked before anything runs, with what was meant', async () => {
    expect(await problems(experiment('./ext', EXPERIMENT.replace('Train', 'Trian')))).toMatchObject([
      { hint: 'did you mean !ext.Train?' },
    ])
    expect(await problems(experiment('./ext', EXPERIMENT.replace('by:', 'bye:')))).toContainEqual(
      expect.objectContaining({ hint: 'did you mean by?' }),
    )
  })

  test.each([
    ['TypeScript that is none', { 'index.ts': 'const a: = 1' }, /cannot be packed: index\.ts/],
    ['code that throws', { 'index.js': 'throw new Error("boom")' }, /cannot be loaded: Error: boom/],
    ['an import that ends the process', { 'index.js': 'process.exit(3)' }, /cannot be loaded/],
    [
      'a package that is not there',
      { 'package.json': '{"dependencies": {"x": "1"}}' },
      /npm packages that are not installed/,
    ],
  ])('says in one problem what is wrong with it: %s', async (_, files, words) => {
    expect(await problems(experiment('./ext', EXPERIMENT, files as never))).toMatchObject([
      { message: expect.stringMatching(words) },
    ])
  })

  test('that does not exist is one problem', async () => {
    expect(await problems(experiment('./exd'))).toMatchObject([{ message: '`./exd` does not exist' }])
  })
})

describe.runIf(agentBuilt)('an extension in a git repository', () => {
  test('is fetched when asked, at a branch, tag or commit, from a sub-folder; the commit is its version', async () => {
    const repository = folder()
    write(join(repository, 'deep/ext'), FILES)
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
        cwd: repository,
        encoding: 'utf8',
      }).trim()
    git('init', '--quiet', '--initial-branch=main')
    git('add', '.')
    git('commit', '--quiet', '-m', 'one')
    git('tag', 'v1')
    const commit = git('rev-parse', 'HEAD')
    git('rm', '-r', '--quiet', 'deep')
    git('commit', '--quiet', '-m', 'two')
    const config = join(folder(), 'gitconfig')
    writeFileSync(config, `[url "file://${repository}"]\n  insteadOf = https://git.test/user/repo\n`)
    const env = { HOME: folder(), GIT_CONFIG_GLOBAL: config }
    const plan = async (ref: string, ...more: string[]) => {
      const file = experiment(`https://git.test/user/repo#${ref}&path:deep/ext`)
      return JSON.parse((await run(['plan', file, '--json', ...more], env)).stdout)
    }
    expect(await plan('v1')).toMatchObject({ ok: false, problems: [{ hint: '--install installs it' }] })
    for (const ref of ['v1', commit, commit.slice(0, 10)])
      expect(await plan(ref, '--install')).toMatchObject({ ok: true })
    expect(await plan('v1')).toMatchObject({ ok: true })
    expect(await plan('main', '--install')).toMatchObject({
      problems: [{ message: expect.stringMatching(/has no folder/) }],
    })
    expect(await plan('gone', '--install')).toMatchObject({
      problems: [{ message: expect.stringMatching(/git says/) }],
    })
    const out = folder()
    const file = experiment('https://git.test/user/repo#v1&path:deep/ext')
    expect((await run(['run', file, '--save-path', out, '--json'], env)).code).toBe(0)
    expect(readFileSync(join(out, 'output__extended', 'experiment.yaml'), 'utf8')).toContain(`ref: "${commit}"`)
  })
})

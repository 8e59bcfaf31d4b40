/** `flambe plan` for a person, as snapshots that are read in review, and for a program, as the page of the language says. */
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { file, folder, run, tidy } from '../testing/command.ts'

afterEach(tidy)

const examples = resolve(import.meta.dirname, '../../../../examples')
const shown = async (path: string, ...more: string[]) => {
  const { code, stdout, stderr } = await run(['plan', path, ...more], { NO_COLOR: '1' })
  const text = `${stdout}${stderr === '' ? '' : `--- standard error\n${stderr}`}--- exit ${code}\n`
  return text.replaceAll(path, 'x.yaml')
}

describe('for a person', () => {
  it.each(readdirSync(examples).filter(name => name.endsWith('.yaml')))('the example %s', async name => {
    expect(await shown(join(examples, name))).toMatchSnapshot()
  })

  it('more variants than are shown', async () => {
    const text = `!Experiment
name: wide
seed: 1
pipeline:
  a: !Script {command: [echo], args: [!g [1, 2, 3, 4]], kwargs: {x: !g [a, b, 3, 4]}}
  b: !Script {command: [echo], args: [!@ "a[args][0]"]}
`
    expect(await shown(file(text))).toMatchSnapshot()
  })

  it('a space with options that only one alternative has', async () => {
    const text = `!Experiment
name: spaces
seed: 1
pipeline:
  a: !Script
    command: [echo]
    args: [!choice [!Adam {lr: !loguniform [1.0e-4, 0.1]}, !SGD {lr: !uniform [0, 1]}], !normal [0, 2], !quniform [0, 1, 0.25]]
    metric: v
search: {a: !TPE {n_trials: 30}}
schedulers: {a: !ASHA {max_t: 9}}
`
    expect(await shown(file(text))).toMatchSnapshot()
  })

  it('all problems in the order of the file, each with its line, a caret and a hint', async () => {
    const text = `!Experiment
name: wrong
pipeline:
  a: !Script {comand: [echo], args: [], metric: 日本, kwargs: {x: !g []}}
  b: !Trainr {x: !@ c}
\tc: 1
`
    expect(await shown(file(text))).toMatchSnapshot()
    expect(await shown(file(text.replace('\tc: 1\n', 'reduce: {d: 0}\n')))).toMatchSnapshot()
  })
})

describe('for a program', () => {
  const FILE = `!Experiment
name: t
seed: 7
pipeline:
  m: !Script {command: [echo], args: [!g [2, 4, 8]], kwargs: {depth: !g [1, 2]}}
  n: !Script {command: [echo], args: [!@ "m[args][0]"]}
`
  it('one object on standard output and nothing else: the keys of the page, full counts whatever the limit', async () => {
    const { code, stdout, stderr } = await run(['plan', file(FILE), '--json', '--limit', '1'])
    expect([code, stderr, stdout.trimEnd().split('\n').length]).toEqual([0, '', 1])
    const id = expect.stringMatching(/^[0-9a-f]{64}$/)
    const params = { 'm.args[0]': 2, 'm.kwargs.depth': 1 }
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      name: 't',
      seed: 7,
      problems: [],
      blocks: [
        { id: 'm', tag: 'Script', depends_on: [], count: 6, variants: [{ id, params }] },
        { id: 'n', tag: 'Script', depends_on: ['m'], count: 6, variants: [{ id, params }] },
      ],
    })
    const { variants } = JSON.parse((await run(['plan', file(FILE), '--json'])).stdout).blocks[0]
    expect(variants.map((v: { params: object }) => Object.values(v.params))).toEqual([
      [2, 1],
      [2, 2],
      [4, 1],
      [4, 2],
      [8, 1],
      [8, 2],
    ])
  })

  it('a file that is wrong, or is not there: exit 2, and problems with exactly these keys', async () => {
    const keys = ['severity', 'code', 'rule', 'message', 'path', 'file', 'line', 'column', 'hint']
    for (const path of [file(FILE.replace('m[args]', 'm[arg]')), join(folder(), 'no.yaml')]) {
      const { code, stdout } = await run(['plan', path, '--json'])
      const answer = JSON.parse(stdout)
      expect([code, Object.keys(answer), answer.ok]).toEqual([2, ['ok', 'problems'], false])
      for (const problem of answer.problems) expect(Object.keys(problem)).toEqual(keys)
    }
  })
})

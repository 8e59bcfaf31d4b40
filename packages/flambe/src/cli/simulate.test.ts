/** `flambe simulate`: costs and stops before anything runs, for a person and for a program. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { file, folder, run, tidy } from '../testing/command.ts'

afterEach(tidy)

const FILE = `!Experiment
name: sim
seed: 4
pipeline:
  data: !Script {command: [echo], args: [], kwargs: {fold: !g [1, 2]}}
  train: !Script {command: [echo], args: [], metric: v, kwargs: {lr: !loguniform [1.0e-4, 1.0], layers: !choice [1, 2]}}
search: {train: !Random {n_trials: 24}}
schedulers: {train: !ASHA {max_t: 9, grace: 1}}
`

const simulated = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await run(['simulate', '--json', ...args])
  return { code, stderr, answer: JSON.parse(stdout) }
}
const points = (values: readonly number[], tag = 'loss') =>
  values.map((value, at) => `${JSON.stringify({ tag, step: at + 1, value, time: 0 })}\n`).join('')

describe('for a program', () => {
  it('tells the plan and the whole search in one object, the same each time', async () => {
    const path = file(FILE)
    const { code, stderr, answer } = await simulated(path, '--slots', '2')
    expect([code, stderr, answer.ok, answer.name, answer.seed, answer.slots]).toEqual([0, '', true, 'sim', 4, 2])
    const [data, train] = answer.blocks
    expect(data).toMatchObject({ id: 'data', count: 2, tuning: null, simulation: null })
    expect(train.tuning).toMatchObject({ trials: 24, steps_without: 216 })
    expect(train.tuning.rungs.map((r: { step: number; trials: number }) => [r.step, r.trials])).toEqual([
      [1, 24],
      [3, 8],
      [9, 2],
    ])
    expect(train.simulation.trials).toHaveLength(24)
    expect(train.simulation.saved).toBeGreaterThan(0.5)
    expect(await simulated(path, '--slots', '2')).toEqual({ code, stderr, answer })
  })

  it('says what is wrong with the file, or that it is not there', async () => {
    const wrong = await simulated(file(FILE.replace('!Random', '!Rndom')))
    expect([wrong.code, wrong.answer.ok, wrong.answer.problems[0].code]).toEqual([2, false, 'TAG'])
    const none = await simulated(join(folder(), 'no.yaml'))
    expect([none.code, none.answer.problems[0].rule]).toEqual([2, 'file-unreadable'])
  })

  it('takes another number of trials, and refuses one that the algorithm cannot use', async () => {
    const path = file(FILE)
    expect((await simulated(path, '--trials', '5')).answer.blocks[1].simulation.trials).toHaveLength(5)
    const endless = file(FILE.replace('n_trials: 24', 'timeout: 60'))
    expect((await simulated(endless, '--trials', '5')).answer.blocks[1].tuning.trials).toBe(5)
  })

  it('simulates the variants of a block that has a scheduler alone', async () => {
    const grid = FILE.replace('!loguniform [1.0e-4, 1.0]', '!g [0.1, 0.2, 0.3]').replace('!choice [1, 2]', '2')
    const { answer } = await simulated(file(grid.replace(/search: .*\n/, '')))
    const [, { simulation, tuning }] = answer.blocks
    expect([tuning.search, tuning.trials]).toEqual([null, 3])
    expect(simulation.trials.map((t: { assignment: object }) => t.assignment)).toEqual([
      { 'train.kwargs.lr': 0.1 },
      { 'train.kwargs.lr': 0.2 },
      { 'train.kwargs.lr': 0.3 },
    ])
  })
})

describe('recorded curves', () => {
  it('come from an output folder, trial by trial', async () => {
    const out = folder()
    for (const [name, values] of [
      ['2-bb', [0.9, 0.8]],
      ['1-aa', [0.5, 0.4, 0.1]],
    ] as const) {
      mkdirSync(join(out, 'train', name), { recursive: true })
      writeFileSync(join(out, 'train', name, 'points.jsonl'), points(values))
    }
    const path = file(FILE.replace('max_t: 9', 'max_t: 3, direction: min').replace('24', '2'))
    const { answer } = await simulated(path, '--curves', out, '--slots', '1')
    const [data, train] = answer.blocks
    expect([data.curves, train.curves, train.tuning.full]).toEqual([null, 'recorded', 3])
    expect(train.simulation.steps_without).toBe(6)
  })

  it('come from a JSON file, for all blocks or for each', async () => {
    const rows = [
      [1, 2, 3],
      [3, 4, 9],
    ]
    for (const text of [rows, { train: rows }]) {
      const path = file(JSON.stringify(text), 'curves.json')
      const { answer } = await simulated(file(FILE), '--curves', path)
      expect(answer.blocks[1].simulation.best).toMatchObject({ value: 9, step: 3 })
    }
  })

  it('ask which scalar is the metric when that is not clear', async () => {
    const path = file(`${points([1, 2], 'Validation/A')}${points([3, 4], 'Validation/B')}`, 'points.jsonl')
    const { answer, code } = await simulated(file(FILE), '--curves', path)
    expect(code).toBe(2)
    expect(answer.problems[0].message).toContain('Say --metric TAG (Validation/A, Validation/B)')
    const told = await simulated(file(FILE), '--curves', path, '--metric', 'Validation/B')
    expect(told.answer.blocks[1].simulation.best.value).toBe(4)
  })

  it.each([
    ['{"a": 1}', 'curves.json', 'takes a list of numbers a trial'],
    ['[[]]', 'curves.json', 'takes a list of numbers a trial'],
    ['no', 'curves.json', 'is no JSON'],
    ['{"tag": 1}\n', 'points.jsonl', 'points.jsonl:1: is no line of points.jsonl'],
    ['{"other": [[1]]}', 'curves.json', 'no curves of data, train'],
  ])('refuse %s in one line', async (text, name, message) => {
    const { code, stderr } = await run(['simulate', file(FILE), '--curves', file(text, name)])
    expect([code, stderr.trimEnd().split('\n')]).toEqual([2, [expect.stringContaining(message)]])
  })
})

describe('several objectives', () => {
  const TWO = FILE.replace(
    '!Random {n_trials: 24}',
    '!NSGA2 {n_trials: 24, population: 8, metric: [v, size], mode: [max, min]}',
  )

  it('are simulated on synthetic curves: rungs, cost and the front, the same each time', async () => {
    const path = file(TWO.replace(/schedulers: .*\n/, ''))
    const { code, answer } = await simulated(path)
    const train = answer.blocks[1]
    expect([code, train.note === null, train.curves]).toEqual([0, false, 'synthetic'])
    expect(train.objectives).toEqual([
      { name: 'v', mode: 'max' },
      { name: 'size', mode: 'min' },
    ])
    const { points, covered } = train.simulation.front
    expect([points.length > 1, covered]).toEqual([true, 1])
    // Nobody on the front is better than another in both.
    for (const a of points)
      for (const b of points) expect(a.values[0] > b.values[0] && a.values[1] < b.values[1]).toBe(false)
    expect((await simulated(path)).answer).toEqual(answer)
    const { stdout } = await run(['simulate', path], { NO_COLOR: '1' })
    expect(stdout).toMatch(/synthetic curves, v higher, size lower/)
    expect(stdout).toMatch(/Pareto front: \d+ trials/)
    expect(Math.max(...stdout.split('\n').map(line => line.length))).toBeLessThanOrEqual(80)
  })

  it('come from recorded ones: scalars of their names, or lists', async () => {
    const path = file(TWO.replace(/schedulers: .*\n/, ''))
    const out = folder()
    for (const [name, v, size] of [
      ['1-aa', [1, 2], [9, 9]],
      ['2-bb', [1, 1], [1, 1]],
      ['3-cc', [0, 0], [5, 5]],
    ] as const) {
      mkdirSync(join(out, 'train', name), { recursive: true })
      writeFileSync(join(out, 'train', name, 'points.jsonl'), points(v, 'v') + points(size, 'size'))
    }
    const lists = file('{"train": [[[1, 9], [2, 9]], [[1, 1], [1, 1]], [[0, 5], [0, 5]]]}', 'curves.json')
    for (const curves of [out, lists]) {
      const { front } = (await simulated(path, '--curves', curves)).answer.blocks[1].simulation
      const found = front.points.map((p: { values: number[] }) => p.values.join())
      // Three curves, again and again.
      expect([...new Set(found)].sort()).toEqual(['1,1', '2,9'])
    }
    const { code, stderr } = await run(['simulate', path, '--curves', file('[[1, 2]]', 'curves.json')])
    expect([code, stderr]).toEqual([2, expect.stringContaining('each step has a list of 2 values here')])
  })
})

it('for a person: rungs, cost and reasons fit in 80 columns', async () => {
  const { code, stdout } = await run(['simulate', file(FILE)], { NO_COLOR: '1' })
  expect(code).toBe(0)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
  const lines = stdout.replaceAll(/\u001b\[\d+m/g, '').split('\n')
  expect(lines.filter(line => line.length > 80)).toEqual([])
  expect(lines.join('\n')).toMatchSnapshot()
})

/** Experiments made in TypeScript are the experiments of their YAML files. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { planText } from '@flambe/hub/plan'
import { dump, planAnswer } from '@flambe/language'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { iris } from '../../../../examples/iris.ts'
import { c, choice, Experiment, float, g, link, loguniform, ParsingExperimentError, s, uniform } from '../index.ts'
import { agentBuilt, folder, tidy } from '../testing/command.ts'
import type { Node, Value } from './builders.ts'

afterEach(tidy)

const script = (kwargs: { readonly [key: string]: Value }) =>
  c('Script', { command: ['echo'], args: [], metric: 'v', kwargs })
const answer = (text: string) => planAnswer(planText(text, { file: 'x.yaml', seed: null, fallbackSeed: 1 }))

describe('an experiment', () => {
  it('has the plan of the file that says the same', () => {
    const made = new Experiment({
      name: 'digits',
      seed: 7,
      pipeline: {
        model: script({ width: g([2, 4]), deep: { rate: s(0, float(1), 3), kind: g(['a', 'yes', '1', 'null']) } }),
        train: script({ of: link('model[kwargs][width]'), lr: loguniform(1e-4, 0.1), opt: choice([1, 2]) }),
      },
      search: { train: c('TPE', { n_trials: 5 }) },
      schedulers: { train: c('ASHA', { max_t: 9 }) },
      reduce: { model: { k: 1, mode: 'min' } },
      budget: { hours: 2 },
    })
    const yaml = `!Experiment
name: digits
seed: 7
pipeline:
  model: !Script
    command: [echo]
    args: []
    metric: v
    kwargs: {width: !g [2, 4], deep: {rate: !s [0, 1.0, 3], kind: !g [a, "yes", "1", "null"]}}
  train: !Script
    command: [echo]
    args: []
    metric: v
    kwargs: {of: !@ "model[kwargs][width]", lr: !loguniform [1.0e-4, 0.1], opt: !choice [1, 2]}
search: {train: !TPE {n_trials: 5}}
schedulers: {train: !ASHA {max_t: 9}}
reduce: {model: {k: 1, mode: min}}
budget: {hours: 2}
`
    expect(answer(made.text)).toMatchObject({ ok: true })
    expect(answer(made.text)).toEqual(answer(yaml))
  })

  it('is in examples/iris.ts what examples/iris.yaml is', () => {
    expect(answer(iris.text)).toEqual(
      answer(readFileSync(new URL('../../../../examples/iris.yaml', import.meta.url), 'utf8')),
    )
  })

  it('takes one object in two places as one option', () => {
    const shared = g([1, 2, 3])
    const twice = new Experiment({ name: 't', seed: 1, pipeline: { a: script({ x: shared, y: shared }) } })
    const apart = new Experiment({ name: 't', seed: 1, pipeline: { a: script({ x: g([1, 2]), y: g([1, 2]) }) } })
    expect([twice.parse().plan.blocks[0]?.count, apart.parse().plan.blocks[0]?.count]).toEqual([3, 4])
  })

  it('throws all its problems at once, and for a value that contains itself', () => {
    const wrong = new Experiment({ name: 't', pipeline: { a: c('ext.Trainr'), b: script({ x: link('nowhere') }) } })
    let error: unknown
    try {
      wrong.parse()
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(ParsingExperimentError)
    const { problems } = error as ParsingExperimentError
    expect(problems.map(problem => problem.code)).toEqual(['TAG', 'LINK_TARGET'])
    const loop: Value[] = []
    loop.push(loop)
    expect(() => new Experiment({ name: 't', pipeline: { a: script({ loop }) } })).toThrow('contains itself')
  })

  it('writes a file that has its seed, its draws and absolute paths', () => {
    const dir = folder()
    writeFileSync(join(dir, 'data.csv'), '')
    const made = new Experiment({
      name: 't',
      resources: { data: 'data.csv' },
      pipeline: { a: script({ x: s(1, 100, 4), data: link('data') }) },
    })
    made.dumpExperimentFile(join(dir, 'out.yaml'), dir)
    const text = readFileSync(join(dir, 'out.yaml'), 'utf8')
    expect(text).toContain(JSON.stringify(join(dir, 'data.csv')))
    expect(text).toMatch(/seed: \d+/)
    expect(text).not.toContain('!s')
  })

  it('asks its provider for the user', () => {
    const pipeline = { a: script({}) }
    expect(new Experiment({ name: 't', pipeline, user_provider: () => 'ada' }).getUser()).toBe('ada')
    expect(new Experiment({ name: 't', pipeline }).getUser()).not.toBe('')
  })

  it.skipIf(!agentBuilt)('runs as the command does, and throws when a trial fails', { timeout: 60_000 }, async () => {
    const save_path = folder()
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    const made = (name: string, command: string) =>
      new Experiment({
        name,
        save_path,
        max_failures: 0,
        pipeline: { a: c('Script', { command: [command], args: [] }) },
      })
    try {
      await made('good', 'true').run()
      expect(existsSync(join(save_path, 'output__good', 'progress.json'))).toBe(true)
      await expect(made('bad', 'false').run()).rejects.toMatchObject({ name: 'UnsuccessfulRunError', code: 1 })
    } finally {
      written.mockRestore()
    }
  })
})

describe('any pipeline', () => {
  const scalar = fc.oneof(
    fc.string({ unit: 'binary' }).filter(text => !/[\ud800-\udfff]/.test(text)),
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
  )
  const name = fc
    .stringMatching(/^[A-Za-z][A-Za-z0-9 .-]{0,6}$/)
    .filter(key => !['constructor', 'prototype'].includes(key))
  const { value } = fc.letrec<{ value: Value }>(tie => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      scalar,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
      fc.uniqueArray(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 3 }).map((values): Node => g(values)),
    ),
  }))

  it('has the same plan as the file that is written of it', () => {
    fc.assert(
      fc.property(fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }), kwargs => {
        const { text } = new Experiment({
          name: 'p',
          seed: 3,
          pipeline: { a: script({ ...kwargs, z: uniform(0, 1) }) },
          search: { a: c('Random', { n_trials: 2 }) },
        })
        const { plan, problems } = planText(text, { file: 'x.yaml', seed: null, fallbackSeed: 1 })
        expect(problems.filter(problem => problem.severity === 'error' && problem.code !== 'SPACE')).toEqual([])
        if (plan !== null) expect(answer(dump(plan))).toEqual(answer(text))
      }),
      { numRuns: 200 },
    )
  })
})

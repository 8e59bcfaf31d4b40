/** Experiments made in TypeScript are the experiments of their YAML files. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { planText } from '@flambe/hub/plan'
import { dump, planAnswer } from '@flambe/language'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { iris } from '../../../../examples/iris.ts'
import { search } from '../../../../examples/search.ts'
import {
  c,
  choice,
  cluster,
  Experiment,
  ExperimentError,
  float,
  g,
  LinkError,
  link,
  loguniform,
  ParsingExperimentError,
  s,
  uniform,
} from '../index.ts'
import { agentBuilt, folder, run, tidy } from '../testing/command.ts'
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

  it('has a search and a scheduler in examples/search.ts', async () => {
    const { plan, problems } = await search.parse()
    expect(problems).toEqual([])
    expect(plan.blocks.map(({ id, search, scheduler }) => [id, search?.tag, scheduler?.tag])).toEqual([
      ['train', 'TPE', 'ASHA'],
      ['test', undefined, undefined],
    ])
  })

  it('takes one object in two places as one option', async () => {
    const shared = g([1, 2, 3])
    const twice = new Experiment({ name: 't', seed: 1, pipeline: { a: script({ x: shared, y: shared }) } })
    const apart = new Experiment({ name: 't', seed: 1, pipeline: { a: script({ x: g([1, 2]), y: g([1, 2]) }) } })
    const count = async (made: Experiment) => (await made.parse()).plan.blocks[0]?.count
    expect([await count(twice), await count(apart)]).toEqual([3, 4])
  })

  it('throws all its problems at once, each of the class of its family, and for a value that contains itself', async () => {
    const wrong = new Experiment({ name: 't', pipeline: { a: c('ext.Trainr'), b: script({ x: link('nowhere') }) } })
    const error: unknown = await wrong.parse().catch(thrown => thrown)
    expect(error).toBeInstanceOf(ParsingExperimentError)
    expect(error).toBeInstanceOf(ExperimentError)
    const { problems, errors, phase } = error as ParsingExperimentError
    expect([phase, ...problems.map(problem => problem.code)]).toEqual(['check', 'TAG', 'LINK_TARGET'])
    expect(errors.map(one => [one.name, one instanceof LinkError])).toEqual([
      ['TagError', false],
      ['LinkError', true],
    ])
    expect(errors[1]).toMatchObject({ code: 'LINK_TARGET', path: 'pipeline.b.kwargs.x', line: 5 })
    const loop: Value[] = []
    loop.push(loop)
    expect(() => new Experiment({ name: 't', pipeline: { a: script({ loop }) } })).toThrow('contains itself')
  })

  it('writes a file that has its seed, its draws and absolute paths', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'data.csv'), '')
    const made = new Experiment({
      name: 't',
      resources: { data: 'data.csv' },
      pipeline: { a: script({ x: s(1, 100, 4), data: link('data') }) },
    })
    await made.dumpExperimentFile(join(dir, 'out.yaml'), { folder: dir })
    const text = readFileSync(join(dir, 'out.yaml'), 'utf8')
    expect(text).toContain(JSON.stringify(join(dir, 'data.csv')))
    expect(text).toMatch(/seed: \d+/)
    expect(text).not.toContain('!s')
    // Drawn once: what was looked at is what is written, and what will run.
    expect(text).toContain(`seed: ${(await made.parse({ folder: dir })).plan.seed}`)
  })

  it('has extensions as a file has, checked and pinned', async () => {
    const dir = folder()
    mkdirSync(join(dir, 'ext'))
    writeFileSync(
      join(dir, 'ext/index.js'),
      "import { Component } from '@flambe/components'\nexport class Add extends Component { constructor({ by }) { super(); this.by = by } }\n",
    )
    const made = (by: { readonly [keyword: string]: number }) =>
      new Experiment({ name: 't', seed: 1, extensions: { ext: './ext' }, pipeline: { a: c('ext.Add', by) } })
    const yaml = '"ext": "./ext"\n---\n!Experiment\nname: t\nseed: 1\npipeline:\n  a: !ext.Add {by: 1}\n'
    expect(answer(made({ by: 1 }).text)).toEqual(answer(yaml))
    if (!agentBuilt) return
    expect((await made({ by: 1 }).parse({ folder: dir })).plan.blocks[0]?.tag).toBe('ext.Add')
    const wrong = made({ bye: 1 }).parse({ folder: dir })
    await expect(wrong).rejects.toMatchObject({ errors: [{ name: 'ConfigurationError', hint: 'did you mean by?' }] })
    await made({ by: 1 }).dumpExperimentFile(join(dir, 'out.yaml'), { folder: dir })
    expect(readFileSync(join(dir, 'out.yaml'), 'utf8')).toMatch(
      new RegExp(`^ext: \\{folder: "${join(dir, 'ext')}", sha256: "[0-9a-f]{64}"\\}\n---`),
    )
  })

  it('asks its provider for the user', () => {
    const pipeline = { a: script({}) }
    expect(new Experiment({ name: 't', pipeline, user_provider: () => 'ada' }).getUser()).toBe('ada')
    expect(new Experiment({ name: 't', pipeline }).getUser()).not.toBe('')
  })

  it('brings its resources to this machine', async () => {
    const dir = folder()
    writeFileSync(join(dir, 'here.csv'), 'x')
    const server = createServer((request, reply) => {
      if (request.url === '/data.csv') reply.end('a,b\n')
      else if (request.url === '/cut') {
        reply.writeHead(200, { 'content-length': '10' })
        reply.write('half')
        setTimeout(() => reply.destroy(), 10)
      } else reply.writeHead(404).end('no')
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const left = cluster('/big')
    const made = new Experiment({ name: 't', pipeline: { a: script({}) } })
    const bring = (resources: { readonly [name: string]: string | Node }) =>
      made.processResources(resources, join(dir, 'in'))
    try {
      const found = await bring({ here: join(dir, 'here.csv'), far: `${url}/data.csv`, left, s3: 's3://b/k' })
      expect(found).toEqual({ here: join(dir, 'here.csv'), far: join(dir, 'in/far.csv'), left, s3: 's3://b/k' })
      expect(readFileSync(join(dir, 'in/far.csv'), 'utf8')).toBe('a,b\n')
      for (const wrong of [`${url}/gone`, `${url}/cut`, join(dir, 'nowhere'), 'ftp://x/y', 'http://127.0.0.1:1/x'])
        await expect(bring({ wrong })).rejects.toMatchObject({ name: 'ResourceError', code: 'RESOURCE' })
      expect(readdirSync(join(dir, 'in'))).toEqual(['far.csv'])
    } finally {
      server.close()
    }
  })

  it('warns where there is nothing to resume, as command and plan do', async () => {
    const dir = folder()
    const made = new Experiment({ name: 't', save_path: dir, resume: true, pipeline: { a: script({}) } })
    const at = join(dir, 'x.yaml')
    writeFileSync(at, made.text)
    const { code, stdout } = await run(['plan', at, '--json'])
    const { problems } = JSON.parse(stdout)
    expect([code, problems]).toMatchObject([0, [{ severity: 'warning', rule: 'resume-nothing', path: 'resume' }]])
    const line = made.text.split('\n')[problems[0].line - 1]
    expect(line?.slice(problems[0].column - 1)).toBe('true')
    expect((await made.parse()).problems).toMatchObject([{ rule: 'resume-nothing' }])
    mkdirSync(join(dir, 'output__t', '.hub'), { recursive: true })
    expect((await made.parse()).problems).toEqual([])
    expect(JSON.parse((await run(['plan', at, '--json'])).stdout).problems).toEqual([])
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
      await expect(made('good', 'true').run()).rejects.toMatchObject({ name: 'ResultsError', rule: 'results-exist' })
      await made('good', 'true').run({ force: true })
      await expect(made('bad', 'false').run()).rejects.toMatchObject({
        name: 'UnsuccessfulRunError',
        code: 1,
        state: 'failure',
        failed: [{ block: 'a', number: 1, reason: expect.stringContaining('1') }],
      })
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

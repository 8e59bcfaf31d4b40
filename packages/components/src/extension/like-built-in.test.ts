/** What an extension brings works like what is built in: bases, factories, aliases, links, calls, saving and loading. Real trials. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Catalogue, type Problem, parse, plan, type ResolvedConfig, resolve, variantAt } from '@flambe/language'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { catalogue } from '../catalogue/index.ts'
import { type Attempt, goOn, makeAttempt } from '../trial/testing/folder.ts'

// Every test starts several processes; on a busy machine each takes seconds.
vi.setConfig({ testTimeout: 180_000 })

const TRIAL = fileURLToPath(new URL('../trial/main.ts', import.meta.url))
const IRIS = fileURLToPath(new URL('../../../../examples/data/iris.csv', import.meta.url))

let dir = ''
let made = 0
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-extension-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

function folder(files: { readonly [path: string]: string }): string {
  const root = mkdtempSync(join(dir, 'ext-'))
  for (const [path, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

function described(path: string): Catalogue {
  const said = execFileSync(process.execPath, [TRIAL, '--describe', 'ext', path], { encoding: 'utf8' })
  return JSON.parse(said.trim().split('\n').at(-1) ?? '')
}

function planned(pipeline: string, pieces: Catalogue): { config: ResolvedConfig | null; problems: readonly Problem[] } {
  const head = `ext: ./ext\n---\n!Experiment\nname: t\nseed: 1\nresources: {flowers: iris.csv}\npipeline:\n`
  const { experiment, problems: read } = parse(head + pipeline.replace(/^/gm, '  '))
  if (experiment === null) return { config: null, problems: read }
  const { plan: one, problems } = plan(experiment, { catalogue, extensions: { ext: pieces } })
  if (one === null) return { config: null, problems }
  return { config: resolve(one, variantAt(one, one.blocks.at(-1)?.id ?? '', 0)), problems }
}

function configOf(pipeline: string, pieces: Catalogue): ResolvedConfig {
  const { config, problems } = planned(pipeline, pieces)
  if (config === null) throw new Error(JSON.stringify(problems))
  return config
}

const here = (ext: string) => ({ resources: { 'extension:ext': ext, flowers: IRIS } })
const fresh = () => join(dir, `attempt-${++made}`)

/** Runs a trial of the pipeline's last block. `from`: the ended attempts of its ancestors. */
async function run(config: ResolvedConfig, ext: string, from: { readonly [block: string]: Attempt } = {}) {
  const inputs = Object.entries(from).map(([block, attempt]) => {
    const last = attempt.checkpoints().at(-1)
    if (last === undefined) throw new Error(`${block} has no checkpoint`)
    return [block, { folder: attempt.state(last.number), manifest: last.manifest }] as const
  })
  const attempt = makeAttempt(
    fresh(),
    config,
    { inputs: Object.fromEntries(inputs.map(([block, { manifest }]) => [block, { trial: block, manifest }])) },
    { ...here(ext), inputs: Object.fromEntries(inputs.map(([block, one]) => [block, one.folder])) },
  )
  await attempt.run().ended
  return attempt
}
async function done(...args: Parameters<typeof run>): Promise<Attempt> {
  const attempt = await run(...args)
  if (attempt.exit()?.kind !== 'done') throw new Error(`${JSON.stringify(attempt.exit())}\n${attempt.output('stderr')}`)
  return attempt
}

const LEARN = `
import { log, Loss, tf, Trainer } from '@flambe/components'
import { z } from 'zod'

export class Focal extends Loss {
  static params = z.object({ gamma: z.number().min(0).default(2) })
  constructor({ gamma }) { super(); this.gamma = gamma }
  compute(logs, target) {
    const chosen = tf.sum(tf.mul(tf.oneHot(tf.cast(target, 'int32'), logs.shape[1]), logs), 1)
    return tf.neg(tf.mean(tf.mul(tf.pow(tf.sub(1, tf.exp(chosen)), this.gamma), chosen)))
  }
}

/** Stops when the metric has not become better for some steps. */
export class Patient extends Trainer {
  static params = Trainer.params.extend({ patience: z.number().int().min(1) })
  static state = [...Trainer.state, 'waited']
  constructor({ patience, ...rest }) { super(rest); this.patience = patience; this.waited = 0; this.top = -Infinity }
  getState() { return { ...super.getState(), waited: this.waited } }
  setState({ waited, ...rest }) { super.setState(rest); this.waited = waited }
  async run() {
    const more = await super.run()
    const now = super.metric()
    this.waited = now > this.top ? 0 : this.waited + 1
    this.top = Math.max(this.top, now)
    log('waited', this.waited)
    return more && this.waited < this.patience
  }
}
`
const TRAIN = `data: !TabularDataset.autogen
  data_path: !@ flowers
  seed: 5
  transform:
    measures: {field: !NumericField {}, columns: [sepal_length, sepal_width, petal_length, petal_width]}
    species: {field: !LabelField {}, columns: species}
train: !ext.Patient
  patience: 30
  dataset: !@ data
  train_sampler: !BaseSampler {batch_size: 16}
  model: !TabularClassifier
    encoder: !MLPEncoder {input_size: !@ data.measures.size, output_size: 8}
    output_layer: !SoftmaxLayer {input_size: 8, output_size: !@ data.species.vocab_size}
  loss_fn: !ext.Focal {gamma: 1.5}
  metric_fn: !Accuracy
  optimizer: !Adam {lr: 0.03}
  max_steps: 4`
const EVALUATE = `${TRAIN}
evaluate: !Evaluator {dataset: !@ data, model: !@ train.model, metric_fn: !Accuracy}`

test('a trainer and a loss of an extension train a built-in network; it goes on, and a later block loads it', async () => {
  const ext = folder({ 'index.js': LEARN })
  const pieces = described(ext)
  expect(pieces.components['ext.Patient']).toMatchObject({ kinds: ['Trainer', 'Component'] })
  const names = pieces.components['ext.Patient']?.params.map(param => param.name)
  expect(names).toEqual(expect.arrayContaining(['patience', 'dataset', 'model', 'max_steps']))
  const data = await done(configOf(TRAIN.split('\ntrain:')[0] ?? '', pieces), ext)
  const config = configOf(TRAIN, pieces)
  const train = await done(config, ext, { data })
  expect(train.results()).toHaveLength(4)
  expect(train.output('stderr')).toBe('')
  const more = configOf(TRAIN.replace('max_steps: 4', 'max_steps: 6'), pieces)
  const inputs = { data: data.state(data.checkpoints().at(-1)?.number ?? 0) }
  const later = goOn(train, more, fresh(), {}, { ...here(ext), inputs })
  expect(await later.run().ended).toBe(0)
  expect(later.results().map(([step]) => step)).toEqual([5, 6])
  const evaluated = await done(configOf(EVALUATE, pieces), ext, { data, train: later })
  expect(evaluated.results().at(-1)?.[1]).toBeGreaterThan(0.6)
})

test('is checked like what is built in: kinds, keywords with their limits, directions', () => {
  const pieces = described(folder({ 'index.js': LEARN }))
  const problems = (text: string) => planned(text, pieces).problems
  expect(problems(TRAIN)).toEqual([])
  expect(problems(TRAIN.replace('gamma: 1.5', 'gamma: -1'))).toMatchObject([{ path: 'pipeline.train.loss_fn.gamma' }])
  expect(problems(TRAIN.replace('!ext.Focal {gamma: 1.5}', '!Accuracy'))).toMatchObject([
    { path: 'pipeline.train.loss_fn' },
  ])
  expect(problems(TRAIN.replace('  patience: 30\n', ''))).toMatchObject([
    { message: expect.stringMatching(/patience/) },
  ])
})

const parts = (version: string) => `
import { Component, log } from '@flambe/components'
export class Part extends Component {
  static uses_backend = false
  static version = '${version}'
  static state = ['words']
  constructor({ words = [] }) { super(); this.words = words }
}
export class Whole extends Component {
  static uses_backend = false
  static tags = ['all']
  static state = ['taken']
  static callable = ['count', 'same']
  static attributes = ['part', 'taken']
  static factories = { small: ({ words = ['x'], steps = 2 }) => new Whole({ part: new Part({ words }), steps }) }
  constructor({ part, steps = 2 }) { super(); this.part = part; this.again = part; this.steps = steps; this.taken = 0 }
  run() { this.taken++; this.part.words = [...this.part.words, 'w']; return this.taken < this.steps }
  metric() { return this.taken * 100 + this.part.words.length * 10 + this.same() }
  count() { return this.part.words.length }
  same() { return this.part === this.again ? 1 : 0 }
  secret() { return 7 }
}
export class Bigger extends Whole {}
export class Reader extends Component {
  static uses_backend = false
  constructor({ whole, count, same, words }) { super(); Object.assign(this, { whole, value: count * 100 + same * 10 + words.length }) }
  metric() { return this.value }
}
`
const READ = `a: !ext.all.small {steps: 3}
b: !ext.Reader {whole: !@ a, count: !call a.count, same: !call a.same, words: !@ a.part.words}`

describe('an extension with parts', () => {
  test('is built by factory and alias; what it links to and calls is as it was saved, shared parts stay shared', async () => {
    const ext = folder({ 'index.js': parts('1.2.0') })
    const pieces = described(ext)
    const a = await done(configOf(READ.split('\n')[0] ?? '', pieces), ext)
    expect(a.results()).toEqual([
      [1, 121],
      [2, 231],
      [3, 341],
    ])
    const b = await done(configOf(READ, pieces), ext, { a })
    expect(b.results()).toEqual([[1, 414]])
  })

  test('has factories that subclasses inherit, and only methods that it declares are called', () => {
    const pieces = described(folder({ 'index.js': parts('1.2.0') }))
    expect(planned(READ.replace('all.small', 'Bigger.small'), pieces).problems).toEqual([])
    expect(planned(READ.replace('all.small', 'Part.small'), pieces).problems).toContainEqual(
      expect.objectContaining({ severity: 'error', line: 8 }),
    )
    expect(planned(READ.replace('a.count', 'a.secret'), pieces).problems).toMatchObject([{ rule: 'link-call' }])
    expect(planned(READ.replace('a.part.words', 'a.again'), pieces).problems).toMatchObject([{ severity: 'error' }])
  })

  test('is rebuilt from its folder by load_from_path; another major version is refused, a minor one is said', async () => {
    const ext = folder({ 'index.js': parts('1.2.0') })
    const pieces = described(ext)
    const a = await done(configOf('a: !ext.all.small {steps: 3}', pieces), ext)
    const path = a.state(a.checkpoints().at(-1)?.number ?? 0)
    expect(readFileSync(join(path, 'part', 'version.txt'), 'utf8')).toBe('Part:1.2.0\n')
    const again = configOf(`c: !ext.all.load_from_path {path: ${JSON.stringify(path)}}`, pieces)
    const loaded = await done(again, ext)
    expect(loaded.results()).toEqual([[1, 451]])
    expect(loaded.output('stderr')).toBe('')
    const minor = await done(again, folder({ 'index.js': parts('1.3.0') }))
    expect(minor.output('stderr')).toMatch(/Part was saved by version 1\.2\.0, this is 1\.3\.0/)
    const major = await run(again, folder({ 'index.js': parts('2.0.0') }))
    expect(major.exit()).toMatchObject({
      failure: { message: expect.stringMatching(/was saved by version 1\.2\.0; version 2\.0\.0 cannot load it/) },
    })
    const other = await run(configOf(`c: !ext.Part.load_from_path {path: ${JSON.stringify(path)}}`, pieces), ext)
    expect(other.exit()).toMatchObject({ failure: { message: expect.stringMatching(/holds a Whole, not a Part/) } })
  })
})

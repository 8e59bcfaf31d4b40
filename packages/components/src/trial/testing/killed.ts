/**
 * G11 in real processes: a training of iris that is killed with -9 at drawn points and goes on from a checkpoint each time, held
 * against one that ran through: every result, every logged point, the last checkpoint file by file. Which optimizers, samplers and
 * schedules there are is read from the catalogue. Used by killed.test.ts and scripts/exact-resume.ts.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type CatalogueEntry, parse, plan, type ResolvedConfig, resolve, variantAt } from '@flambe/language'
import type { CheckpointFile } from '@flambe/protocol'
import { catalogue } from '../../catalogue/index.ts'
import { random } from '../../core/random.ts'
import { type Attempt, makeAttempt } from './folder.ts'

const FLOWERS = fileURLToPath(new URL('../../../../../examples/data/iris.csv', import.meta.url))

/** Keywords to try beside the defaults, where they change what must be saved. Whatever is not named here runs with its defaults. */
const SETTINGS: { readonly [tag: string]: readonly string[] } = {
  SGD: ['{lr: 0.05}', '{lr: 0.05, momentum: 0.9, weight_decay: 0.001}'],
  BaseSampler: ['{batch_size: 16}', '{batch_size: 16, drop_last: true, downsample: 0.7}'],
  StepLR: ['{step_size: 3}'],
  ExponentialLR: ['{gamma: 0.97}'],
  CosineAnnealingLR: ['{T_max: 40}'],
  ReduceLROnPlateau: ['{patience: 1, factor: 0.9}'],
  NoamScheduler: ['{warmup: 20, d_model: 8}'],
  WarmupLinearScheduler: ['{warmup: 20, n_steps: 900}'],
}
/** These count updates; the others count steps. */
const BY_UPDATE = ['NoamScheduler', 'WarmupLinearScheduler']

const ofKind = (kind: string): string[] =>
  Object.values(catalogue.components)
    .filter((c: CatalogueEntry) => c.tag !== kind && c.kinds.includes(kind))
    .flatMap(({ tag }) => (SETTINGS[tag] ?? ['{}']).map(settings => `!${tag} ${settings}`))

export interface Training {
  readonly name: string
  readonly config: ResolvedConfig
}

/** Every optimizer with every sampler; the schedules in turn, so that each comes at least once. */
export function trainings(steps: number): readonly Training[] {
  const schedules = [null, ...ofKind('LRScheduler')]
  const pairs = ofKind('Optimizer').flatMap(optimizer => ofKind('Sampler').map(sampler => ({ optimizer, sampler })))
  return Array.from({ length: Math.max(pairs.length, schedules.length) }, (_, i) => {
    const { optimizer, sampler } = pairs[i % pairs.length] as { optimizer: string; sampler: string }
    const schedule = schedules[i % schedules.length] ?? null
    return {
      name: [optimizer, sampler, schedule].filter(part => part !== null).join(' '),
      config: configOf(optimizer, sampler, schedule, steps),
    }
  })
}

function configOf(optimizer: string, sampler: string, schedule: string | null, steps: number): ResolvedConfig {
  const keyword = BY_UPDATE.some(tag => schedule?.startsWith(`!${tag} `)) ? 'iter_scheduler' : 'scheduler'
  const text = `!Experiment
name: exact
seed: 3
resources: {flowers: ${FLOWERS}}
pipeline:
  t: !Trainer
    dataset: !TabularDataset.autogen
      data_path: !@ flowers
      seed: 5
      transform:
        measures: {field: !NumericField {}, columns: [sepal_length, sepal_width, petal_length, petal_width]}
        species: {field: !LabelField {}, columns: species}
    train_sampler: ${sampler}
    model: !TabularClassifier
      encoder: !MLPEncoder {input_size: 4, output_size: 8, output_activation: relu, dropout: 0.2}
      output_layer: !SoftmaxLayer {input_size: 8, output_size: 3}
    loss_fn: !NLLLoss {}
    metric_fn: !Accuracy {}
    optimizer: ${optimizer}
    ${schedule === null ? '' : `${keyword}: ${schedule}`}
    iter_per_step: 5
    max_steps: ${steps}
`
  const { experiment, problems } = parse(text)
  const made = experiment === null ? null : plan(experiment, { catalogue })
  if (made?.plan === null || made === null)
    throw new Error(
      `${optimizer}, ${sampler}, ${schedule}: ${JSON.stringify([...problems, ...(made?.problems ?? [])])}`,
    )
  const variant = variantAt(made.plan, 't', 0)
  if (variant === undefined) throw new Error('the training has no variant')
  return resolve(made.plan, variant)
}

export interface Compared {
  /** Empty: bit for bit the same. */
  readonly differences: readonly string[]
  /** Processes that were killed with -9 while they trained. */
  readonly kills: number
  /** Steps at which it went on again; 0 from the beginning. */
  readonly resumed: readonly number[]
}

export async function compareKilled(dir: string, { config }: Training, kills: number, seed: number): Promise<Compared> {
  mkdirSync(dir, { recursive: true })
  const draw = random(seed, 'kills')
  const here = { resources: { flowers: FLOWERS } }
  const checkpoint = { steps: 1, seconds: 3_600, keep: 2 }
  const whole = makeAttempt(join(dir, 'whole'), config, { checkpoint }, here)
  const through = whole.run().ended

  const attempts: Attempt[] = []
  const resumed: number[] = []
  let from: { readonly attempt: Attempt; readonly file: CheckpointFile } | null = null
  const next = (): Attempt => {
    const { number, step, manifest } = from?.file ?? { number: 0, step: 0, manifest: null }
    const more = manifest === null ? {} : { resume: { number, step, manifest } }
    const places = from === null ? here : { ...here, resume: from.attempt.state(number) }
    if (from !== null) resumed.push(step)
    const made = makeAttempt(
      join(dir, `${attempts.length + 1}`),
      config,
      { epoch: attempts.length + 1, checkpoint, ...more },
      places,
    )
    attempts.push(made)
    return made
  }
  for (let killed = 0; killed < kills; killed++) {
    const attempt = next()
    const { child, ended } = attempt.run()
    // Before the first step, between two, while a checkpoint is written: wherever the draw falls. After the last one there is
    // something to go on from, so that no drawing keeps to the beginning.
    const steps = Math.floor(draw.next() * 6)
    const early = () => attempt.records().length === 0 || attempt.results().length < steps
    while (early() || (killed === kills - 1 && from === null && attempt.checkpoints().length === 0)) {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${attempt.output('stderr')}`)
      await sleep(2)
    }
    await sleep(draw.next() * 40)
    child.kill('SIGKILL')
    if ((await ended) !== 'SIGKILL') throw new Error('the training was over before its kill: give it more steps')
    // The hub may have the last one, or only the one before.
    const files = attempt.checkpoints()
    const file = files[draw.next() < 0.3 ? files.length - 2 : files.length - 1] ?? files.at(-1)
    if (file !== undefined) from = { attempt, file }
  }
  const last = next()
  const code = await last.run().ended
  if (code !== 0 || (await through) !== 0)
    throw new Error(`ended with ${code}: ${last.output('stderr')}${whole.output('stderr')}`)
  return { differences: differences(whole, attempts), kills, resumed }
}

/** What any attempt told that the undisturbed one did not tell in the same way, and what differs in the end. */
function differences(whole: Attempt, attempts: readonly Attempt[]): string[] {
  const found: string[] = []
  const expected = told(whole)
  const seen = new Set<string>()
  attempts.forEach((attempt, i) => {
    for (const [key, value] of told(attempt)) {
      seen.add(key)
      if (expected.get(key) !== value) found.push(`attempt ${i + 1}: ${key} is ${value} and not ${expected.get(key)}`)
    }
  })
  for (const key of expected.keys()) if (!seen.has(key)) found.push(`${key} is missing`)
  const files = (attempt: Attempt | undefined) => JSON.stringify(attempt?.checkpoints().at(-1)?.manifest.files)
  if (files(attempts.at(-1)) !== files(whole)) found.push('the last checkpoints differ')
  if (whole.checkpoints().length === 0) found.push('there is no checkpoint')
  return found
}

/** Results and points by what they are of; the steps of a whole run are told once each. */
function told(attempt: Attempt): Map<string, string> {
  const all = new Map<string, string>()
  for (const record of attempt.records()) {
    if (record.t === 'result') all.set(`result of step ${record.step}`, String(record.metric))
    if (record.t === 'points')
      record.tags.forEach((tag, i) => {
        all.set(`${tag} at ${record.step}`, String(record.values[i]))
      })
  }
  return all
}

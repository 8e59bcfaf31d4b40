import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBackend } from '../../backend/open.ts'
import type { State } from '../../core/component.ts'
import { context, setContext } from '../../core/context.ts'
import { random } from '../../core/random.ts'
import { tf } from '../../tf.ts'
import { TabularDataset } from '../data/tabular-dataset.ts'
import { LabelField } from '../field/label-field.ts'
import { NumericField } from '../field/numeric-field.ts'
import { MSELoss, NLLLoss } from '../loss/losses.ts'
import { Metric } from '../metric/metric.ts'
import { Accuracy, MSE } from '../metric/metrics.ts'
import { LogisticRegression, TabularClassifier } from '../nn/classifiers.ts'
import { MLPEncoder } from '../nn/mlp-encoder.ts'
import { weightsOf } from '../nn/module.ts'
import { SoftmaxLayer } from '../nn/softmax-layer.ts'
import { Adam } from '../optimizer/adam.ts'
import { SGD } from '../optimizer/sgd.ts'
import { BaseSampler } from '../sampler/base-sampler.ts'
import { CosineAnnealingLR, NoamScheduler, ReduceLROnPlateau, StepLR } from '../schedule/schedules.ts'
import { Evaluator } from './evaluator.ts'
import { Trainer } from './trainer.ts'

type Options = Partial<ConstructorParameters<typeof Trainer>[0]>
interface Points {
  step: number
  values: { [tag: string]: number }
}

let points: Points[]
beforeAll(() => openBackend('wasm'))
beforeEach(newTrial)
afterEach(() => setContext(null))

/** As a new trial process with the same seed. */
function newTrial(): void {
  points = []
  setContext({
    ...context(),
    env: { ...context().env, seed: 11 },
    write: record => {
      if (record.t !== 'points') return
      const values = record.tags.map(
        (tag, i) => [tag, Number(String(record.values[i]).replace('.nan', 'NaN'))] as const,
      )
      points.push({ step: record.step, values: Object.fromEntries(values) })
    },
  })
}

const tagged = (tag: string) => points.filter(p => tag in p.values).map(p => [p.step, p.values[tag] as number] as const)

/** Two overlapping clouds of points. */
function data(): TabularDataset {
  const stream = random(3, 'clouds')
  const rows = (n: number) =>
    Array.from({ length: n }, (_, i) => {
      const shift = i % 2 === 0 ? -0.5 : 0.5
      return [shift + stream.next() * 2 - 1, shift + stream.next() * 2 - 1, i % 2 === 0 ? 'a' : 'b']
    })
  return new TabularDataset({
    train: rows(50),
    val: rows(30),
    test: rows(20),
    transform: { x: { field: new NumericField(), columns: [0, 1] }, y: { field: new LabelField(), columns: 2 } },
  })
}

function trainer(options: Options = {}): Trainer {
  return new Trainer({
    dataset: data(),
    model: new TabularClassifier({
      encoder: new MLPEncoder({ input_size: 2, output_size: 6, output_activation: 'tanh' }),
      output_layer: new SoftmaxLayer({ input_size: 6, output_size: 2 }),
    }),
    train_sampler: new BaseSampler({ batch_size: 8 }),
    loss_fn: new NLLLoss(),
    metric_fn: new Accuracy(),
    optimizer: new SGD({ lr: 0.1 }),
    max_steps: 3,
    ...options,
  })
}

async function train(t: Trainer, steps = Number.POSITIVE_INFINITY): Promise<Trainer> {
  for (let i = 0; i < steps && (await t.run()); i++);
  return t
}

async function weights(t: Trainer): Promise<{ [path: string]: number[] }> {
  const read = [...weightsOf(t.model)].map(async ([path, w]) => [path, Array.from(await w.data())] as const)
  return Object.fromEntries(await Promise.all(read))
}

/** What a checkpoint does: tensors to numbers and back. */
async function through(value: unknown): Promise<unknown> {
  if (value instanceof tf.Tensor) return tf.tensor(await value.data(), value.shape, value.dtype)
  if (Array.isArray(value)) return Promise.all(value.map(through))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    await Promise.all(Object.entries(value).map(async ([key, v]) => [key, await through(v)] as const)),
  )
}

/** A new process: everything built anew, then the states of the old one loaded. */
async function resumed(old: Trainer, build: () => Trainer): Promise<Trainer> {
  const parts = (t: Trainer) => {
    const model = t.model as TabularClassifier
    return [t, t.optimizer, model.encoder, (model.output_layer as SoftmaxLayer).mlp]
  }
  const states = (await through(parts(old).map(part => part.getState()))) as State[]
  newTrial()
  const next = build()
  for (const [i, part] of parts(next).entries()) await part.setState(states[i] as State)
  for (const state of states) dispose(state)
  return next
}

function dispose(value: unknown): void {
  if (value instanceof tf.Tensor) value.dispose()
  else if (value !== null && typeof value === 'object') Object.values(value).forEach(dispose)
}

/** Gives these values in turn, whatever it sees. */
class Scripted extends Metric<number> {
  static values: number[] = []
  #next = 0
  start(): number {
    return this.#next++
  }
  aggregate(): void {}
  async finalize(turn: number): Promise<number> {
    return Scripted.values[turn] as number
  }
}

async function scripted(values: number[], options: Options = {}) {
  Scripted.values = values
  const t = trainer({ metric_fn: new Scripted(), max_steps: values.length - 1, ...options })
  const bests: (number | undefined)[] = []
  const seen: { [path: string]: number[] }[] = []
  for (let go = true; go; ) {
    go = await t.run()
    bests.push(t.metric())
    seen.push(await weights(t))
  }
  return { bests, seen, t }
}

test('max_steps steps make max_steps + 1 evaluations, the first of the untrained model', async () => {
  const t = await train(trainer({ max_steps: 2 }))
  expect(t.step).toBe(2)
  expect(tagged('Validation/Accuracy').map(([step]) => step)).toEqual([0, 1, 2])
  expect(tagged('Validation/Loss').length).toBe(3)
  expect(tagged('Best/Accuracy').at(-1)?.[1]).toBe(t.metric())
  expect(t.metric()).toBe(Math.max(...tagged('Validation/Accuracy').map(([, v]) => v)))
  expect(tagged('Training/Loss').map(([step]) => step)).toEqual(Array.from({ length: 14 }, (_, i) => i))
  expect(await trainer({ max_steps: 0 }).run()).toBe(false)
})

test('a trial without a step has no metric', () => {
  expect(trainer().metric()).toBeUndefined()
})

describe('the best weights', () => {
  test('are in the model after every step, also when the trial is stopped early, ties keeping the earlier', async () => {
    const { bests, seen } = await scripted([0.1, 0.5, 0.5, 0.4, 0.9])
    expect(bests).toEqual([0.5, 0.5, 0.5, 0.9])
    expect(seen[1]).toEqual(seen[0])
    expect(seen[2]).toEqual(seen[0])
    expect(seen[3]).not.toEqual(seen[0])
  })

  test('may be those of the untrained model', async () => {
    const untrained = await weights(trainer())
    newTrial()
    const { seen } = await scripted([0.9, 0.5, 0.5])
    expect(seen[1]).toEqual(untrained)
  })

  test('follow lower_is_better of the instance', async () => {
    const { bests, t } = await scripted([3, 2, 4], { lower_is_better: true })
    expect(bests).toEqual([2, 2])
    expect(t.lower_is_better).toBe(true)
    expect(Trainer.lower_is_better).toBe(false)
  })

  test('are never lost to NaN, and any number is better than NaN', async () => {
    expect((await scripted([Number.NaN, 0.2, Number.NaN, 0.3])).bests).toEqual([0.2, 0.2, 0.3])
    expect((await scripted([Number.NaN, Number.NaN])).bests).toEqual([Number.NaN])
    expect((await scripted([Number.NaN, 5, Number.NaN], { lower_is_better: true })).bests).toEqual([5, 5])
  })

  test('do not stop training: it goes on from the current ones', async () => {
    await scripted([0.9, 0.1, 0.1, 0.1])
    const losses = tagged('Validation/Loss').map(([, v]) => v)
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) * 0.95)
    expect(losses).toEqual([...losses].sort((a, b) => b - a))
  })
})

test('a metric whose direction is not the one that was written is refused', () => {
  const error = 'MSE is better when lower: write lower_is_better: true'
  const t = trainer({ metric_fn: new MSE(), loss_fn: new MSELoss(), lower_is_better: true })
  expect(() => trainer({ metric_fn: new MSE(), loss_fn: new MSELoss() })).toThrow(error)
  const evaluator = (more: object) => () =>
    new Evaluator({ dataset: t.dataset, model: t.model, metric_fn: new MSE(), ...more })
  expect(evaluator({})).toThrow(error)
  expect(evaluator({ lower_is_better: true })).not.toThrow()
})

describe('a resumed training goes on bit for bit (G11)', () => {
  const dropout = () =>
    new TabularClassifier({
      encoder: new MLPEncoder({ input_size: 2, output_size: 6, output_activation: 'tanh' }),
      output_layer: new SoftmaxLayer({ input_size: 6, output_size: 2 }),
    })
  for (const [name, optimizer] of [
    ['SGD', () => new SGD({ lr: 0.1 })],
    ['momentum', () => new SGD({ lr: 0.1, momentum: 0.9 })],
    ['Adam', () => new Adam({ lr: 0.05 })],
  ] as const)
    test(`with ${name}, in the middle of an epoch, after any step and several times`, async () => {
      // 7 batches an epoch and 4 updates a step: most steps end inside an epoch.
      const build = () => trainer({ optimizer: optimizer(), model: dropout(), iter_per_step: 4, max_steps: 6 })
      const whole = await train(build())
      const [expected, best, log] = [await weights(whole), whole.metric(), points]
      const state = (await through(whole.getState())) as State
      for (const stops of [[1], [4], [2, 5]]) {
        newTrial()
        let t = build()
        let last: Points[] = []
        for (const stop of stops) {
          await train(t, stop - t.step)
          expect(t.step).toBe(stop)
          t = await resumed(t, build)
        }
        await train(t)
        last = points
        expect(await weights(t)).toEqual(expected)
        expect(t.metric()).toBe(best)
        // The log goes on where it stopped, with the same numbers.
        expect(last).toEqual(log.slice(-last.length))
        // Current weights, position and iteration are the same too.
        expect(await plain(await through(t.getState()))).toEqual(await plain(state))
      }
    })
})

async function plain(value: unknown): Promise<unknown> {
  if (value instanceof tf.Tensor) return Array.from(await value.data())
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    await Promise.all(Object.entries(value).map(async ([k, v]) => [k, await plain(v)] as const)),
  )
}

describe('schedules', () => {
  const rates = () => tagged('Training/LR').map(([, v]) => Number(v.toPrecision(6)))

  test('move the rate once a step, once an update, or both, and are logged', async () => {
    await train(trainer({ scheduler: new StepLR({ step_size: 1 }), iter_per_step: 2 }))
    expect(rates()).toEqual([0.1, 0.1, 0.01, 0.01, 0.001, 0.001])
    newTrial()
    await train(trainer({ iter_scheduler: new StepLR({ step_size: 2, gamma: 0.5 }), iter_per_step: 2 }))
    expect(rates()).toEqual([0.1, 0.1, 0.05, 0.05, 0.025, 0.025])
    newTrial()
    const both = { scheduler: new StepLR({ step_size: 1 }), iter_scheduler: new StepLR({ step_size: 1, gamma: 0.5 }) }
    await train(trainer({ ...both, iter_per_step: 1 }))
    expect(rates()).toEqual([0.1, 0.005, 0.00025])
    newTrial()
    await train(trainer())
    expect(rates()).toEqual([])
  })

  test('on a plateau follow the validation loss', async () => {
    const still = { optimizer: new SGD({ lr: 0 }), scheduler: new ReduceLROnPlateau({ patience: 1 }) }
    const t = await train(trainer({ ...still, max_steps: 6, iter_per_step: 1 }))
    // The first step sets the best; every second one without progress takes a factor.
    expect((t.scheduler as ReduceLROnPlateau).scale).toBeCloseTo(0.01, 8)
  })

  test('go on where they stopped when resumed (G11)', async () => {
    const build = () =>
      trainer({
        scheduler: new CosineAnnealingLR({ T_max: 4 }),
        iter_scheduler: new NoamScheduler({ warmup: 3, d_model: 4 }),
        iter_per_step: 2,
        max_steps: 4,
      })
    const whole = await train(build())
    const [expected, log] = [await weights(whole), points]
    newTrial()
    const old = await train(build(), 2)
    const next = await resumed(old, build)
    next.scheduler?.setState((old.scheduler as CosineAnnealingLR).getState() as State)
    next.iter_scheduler?.setState((old.iter_scheduler as NoamScheduler).getState() as State)
    await train(next)
    expect(await weights(next)).toEqual(expected)
    expect(points).toEqual(log.slice(-points.length))
  })
})

describe("a population (PBT) goes on from another's checkpoint with values of its own", () => {
  const donor = () => trainer({ optimizer: new SGD({ lr: 0.1, momentum: 0.9 }), iter_per_step: 2 })
  const current = async (t: Trainer) => plain(await through(t.getState().current))

  test('the rate of the optimizer is the new one after the load, and it is what trains', async () => {
    const old = await train(donor(), 1)
    const still = await resumed(old, () => trainer({ optimizer: new SGD({ lr: 0, momentum: 0.9 }), iter_per_step: 2 }))
    expect(still.optimizer.lr).toBe(0)
    expect(await current(still)).toEqual(await current(old))
    await train(still, 1)
    expect(still.step).toBe(2)
    expect(await current(still)).toEqual(await current(old))
    const same = await train(await resumed(old, donor), 1)
    expect(await current(same)).not.toEqual(await current(old))
  })

  test('a schedule goes on at its place, from the new rate', async () => {
    const build = (lr: number) => () =>
      trainer({ optimizer: new SGD({ lr }), scheduler: new StepLR({ step_size: 1 }), iter_per_step: 1 })
    const old = await train(build(0.1)(), 1)
    const next = await resumed(old, build(0.5))
    next.scheduler?.setState(old.scheduler?.getState() as State)
    await train(next, 1)
    expect(tagged('Training/LR').map(([, v]) => Number(v.toPrecision(6)))).toEqual([0.05])
  })
})

test('iter_per_step wins over epoch_per_step, which is rounded up', async () => {
  const updates = async (options: Options) => {
    newTrial()
    await train(trainer({ max_steps: 1, ...options }))
    return tagged('Training/Loss').length
  }
  expect(await updates({})).toBe(7)
  expect(await updates({ epoch_per_step: 0.5 })).toBe(4)
  expect(await updates({ epoch_per_step: 2 })).toBe(14)
  expect(await updates({ epoch_per_step: 2, iter_per_step: 3 })).toBe(3)
  const train_sampler = new BaseSampler({ batch_size: 8, drop_last: true })
  expect(await updates({ batches_per_iter: 4, train_sampler })).toBe(1)
})

test('several batches an update give the gradient of their mean', async () => {
  const run = async (options: Options) => {
    newTrial()
    const t = await train(trainer({ max_steps: 1, iter_per_step: 3, metric_fn: new Scripted(), ...options }))
    return weights(t)
  }
  Scripted.values = [0, 1]
  const large = await run({ train_sampler: new BaseSampler({ batch_size: 16, drop_last: true }) })
  const parts = await run({ train_sampler: new BaseSampler({ batch_size: 8, drop_last: true }), batches_per_iter: 2 })
  for (const [path, values] of Object.entries(large))
    for (const [i, v] of values.entries()) expect(parts[path]?.[i]).toBeCloseTo(v, 5)
})

test('batches_per_iter needs drop_last and fits into an epoch', () => {
  expect(() => trainer({ batches_per_iter: 2 })).toThrow('needs a train_sampler with drop_last: true')
  const train_sampler = new BaseSampler({ batch_size: 8, drop_last: true })
  expect(() => trainer({ batches_per_iter: 7, train_sampler })).toThrow('an epoch has only 6 batches')
})

test('gradients are cut by norm and by value, and the norm is logged after that', async () => {
  const norms = async (options: Options) => {
    newTrial()
    await train(trainer({ max_steps: 1, norm_log_interval: 1, ...options }))
    return tagged('Training/Gradient_Norm').map(([, v]) => v)
  }
  expect(Math.max(...(await norms({})))).toBeGreaterThan(0.11)
  expect(Math.max(...(await norms({ max_grad_norm: 0.1 })))).toBeLessThanOrEqual(0.1)
  // 32 numbers of at most 0.001 each.
  expect(Math.max(...(await norms({ max_grad_abs_val: 0.001 })))).toBeLessThan(Math.sqrt(32) * 0.0011)
  expect(await norms({ max_grad_norm: 0 })).toEqual(await norms({}))
})

test('further metrics are logged, in training every few updates or once a step', async () => {
  const extra = { extra_validation_metrics: [new Accuracy()], extra_training_metrics: [new Accuracy()] }
  await train(trainer({ ...extra, max_steps: 2 }))
  expect(tagged('Training/Accuracy').map(([step]) => step)).toEqual([6, 13])
  newTrial()
  await train(trainer({ ...extra, extra_training_metrics_log_interval: 3, max_steps: 2 }))
  expect(tagged('Training/Accuracy').map(([step]) => step)).toEqual([2, 5, 6, 8, 11, 13])
})

test('steps leave no tensor behind but the state that they need', async () => {
  const t = trainer({ optimizer: new Adam(), extra_training_metrics: [new Accuracy()], max_steps: 10 })
  await train(t, 2)
  const before = tf.memory().numTensors
  await train(t, 3)
  expect(tf.memory().numTensors).toBe(before)
  const weightsInModel = weightsOf(t.model).size
  t.dispose()
  expect(tf.memory().numTensors).toBe(before - weightsInModel)
})

test('a model without a way from weights to loss is an error, not silence', async () => {
  class Deaf extends LogisticRegression {
    override predict([x]: readonly [tf.Tensor, ...tf.Tensor[]]): tf.Tensor {
      return tf.zeros([x.shape[0] as number, 2])
    }
  }
  await expect(train(trainer({ model: new Deaf({ input_size: 2 }) }))).rejects.toThrow(
    'Cannot find a connection between any variable',
  )
})

test('an evaluator measures the test split, each run afresh, and keeps its value in its state', async () => {
  const t = await train(trainer({ optimizer: new Adam({ lr: 0.05 }), max_steps: 10 }))
  const make = (eval_data?: 'val') =>
    new Evaluator({
      dataset: t.dataset,
      model: t.model,
      metric_fn: new Accuracy(),
      ...(eval_data ? { eval_data } : {}),
    })
  const e = make()
  expect(e.metric()).toBeUndefined()
  expect(await e.run()).toBe(false)
  const first = e.metric()
  expect(first).toBeGreaterThan(0.6)
  expect(tagged('Eval/Accuracy')).toEqual([[0, first]])
  await e.run()
  expect(e.metric()).toBe(first)
  const again = make()
  await again.setState(e.getState() as State)
  expect(again.metric()).toBe(first)
  const val = make('val')
  await val.run()
  expect(val.metric()).toBe(t.metric())
})

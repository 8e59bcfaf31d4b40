import { type Catalogue, type Plan, parse, plan } from '@flambe/language'
import { type Space, schedulerProblems, searchProblems } from '@flambe/search'
import { expect, it } from 'vitest'
import type { Piece } from './population.ts'
import { replayYaml } from './population-replay.ts'

const component = (tag: string, kinds: readonly string[]): Catalogue['components'][string] => ({
  tag,
  description: '',
  params: [],
  open: true,
  one_of: [],
  factories: {},
  attributes: '*',
  callable: [],
  lower_is_better: false,
  kinds: [...kinds],
})
const CATALOGUE: Catalogue = {
  components: Object.fromEntries([
    ['Any', component('Any', ['Component'])],
    ['Adam', component('Adam', ['Any'])],
    ['SGD', component('SGD', ['Any'])],
    ['Random', component('Random', ['SearchAlgorithm'])],
    ['Replay', component('Replay', ['Scheduler'])],
  ]),
}

const HEAD = `!Experiment
name: again
seed: 1
pipeline:
  train: !Any
    rate: !loguniform [1.0e-9, 1]
    'an odd: name': !uniform [0, 1]
    optimizer: !choice [!Adam {lr: !loguniform [1.0e-4, 1]}, !SGD {lr: !uniform [0, 1], momentum: !uniform [0, 1]}]
`

function planned(more: string): Plan {
  const parsed = parse(HEAD + more, { file: 'again.yaml' })
  if (parsed.experiment === null) throw new Error(JSON.stringify(parsed.problems))
  const made = plan(parsed.experiment, { catalogue: CATALOGUE, fallbackSeed: 1 })
  expect([...parsed.problems, ...made.problems]).toEqual([])
  if (made.plan === null) throw new Error('no plan')
  return made.plan
}

const piece = (trial: number, from: number, to: number, params: Piece['params']): Piece => ({
  trial,
  from,
  to,
  params,
  donor: from === 0 ? null : 1,
  root: 1,
})
const adam = { 'train.optimizer': { tag: 'Adam', index: 0 }, 'train.optimizer[0].lr': 0.01 }
const sgd = {
  'train.optimizer': { tag: 'SGD', index: 1 },
  'train.optimizer[1].lr': 0.25,
  'train.optimizer[1].momentum': 0.9,
}
const others = { 'train.rate': 1e-7, 'train["an odd: name"]': 0.5, 'data.split': 0.1 }

it('gives lines that plan without problems, and say the values and steps of the schedule', () => {
  const led = [
    piece(1, 0, 2, { ...adam, ...others }),
    piece(2, 2, 5, { ...sgd, ...others }),
    piece(3, 5, 9, { ...adam, ...others, 'train.rate': 1e-8 }),
  ]
  const text = replayYaml('train', 'e1.train.3', led)
  const [block] = planned(text).blocks
  const { search, scheduler } = block ?? {}
  if (!search || !scheduler) throw new Error(text)
  const space = search.space as Space
  expect(searchProblems(search.tag, { ...search.params, n_trials: search.n_trials }, space)).toEqual([])
  expect(schedulerProblems(scheduler.tag, scheduler.params, space)).toEqual([])
  const own = { 'train.rate': 1e-7, 'train["an odd: name"]': 0.5 }
  expect(search.params.initial).toEqual([{ ...adam, ...own }])
  expect(scheduler.params).toEqual({
    schedule: [
      { step: 2, params: { ...sgd, ...own } },
      { step: 5, params: { ...adam, ...own, 'train.rate': 1e-8 } },
    ],
    max_t: 9,
  })
})

it('leaves out a piece in which nothing was run, and a schedule without changes', () => {
  const text = replayYaml('train', 't', [piece(1, 0, 2, adam), piece(2, 2, 2, sgd), piece(3, 2, 6, adam)])
  expect(text).toContain('- {step: 2, params: {train.optimizer: {"tag":"Adam","index":0}')
  expect(text.match(/step:/g)).toHaveLength(1)
  expect(replayYaml('train', 't', [piece(1, 0, 6, adam)])).not.toContain('schedulers:')
})

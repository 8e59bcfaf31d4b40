// `!PBT`. Its population params and problems serve `!PB2` too.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, needed, numberOf, optional, type Param, type Params } from '../../catalogue/params.ts'
import type { Space } from '../../space.ts'
import { pbt as build } from '../pbt.ts'
import { changeable, perturb } from '../perturb.ts'

const count = { type: 'integer', minimum: 1 }

export const populationParams: readonly Param[] = [
  needed('interval', 'Steps between two ranks of a trial.', count),
  optional('burn_in', 'Steps before the first.', { type: 'integer', minimum: 0 }, 0),
  optional(
    'quantile',
    'The share that copies, and the share that is copied.',
    { type: 'number', exclusiveMinimum: 0, maximum: 0.5 },
    0.25,
  ),
  optional('only', 'Names of the options that change; all numbers and plain choices when left out.', {
    type: 'array',
    items: { type: 'string' },
    minItems: 1,
  }),
  optional('max_t', 'Steps at which a trial ends; its own end when left out.', count),
]

export const pbt: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'PBT',
  description:
    'Population-based training: every interval, trials among the worst go on from a checkpoint of the best, with changed values.',
  source: 'Jaderberg et al., 2017; the asynchronous form of Ray Tune',
  params: [
    ...populationParams,
    optional('resample', 'How likely a value is drawn anew.', { type: 'number', minimum: 0, maximum: 1 }, 0.25),
    optional(
      'factors',
      'What a number is multiplied by otherwise, one of these.',
      { type: 'array', items: { type: 'number', exclusiveMinimum: 0 }, minItems: 1 },
      [1.2, 0.8],
    ),
  ],
  problems: populationProblems,
  bounds: params => ({
    grace: Math.max(numberOf(params, 'burn_in'), 1),
    max_t: maybeNumber(params, 'max_t') ?? null,
  }),
  build: (params, { mode, seed, block, space }) => {
    const only = onlyOf(params, space ?? {})
    const explore = perturb({
      space: space ?? {},
      resample: numberOf(params, 'resample'),
      factors: params.factors as readonly number[],
      ...(only === undefined ? {} : { only }),
    })
    return build({ ...populationOptions(params), mode, seed, block, explore })
  },
}

export function populationOptions(params: Params) {
  const { interval, burn_in, quantile } = {
    interval: numberOf(params, 'interval'),
    burn_in: numberOf(params, 'burn_in'),
    quantile: numberOf(params, 'quantile'),
  }
  return { interval, burn_in, quantile }
}

/** Full names of the options that may change; undefined for all. `lr` means `m.lr`. */
export function onlyOf(params: Params, space: Space): string[] | undefined {
  if (!Array.isArray(params.only)) return undefined
  const known = changeable(space).map(([name]) => name)
  return params.only.map(word => known.find(name => isMeant(name, String(word))) ?? String(word))
}

export function populationProblems(params: Params, space?: Space | null): string[] {
  if (space === undefined) return []
  if (space === null) return ['a search is needed for this block, for example !Random: its options are what changes']
  const known = changeable(space).map(([name]) => name)
  if (known.length === 0) return ['the block has no number or plain choice that could change']
  const words = Array.isArray(params.only) ? params.only.map(String) : []
  return words
    .filter(word => !known.some(name => isMeant(name, word)))
    .map(word => `only: ${word} is no number or plain choice of this block`)
}

function isMeant(name: string, word: string): boolean {
  return name === word || name.slice(name.indexOf('.') + 1) === word
}

// `!Replay`.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { maybeNumber, needed, optional, type Params } from '../../catalogue/params.ts'
import { completePoint, readPoint } from '../../catalogue/points.ts'
import type { Json } from '../../json.ts'
import type { Space } from '../../space.ts'
import { replay as build } from '../replay.ts'

const count = { type: 'integer', minimum: 1 }

export const replay: SchedulerDefinition = {
  kind: 'scheduler',
  tag: 'Replay',
  description:
    'Runs a schedule of values again that a population found: at each step of it the trial goes on from its own checkpoint with ' +
    'the values given there. What a trial begins with stands in `initial` of the search.',
  source: "Ray Tune's replay of PBT",
  params: [
    needed('schedule', 'Changes: after `step`, go on with `params`; what a change leaves out stays as it was.', {
      type: 'array',
      minItems: 1,
      items: { type: 'object' },
    }),
    optional('max_t', 'Steps at which a trial ends; its own end when left out.', count),
  ],
  problems(params, space) {
    const malformed = listOf(params).flatMap((change, i) => formProblem(change, i + 1))
    if (malformed.length > 0) return malformed
    const changes = changesOf(params)
    const late = changes.findIndex(({ step }, i) => i > 0 && step <= (changes[i - 1]?.step ?? 0))
    const order = late < 0 ? [] : [`schedule: step ${changes[late]?.step} does not come after the one before it`]
    if (space === undefined) return order
    if (space === null) return ['a search is needed for this block, for example !Random: its options are what changes']
    const values = changes.flatMap(({ step, params }) =>
      readPoint(space, params).problems.map(problem => `schedule, step ${step}: ${problem}`),
    )
    return [...order, ...values]
  },
  bounds: params => ({ grace: 1, max_t: maybeNumber(params, 'max_t') ?? null }),
  on_nan: () => 'ignore',
  build(params, { seed, block, space }) {
    const changes = changesOf(params)
    const inside: Space = space ?? {}
    const points = changes.map(change => readPoint(inside, change.params).point)
    const at = (entry: number, now: object, random: () => number) =>
      completePoint(inside, { ...now, ...points[entry] }, random)
    return build({ seed, block, steps: changes.map(({ step }) => step), at })
  },
}

type Change = { readonly step: number; readonly params: Params }

const listOf = (params: Params): readonly Json[] => (Array.isArray(params.schedule) ? params.schedule : [])
const changesOf = (params: Params) => listOf(params) as unknown as readonly Change[]

function formProblem(change: Json, place: number): string[] {
  const { step, params } = change as Partial<Change>
  const words = []
  if (!Number.isSafeInteger(step) || Number(step) < 1)
    words.push('step must be a whole number from 1 on: what a trial begins with stands in `initial` of the search')
  if (typeof params !== 'object' || params === null || Array.isArray(params))
    words.push('params must be a map of values')
  return words.map(word => `schedule, change ${place}: ${word}`)
}

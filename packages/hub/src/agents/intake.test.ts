import { frame } from '@flambe/protocol'
import { expect, it } from 'vitest'
import { takeApart } from './intake.ts'

const bytes = (...records: object[]): Uint8Array =>
  Buffer.concat(records.map(r => Buffer.from(frame(new TextEncoder().encode(JSON.stringify(r))))))
const points = (step: number, values: { readonly [tag: string]: number }) => ({
  t: 'points',
  time: 1,
  step,
  tags: Object.keys(values),
  values: Object.values(values),
})
const result = (step: number, metric: number) => ({ t: 'result', time: 1, step, metric })

it('tells each result with what the watched tags were at that moment, over the ends of batches', () => {
  const watched = new Map([['leaves', '.nan' as number | '.nan']])
  const first = bytes(result(1, 0.5), points(2, { leaves: 7, other: 1 }), result(2, 0.4), points(3, { leaves: 5 }))
  expect(takeApart(first, 0, watched).results).toEqual([
    { step: 1, metric: 0.5, metrics: { leaves: '.nan' } },
    { step: 2, metric: 0.4, metrics: { leaves: 7 } },
  ])
  expect(takeApart(bytes(result(3, 0.3)), first.length, watched).results).toEqual([
    { step: 3, metric: 0.3, metrics: { leaves: 5 } },
  ])
})

it('says nothing of tags that nobody watches', () => {
  expect(takeApart(bytes(points(1, { leaves: 7 }), result(1, 0.5)), 0, new Map()).results).toEqual([
    { step: 1, metric: 0.5 },
  ])
})

it('keeps a record of more tags, or with a longer name, than one may have as an error of the attempt (S11)', () => {
  const many = points(1, Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`tag ${n}`, n])))
  const long = points(2, { ['x'.repeat(501)]: 1 })
  const taken = takeApart(bytes(many, long, points(3, { ['x'.repeat(500)]: 1 })), 0, new Map())
  expect(taken.points.map(({ steps }) => steps)).toEqual([[3]])
  expect(taken.others.map(({ json }) => JSON.parse(json).message.slice(0, 32))).toEqual([
    'record that fits no kind: tags T',
    'record that fits no kind: tags.0',
  ])
})

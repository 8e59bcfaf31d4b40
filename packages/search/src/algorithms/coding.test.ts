import { describe, expect, it } from 'vitest'
import { randomStream } from '../random.ts'
import { draw, type Space } from '../space.ts'
import { codesOf, codingOf, type NumericDimension, sizeOf, UNKNOWN } from './coding.ts'

const every: Space = {
  a: { kind: 'uniform', low: -2, high: 3 },
  b: { kind: 'loguniform', low: 1e-4, high: 10 },
  c: { kind: 'quniform', low: 0.1, high: 1, q: 0.4 },
  d: { kind: 'qloguniform', low: 1, high: 64, q: 4 },
  e: { kind: 'randint', low: -3, high: 4 },
  f: { kind: 'lograndint', low: 1, high: 200 },
  g: { kind: 'normal', mean: 5, sd: 2 },
  h: { kind: 'qnormal', mean: 0, sd: 3, q: 0.5 },
  i: {
    kind: 'choice',
    options: [
      { value: { tag: 'A', index: 0 }, children: { x: { kind: 'uniform', low: 0, high: 1 } } },
      { value: null, children: { x: { kind: 'randint', low: 5, high: 9 } } },
    ],
  },
}

const coding = codingOf(every)
const numbers = coding.all.filter((d): d is NumericDimension => d.kind === 'number')

describe('codes', () => {
  it('give back every assignment that can be drawn', () => {
    for (let number = 1; number <= 200; number++) {
      const assignment = draw(every, randomStream(1, 'coding', number))
      const back = coding.decode(coding.encode(assignment))
      expect(back).toEqual(assignment)
    }
  })

  it('keep each drawn value, its inner place and its cell inside the range, and snap to it', () => {
    for (let number = 1; number <= 200; number++) {
      const code = coding.encode(draw(every, randomStream(2, 'coding', number)))
      for (const d of numbers) {
        const value = code[d.at] ?? Number.NaN
        if (Number.isNaN(value)) continue
        const inner = d.inward(value)
        expect(inner >= d.low && inner <= d.high).toBe(true)
        if (d.name !== 'g') expect(d.outward(inner)).toBeCloseTo(value, 9)
        const [from, to] = d.cell(value)
        expect(from <= inner && inner <= to).toBe(true)
      }
    }
  })

  it('give the values of a range cells that fill it without gaps', () => {
    for (const d of numbers.filter(({ size }) => Number.isFinite(size))) {
      const values = Array.from({ length: d.size }, (_, at) => d.ends[0] + at * d.step)
      const cells = values.map(value => d.cell(value))
      expect(cells[0]?.[0]).toBeCloseTo(d.low, 9)
      expect(cells.at(-1)?.[1]).toBeCloseTo(d.high, 9)
      cells.slice(1).forEach(([from], at) => void expect(from).toBeCloseTo(cells[at]?.[1] ?? Number.NaN, 9))
      expect([d.outward(d.low), d.outward(d.high)]).toEqual([d.ends[0], values.at(-1)])
    }
  })

  it('know a value that is gone from a choice, and what is not active', () => {
    const code = coding.encode({ ...draw(every, () => 0.3), i: 'gone' })
    const i = coding.all.find(({ name }) => name === 'i')
    expect(code[i?.at ?? -1]).toBe(UNKNOWN)
    expect(coding.all.filter(({ name }) => name === 'x').map(({ at }) => code[at])).toEqual([Number.NaN, Number.NaN])
  })

  it('list a finite space once each', () => {
    const finite = codingOf({
      e: every.e ?? never(),
      i: { kind: 'choice', options: [{ value: 1, children: { c: every.c ?? never() } }, { value: 2 }] },
    })
    const codes = codesOf(finite).map(code => code.join())
    expect(sizeOf(finite.roots)).toBe(7 * 4)
    expect(new Set(codes).size).toBe(28)
    expect(sizeOf(coding.roots)).toBe(Number.POSITIVE_INFINITY)
  })
})

function never(): never {
  throw new Error('not in the space')
}

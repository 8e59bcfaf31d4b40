import { expect, test } from 'vitest'
import { decode, encode } from './values.ts'

const round = (value: unknown) =>
  decode(JSON.parse(JSON.stringify(encode(value, () => undefined))), () => expect.unreachable())

test('numbers that JSON has no word for come back as they were', () => {
  const back = round([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 5e-324, 0.1]) as number[]
  expect(back.map(v => Object.is(v, -0))).toEqual([false, false, false, true, false, false, false])
  expect(back).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 5e-324, 0.1])
})

test('keys keep their order, and prototype keys stay plain keys', () => {
  const map = JSON.parse('{"b": 1, "a": {"__proto__": {"x": 1}}, "c": null}')
  const back = round(map) as typeof map
  expect(Object.keys(back)).toEqual(['b', 'a', 'c'])
  expect(Object.keys(back.a)).toEqual(['__proto__'])
  expect(back.a.x).toBeUndefined()
})

test('a map that looks like a tag is not taken for one', () => {
  const map = { $number: 'NaN', $tensor: 'w', plain: 1 }
  expect(round(map)).toEqual(map)
})

test('what is not data is refused by name', () => {
  expect(() => encode({ a: [{ when: new Date(0) }] }, () => undefined)).toThrow('a.0.when: Date is not data')
  expect(() => encode({ f: () => 1 }, () => undefined)).toThrow('f: function is not data')
})

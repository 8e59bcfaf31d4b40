import { expect, test } from 'vitest'
import { ConfigurationError } from '../core/failure.ts'
import { classify } from './ending.ts'

test('a failure is one line, and whatever else was said stands in its stack', () => {
  const long = new Error('the shapes differ:\n\n  [2, 3] and [3, 2]\nin layer dense_1')
  const { message, stack } = classify(long)
  expect(message).toBe('the shapes differ: [2, 3] and [3, 2]')
  expect(stack).toContain('in layer dense_1')
  expect(stack).toContain('ending.test.ts')
  const bare = Object.assign(new Error('first\nsecond'), { stack: 'no message in here' })
  expect(classify(bare)).toEqual({ class: 'user-code', message: 'first', stack: 'first\nsecond\nno message in here' })
  expect(classify('a text\nof two lines')).toMatchObject({
    message: 'thrown: a text',
    stack: 'thrown: a text\nof two lines',
  })
})

test('a failure never ends in a colon, and never says nothing', () => {
  expect(classify(new Error('ended with exit code 3:\n')).message).toBe('ended with exit code 3')
  expect(classify(new TypeError('')).message).toBe('TypeError')
  expect(classify(new ConfigurationError('a:\n b:\n', 'pipeline.t')).message).toBe('pipeline.t: a: b')
})

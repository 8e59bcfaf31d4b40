import { expect, it } from 'vitest'
import { allOf, headline } from './reason.ts'

const PYTHON =
  'bad.py ended with exit code 1:\nTraceback (most recent call last):\n  File "bad.py", line 5\nValueError: no such column\n'

it('says in one line how it ended and what it said last', () => {
  expect(headline(PYTHON)).toBe('bad.py ended with exit code 1: ValueError: no such column')
  expect(headline('sh ended with exit code 3')).toBe('sh ended with exit code 3')
})

it('leaves no colon that leads to nothing', () => {
  expect(headline('bad.py ended with exit code 3:')).toBe('bad.py ended with exit code 3')
  expect(headline('bad.py ended with exit code 3:\n\n')).toBe('bad.py ended with exit code 3')
  expect(headline('block a: ended with exit code 3:; block b: ended with exit code 1:')).toBe(
    'block a: ended with exit code 3; block b: ended with exit code 1',
  )
  expect(allOf('bad.py ended with exit code 3:')).toEqual(['bad.py ended with exit code 3'])
})

it('shows all lines, the last ten of a long one, without control characters', () => {
  expect(allOf(PYTHON)).toHaveLength(4)
  const long = allOf(`failed:\n${Array.from({ length: 30 }, (_, i) => `line ${i}`).join('\n')}`)
  expect([long.length, long[0], long[1], long.at(-1)]).toEqual([12, 'failed:', '…', 'line 29'])
  expect(headline('\x1b[31mred\x1b[0m\x07 alert')).toBe('red alert')
})

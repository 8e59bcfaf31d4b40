import { expect, it } from 'vitest'
import { csv } from './save.ts'

it('quotes what needs it', () => {
  expect(csv([['a', 'b,c', 'd "e"', 1.5, null, '']])).toBe('a,"b,c","d ""e""",1.5,,\n')
})

it('never lets a name become a formula (S6)', () => {
  expect(csv([['=1+1', '+x', '@y', '-z', '-1', '-.inf']])).toBe("'=1+1,'+x,'@y,'-z,-1,-.inf\n")
})

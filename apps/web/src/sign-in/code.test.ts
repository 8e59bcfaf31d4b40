import { expect, it } from 'vitest'
import { codeOf, ownPage } from './code.ts'

it('reads the code from the fragment in either form', () => {
  expect(codeOf('http://127.0.0.1:4600/sign-in#code=abc_-1')).toBe('abc_-1')
  expect(codeOf('#abc')).toBe('abc')
  expect([codeOf(''), codeOf('#'), codeOf('#other=1'), codeOf('abc')]).toEqual([null, null, null, null])
})

it('goes on to own pages only (S4)', () => {
  expect(ownPage('/e/abc?tab=config')).toBe('/e/abc?tab=config')
  for (const evil of ['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', null]) {
    expect(ownPage(evil)).toBe('/')
  }
  expect(ownPage('/sign-in')).toBe('/')
})

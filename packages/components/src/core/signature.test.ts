import { expect, test } from 'vitest'
import { signatureOfClass, signatureOfFunction } from './signature.ts'

class Base {
  kept: unknown
  constructor({ model, lr, steps = 1 }: { model: unknown; lr: number; steps?: number }) {
    this.kept = [model, lr, steps]
  }
}

test('keywords are the names in the pattern of the constructor, those without default are required', () => {
  expect(signatureOfClass(Base)).toEqual({
    names: [
      { name: 'model', required: true },
      { name: 'lr', required: true },
      { name: 'steps', required: false, default: 1 },
    ],
    open: false,
  })
})

test('a class without a constructor takes the keywords of its base', () => {
  class Sub extends Base {
    // constructor({ wrong }) stands in a comment only
    text = 'constructor({ wrong })'
    pattern = /[(]"constructor\(/
    other() {
      return this.constructor(3)
    }
  }
  expect(signatureOfClass(Sub)?.names.map(n => n.name)).toEqual(['model', 'lr', 'steps'])
})

test('renamed, nested and quoted names, defaults with brackets, and a rest element', () => {
  // Spelled as text: a formatter would tidy away what this is about.
  const text = `({ data: local, 'odd-key': odd, list = [1, { a: ',' }], fn = (a, b = '}') => a + b, text = 'x', ...rest }) => 1`
  const make = new Function(`return ${text}`)()
  expect(signatureOfFunction(make)).toEqual({
    names: [
      { name: 'data', required: true },
      { name: 'odd-key', required: true },
      { name: 'list', required: false },
      { name: 'fn', required: false },
      { name: 'text', required: false, default: 'x' },
    ],
    open: true,
  })
})

test('a parameter that is no pattern says nothing, none at all means no keywords', () => {
  expect(signatureOfFunction((args: unknown) => args)).toBeNull()
  expect(signatureOfFunction(() => 1)).toEqual({ names: [], open: false })
  expect(signatureOfClass(class {})).toEqual({ names: [], open: false })
})

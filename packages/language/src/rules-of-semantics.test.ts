import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const page = readFileSync(join(root, 'docs/semantics.md'), 'utf8')
const FAMILIES: { readonly [family: string]: number } = {
  DOC: 11,
  TAG: 7,
  SCH: 7,
  LNK: 17,
  OPT: 18,
  VAR: 11,
  RED: 13,
  SCD: 6,
  RES: 9,
  RSC: 10,
  FAIL: 8,
  EXP: 6,
  OUT: 7,
  PRG: 5,
  STA: 10,
}

it('docs/semantics.md names a test for every rule', () => {
  const named = new Set<string>()
  for (const [, from, first, to] of page.matchAll(/\b([A-Z]+)-(\d+)(?: \.\. [A-Z]+-(\d+))?/g))
    for (let n = Number(first); n <= Number(to ?? first); n += 1) named.add(`${from}-${n}`)
  const all = Object.entries(FAMILIES).flatMap(([family, last]) =>
    Array.from({ length: last }, (_, i) => `${family}-${i + 1}`),
  )
  expect(all.filter(rule => !named.has(rule))).toEqual([])
})

it('every test that docs/semantics.md names is there', () => {
  const held = [...page.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '').filter(text => text.includes('/'))
  expect(held.length).toBeGreaterThan(80)
  const lost = held.filter(one => {
    const [file = '', words = ''] = one.split(' > ')
    return !readFileSync(join(root, file), 'utf8').replaceAll('`', '').includes(words)
  })
  expect(lost).toEqual([])
})

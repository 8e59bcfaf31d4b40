// Ranking and trie against the plain structures that they stand for, and that a change leaves what was before untouched.

import { describe, expect, it } from 'vitest'
import { canonical } from '../json.ts'
import { randomStream } from '../random.ts'
import {
  betterThan,
  type Entry,
  emptyRanking,
  entryAt,
  placeOf,
  quantileOf,
  sizeOf,
  withEntry,
  withoutEntry,
} from './ranking.ts'
import { between, emptyTrie, getAt, setAt, type Trie } from './trie.ts'

describe('a ranking', () => {
  it('agrees with a sorted list through insertions and removals, with ties', () => {
    const random = randomStream(1, 'ranking', 1)
    let ranking = emptyRanking
    let plain: Entry[] = []
    for (let trial = 1; trial <= 1500; trial++) {
      const score = Math.floor(random() * 200)
      ranking = withEntry(ranking, score, trial)
      plain = [...plain, [score, trial] as const].sort((a, b) => b[0] - a[0] || a[1] - b[1])
      const leaving = plain[Math.floor(random() * plain.length)]
      if (trial % 3 === 0 && leaving !== undefined) {
        ranking = withoutEntry(ranking, leaving[0], leaving[1])
        plain = plain.filter(entry => entry !== leaving)
      }
    }
    expect(ranking.flat()).toEqual(plain)
    expect(sizeOf(ranking)).toBe(plain.length)
    for (const [place, [score, trial]] of plain.entries()) {
      expect(placeOf(ranking, score, trial)).toBe(place)
      expect(entryAt(ranking, place)).toEqual([score, trial])
      expect(betterThan(ranking, score)).toBe(plain.filter(entry => entry[0] > score).length)
    }
  })

  it('interpolates quantiles and knows none of nobody', () => {
    const ranking = [4, 3, 2, 1].reduce((so, score) => withEntry(so, score, 9 - score), emptyRanking)
    expect(quantileOf(ranking, 0.5)).toBe(2.5)
    expect(quantileOf(ranking, 0)).toBe(4)
    expect(quantileOf(emptyRanking, 0.5)).toBeUndefined()
  })

  it('is not changed in place', () => {
    const ranking = withEntry(emptyRanking, 1, 1)
    const bytes = canonical(ranking)
    withoutEntry(withEntry(ranking, 2, 2), 1, 1)
    expect(canonical(ranking)).toBe(bytes)
    expect(withoutEntry(ranking, 1, 2)).toBe(ranking)
  })
})

describe('a trie', () => {
  it('agrees with a map for near and far keys', () => {
    const random = randomStream(1, 'trie', 1)
    let trie: Trie<number> = emptyTrie
    const plain = new Map<number, number>()
    for (let round = 0; round < 800; round++) {
      const key = Math.floor(random() * 10 ** (1 + (round % 8)))
      trie = setAt(trie, key, round)
      plain.set(key, round)
    }
    for (const [key, value] of plain) expect(getAt(trie, key)).toBe(value)
    expect(getAt(trie, 987_654_321)).toBeUndefined()
    expect(between(trie, 10, 5000)).toEqual(
      [...plain].filter(([key]) => key > 10 && key < 5000).sort((a, b) => a[0] - b[0]),
    )
  })

  it('is not changed in place and is Json', () => {
    const trie = setAt(setAt(emptyTrie as Trie<string>, 3, 'a'), 40, 'b')
    const bytes = canonical(trie)
    setAt(trie, 3, 'c')
    expect(canonical(trie)).toBe(bytes)
    expect(JSON.parse(bytes)).toEqual(trie)
    expect(() => setAt(trie, -1, 'x')).toThrow('no key')
  })
})

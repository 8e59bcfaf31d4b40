import { expect, it } from 'vitest'
import { filterOf, nextSort, pagesFor, sortOf, sortText, trialsInput } from './trial-filter.ts'

const params = (text: string) => {
  const search = new URLSearchParams(text)
  return (name: string) => search.get(name) ?? ''
}

it('reads the filter from the URL and forgets what makes no sense', () => {
  expect(filterOf(params('block=train&state=running&q=adam&sort=-metric,params.train.lr'))).toEqual({
    block: 'train',
    state: 'running',
    search: 'adam',
    sort: [
      { by: 'metric', desc: true },
      { by: 'params.train.lr', desc: false },
    ],
  })
  expect(filterOf(params('state=nonsense&sort=,-'))).toEqual({ block: '', state: '', search: '', sort: [] })
})

it('writes the sort back as it was', () => {
  expect(sortText(sortOf('-metric,number'))).toBe('-metric,number')
})

it('asks for nothing that is not filtered', () => {
  expect(trialsInput('e1', filterOf(params('')), 0, 200)).toEqual({ experiment: 'e1', offset: 0, limit: 200 })
})

it('covers the rows in view and one page around them', () => {
  expect(pagesFor(0, 30, 200, 10_000)).toEqual([0, 1])
  expect(pagesFor(390, 430, 200, 10_000)).toEqual([0, 1, 2, 3])
  expect(pagesFor(9990, 9999, 200, 10_000)).toEqual([48, 49])
  expect(pagesFor(0, 0, 200, 0)).toEqual([0])
})

it('goes through both directions and back to none; Shift adds', () => {
  const once = nextSort([], 'best', false, 'max')
  const twice = nextSort(once, 'best', false, 'max')
  expect([once, twice, nextSort(twice, 'best', false, 'max')]).toEqual([
    [{ by: 'best', desc: true }],
    [{ by: 'best', desc: false }],
    [],
  ])
  expect(nextSort(once, 'params.train.lr', true, 'max').map(one => one.by)).toEqual(['best', 'params.train.lr'])
})

it('begins with the best where less is better', () => {
  expect(nextSort([], 'best', false, 'min')).toEqual([{ by: 'best', desc: false }])
})

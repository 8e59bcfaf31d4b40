import { expect, it } from 'vitest'
import { edgesOf, reduceText } from './dag-edges.ts'
import { extent, NODE, placeBlocks } from './dag-layout.ts'

const block = (id: string, depends_on: string[] = [], k: number | null = null, count = 6) => ({
  id,
  depends_on,
  count,
  reduce: k === null ? null : { k, mode: 'max' as const },
})

const pipeline = [
  block('data', [], null, 1),
  block('model', ['data'], null, 2),
  block('train', ['data', 'model'], 1),
  block('evaluate', ['data', 'train'], null, 1),
]

it('draws only the links that no other path implies', () => {
  expect(edgesOf(pipeline).map(edge => edge.id)).toEqual(['data→model', 'model→train', 'train→evaluate'])
})

it('says what reduce keeps once, at its block', () => {
  expect(pipeline.map(reduceText)).toEqual([null, null, '6 → 1', null])
  expect(reduceText(block('few', [], 4, 2))).toBe('2 → 2')
  expect(reduceText(undefined)).toBe(null)
})

it('places blocks in the order of their links, without overlap', () => {
  const places = placeBlocks([...pipeline, block('other', ['data'])], 'LR')
  const x = new Map(places.map(place => [place.id, place.x]))
  expect(x.get('data')).toBeLessThan(x.get('model') as number)
  expect(x.get('model')).toBeLessThan(x.get('train') as number)
  for (const a of places)
    for (const b of places)
      if (a !== b) expect(Math.abs(a.x - b.x) >= NODE.width || Math.abs(a.y - b.y) >= NODE.height).toBe(true)
})

it('ignores a link to a block that is not there', () => {
  expect(edgesOf([block('a', ['ghost'])])).toEqual([])
})

it('measures what the blocks take up', () => {
  const across = extent(placeBlocks(pipeline, 'LR'))
  expect(across.height).toBe(NODE.height)
  expect(across.width).toBeGreaterThan(4 * NODE.width)
  expect(extent(placeBlocks(pipeline, 'TB')).width).toBe(NODE.width)
  expect(extent([])).toEqual({ width: 0, height: 0 })
})

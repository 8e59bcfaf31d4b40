/** Bars of `flambe run`: no line is wider than the terminal. */
import { stripVTControlCharacters } from 'node:util'
import type { BlockView, ExperimentDetail } from '@flambe/hub'
import { expect, it } from 'vitest'
import { bars } from './progress.ts'

const block = (id: string, trials: BlockView['trials']) =>
  ({
    id,
    state: 'running',
    count: 100,
    trials,
    best: { metric: 0.97654 },
    started: 0,
    ended: null,
  }) as unknown as BlockView
const shown = (blocks: readonly BlockView[], columns: number) =>
  stripVTControlCharacters(bars({ block_list: blocks } as unknown as ExperimentDetail, columns, 3_723_000)).split('\n')

it('fit the terminal, whatever there is to say', () => {
  const busy = block('a_block_with_a_very_long_name_that_goes_on_and_on', {
    success: 20,
    failure: 3,
    running: 8,
    masked: 9,
    cancelled: 4,
  })
  for (const columns of [60, 80, 120])
    for (const line of shown([busy, block('b', { running: 1 })], columns)) expect(line.length).toBeLessThan(columns)
})

it('show what has begun, however small its share, and never more than the whole', () => {
  const [line = ''] = shown([block('train', { failure: 1, running: 99 })], 80)
  expect(line).toMatch(/1\/100 {2}99 running {2}1 failed {2}best 0\.9765/)
  const cells = line.match(/[━─]+/)?.[0] ?? ''
  expect(cells.length).toBeLessThanOrEqual(30)
})

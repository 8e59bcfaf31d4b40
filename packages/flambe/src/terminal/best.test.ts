/** The closing table fits the terminal and names options as short as they are clear. */
import { stripVTControlCharacters } from 'node:util'
import type { BlockView, ExperimentDetail, TrialView } from '@flambe/hub'
import { expect, it } from 'vitest'
import { bestTables, shortNames } from './best.ts'

const trial = (number: number, metric: TrialView['metric'], params: TrialView['params']) =>
  ({
    block: 'train',
    number,
    metric,
    params,
    step: 20,
    kept: number === 2,
    started: 0,
    ended: 1500,
  }) as unknown as TrialView
const experiment = (mode: 'min' | 'max') =>
  ({
    block_list: [{ id: 'train', mode, reduce: { k: 1, mode } } as unknown as BlockView],
  }) as unknown as ExperimentDetail
const lines = (mode: 'min' | 'max', trials: readonly TrialView[], columns = 80) =>
  stripVTControlCharacters(bestTables(experiment(mode), trials, columns)).split('\n')

it('ranks in the direction of the block, NaN last', () => {
  const trials = [trial(1, '.nan', {}), trial(2, 0.5, {}), trial(3, '-.inf', {}), trial(4, 0.7, {})]
  const order = (mode: 'min' | 'max') =>
    lines(mode, trials)
      .slice(2)
      .map(line => line.match(/(\d) {2}/)?.[1])
  expect(order('min')).toEqual(['3', '2', '4', '1'])
  expect(order('max')).toEqual(['4', '2', '3', '1'])
})

it('keeps within the width and names the options that found no room', () => {
  const params = (n: number) =>
    Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`train.model.option_number_${i}`, n]))
  const shown = lines('max', [trial(1, 0.25, params(1)), trial(2, 0.75, params(2))])
  expect(Math.max(...shown.slice(0, -1).map(line => line.trimEnd().length))).toBeLessThanOrEqual(80)
  expect(shown[1]).toContain('option_number_0')
  expect(shown.at(-1)).toContain('option_number_8: see params.json')
})

it('shortens names as far as they stay apart', () => {
  expect([...shortNames(['train.optimizer.lr', 'tune.optimizer.lr', 'train.model.width']).values()]).toEqual([
    'train.optimizer.lr',
    'tune.optimizer.lr',
    'width',
  ])
})

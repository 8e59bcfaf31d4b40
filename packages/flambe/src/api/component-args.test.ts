/** The types of keywords are those of the catalogue, and the compiler holds pipelines to them. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { componentArgs } from '../../scripts/component-args.ts'
import { c, Experiment, g, link } from '../index.ts'

/** What the formatter adds or takes. */
const bare = (text: string) => text.replaceAll(/[\s'"|;,]/g, '')

it('the generated file is in step with the catalogue: `pnpm generate` writes it', () => {
  const written = readFileSync(new URL('component-args.ts', import.meta.url), 'utf8')
  expect(bare(written)).toBe(bare(componentArgs()))
})

it('wrong tags and keywords do not compile', () => {
  // @ts-expect-error no such tag
  c('Trainr')
  // @ts-expect-error `lr` is a number, a link or an option
  c('Adam', { lr: 'fast' })
  // @ts-expect-error no such keyword
  c('Adam', { lrr: 0.1 })
  // @ts-expect-error `max_t` is required
  c('ASHA', {})
  // @ts-expect-error so it needs keywords at all
  c('ASHA')
  // @ts-expect-error a metric is no dataset
  const wrong = () => c('Evaluator', { dataset: c('Accuracy'), model: link('m'), metric_fn: c('Accuracy') })
  // @ts-expect-error a scheduler is no search algorithm
  const swapped = () => new Experiment({ name: 'x', pipeline: {}, search: { a: c('ASHA', { max_t: 3 }) } })
  const right = () =>
    c('Evaluator', { dataset: link('d'), model: c('ext.Model'), metric_fn: g([c('Accuracy'), c('BPC')]) })
  expect([wrong, swapped, right].map(make => typeof make())).toEqual(['object', 'object', 'object'])
  expect(c('Adam', { lr: g([0.1, 0.2]) }).tag).toBe('Adam')
  expect(c('MLPEncoder', { input_size: link('a.size'), output_size: 3 }).tag).toBe('MLPEncoder')
  expect(c('ext.Anything', { at: ['all'] }).tag).toBe('ext.Anything')
})

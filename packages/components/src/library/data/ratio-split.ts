/** Cuts rows into train, val and test by ratios, with a seed of its own: every trial of an experiment must see the same cut. */
import { z } from 'zod'
import { random } from '../../core/random.ts'
import type { Splits } from './dataset.ts'

export const ratioParams = {
  test_ratio: z.number().min(0).lt(1).default(0.2).describe('Share of all rows that becomes the test split'),
  val_ratio: z.number().min(0).lt(1).default(0.2).describe('Share of the remaining rows that becomes the val split'),
  seed: z.number().int().default(0).describe("Seed of the cut. Not the trial's: all trials must see the same cut"),
} as const

export interface Ratios {
  readonly test_ratio: number
  readonly val_ratio: number
  readonly seed: number
}

/** Row numbers a split, shuffled. */
export function ratioSplit(rows: number, { test_ratio, val_ratio, seed }: Ratios): Splits<number[]> {
  const order = random(seed, 'split').shuffle(Array.from({ length: rows }, (_, i) => i))
  const test = Math.round(rows * test_ratio)
  const val = Math.round((rows - test) * val_ratio)
  return { test: order.slice(0, test), val: order.slice(test, test + val), train: order.slice(test + val) }
}

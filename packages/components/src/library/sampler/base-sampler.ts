/** Shuffled or ordered batches of equal size (rule DAT-5, with its seed honoured and its length counted right). */
import { z } from 'zod'
import { random } from '../../core/random.ts'
import type { Split } from '../data/split.ts'
import { type Batches, Sampler } from './sampler.ts'

const params = z
  .object({
    batch_size: z.number().int().min(1).default(64).describe('Examples a batch'),
    shuffle: z.boolean().default(true).describe('A new order every epoch'),
    drop_last: z.boolean().default(false).describe('Leave out a last, smaller batch'),
    downsample: z.number().gt(0).max(1).nullable().default(null).describe('Use only this share of the rows, in (0, 1]'),
    downsample_max_samples: z.number().int().min(1).nullable().default(null).describe('Use at most this many rows'),
    downsample_seed: z.number().int().default(0).describe('Chooses the rows that are used'),
    seed: z.number().int().nullable().default(null).describe("Seed of the order; default: the trial's seed"),
  })
  .refine(p => p.downsample === null || p.downsample_max_samples === null, {
    error: 'downsample and downsample_max_samples exclude each other',
  })

export class BaseSampler extends Sampler {
  static override readonly description = 'Batches of a split, shuffled anew every epoch, or in order.'
  static override readonly params = params
  static override readonly attributes = ['batch_size', 'drop_last']

  readonly batch_size: number
  readonly drop_last: boolean
  readonly #p: z.output<typeof params>

  constructor(args: z.input<typeof params> = {}) {
    super()
    this.#p = params.parse(args)
    this.batch_size = this.#p.batch_size
    this.drop_last = this.#p.drop_last
  }

  length(split: Split): number {
    const batches = this.#used(split) / this.batch_size
    return this.drop_last ? Math.floor(batches) : Math.ceil(batches)
  }

  sample(split: Split, n_epochs = 1): Batches {
    if (split.length === 0) throw new Error('the split is empty: there is nothing to sample')
    const per_epoch = this.length(split)
    if (per_epoch === 0)
      throw new Error(`drop_last leaves no batch: ${this.#used(split)} rows make no batch of ${this.batch_size}`)
    const rows = this.#rows(split)
    const { shuffle } = this.#p
    const seed = this.#p.seed ?? this.seed
    const size = this.batch_size
    // The order of an epoch depends on seed and epoch alone, so a position is enough to go on in the middle of one.
    const orderOf = (epoch: number) => (shuffle ? random(seed, `epoch ${epoch}`).shuffle(rows.slice()) : rows)
    let order = orderOf(0)
    let ordered = 0
    return {
      per_epoch,
      position: { epoch: 0, batch: 0 },
      next() {
        const { epoch, batch } = this.position
        if (n_epochs >= 0 && epoch >= n_epochs) return null
        if (epoch !== ordered) {
          order = orderOf(epoch)
          ordered = epoch
        }
        this.position = batch + 1 === per_epoch ? { epoch: epoch + 1, batch: 0 } : { epoch, batch: batch + 1 }
        return split.batch(order.subarray(batch * size, Math.min(order.length, (batch + 1) * size)))
      },
    }
  }

  #used(split: Split): number {
    const { downsample, downsample_max_samples } = this.#p
    if (downsample !== null) return Math.max(1, Math.round(split.length * downsample))
    return Math.min(split.length, downsample_max_samples ?? split.length)
  }

  #rows(split: Split): Int32Array {
    const all = Int32Array.from({ length: split.length }, (_, i) => i)
    const used = this.#used(split)
    if (used === split.length) return all
    return random(this.#p.downsample_seed, 'downsample').shuffle(all).slice(0, used).sort()
  }
}

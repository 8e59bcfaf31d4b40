/** The base of samplers: the order in which a split's rows become batches. */
import { Component } from '../../core/component.ts'
import type { tf } from '../../tf.ts'
import type { Split } from '../data/split.ts'

/** Where a run over batches stands: with the seed, all that is needed to go on exactly there. */
export interface Position {
  /** Whole passes over the data that are behind. */
  readonly epoch: number
  /** Batches of the present pass that are behind. */
  readonly batch: number
}

export interface Batches {
  /** Batches in one epoch. */
  readonly per_epoch: number
  position: Position
  /** New tensors, one a column, which the caller disposes; null when all epochs are through. */
  next(): tf.Tensor[] | null
}

export abstract class Sampler extends Component {
  static override readonly uses_backend: boolean = false

  /** True when every batch has the same size. */
  abstract readonly drop_last: boolean

  /** A new run over the split; `n_epochs` -1 = endless. @throws Error when there is no batch to give. */
  abstract sample(split: Split, n_epochs?: number): Batches

  /** Batches in one epoch. */
  abstract length(split: Split): number
}

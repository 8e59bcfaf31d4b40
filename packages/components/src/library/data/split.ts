/** One part of a dataset (train, val or test), read-only: rows of encoded columns, encoded when first asked for. */
import type { tf } from '../../tf.ts'
import type { Encoded, RawColumn } from './column.ts'

/** How one column of a batch comes from raw columns. */
export interface Transform {
  readonly name: string
  /** Indexes of raw columns. */
  readonly columns: readonly number[]
  encode(columns: readonly RawColumn[]): Encoded
}

export class Split {
  readonly length: number
  /** Names of a batch's columns, in order; by convention the last is the target. */
  readonly names: readonly string[]
  readonly #encoded: readonly (() => Encoded)[]

  constructor(raw: readonly RawColumn[], transforms: readonly Transform[]) {
    this.length = raw[0]?.length ?? 0
    this.names = transforms.map(t => t.name)
    this.#encoded = transforms.map(t => once(() => t.encode(t.columns.map(i => raw[i] as RawColumn))))
    Object.freeze(this)
  }

  /** One new tensor a column, `[rows.length, ...]`; the caller disposes them. */
  batch(rows: ArrayLike<number>): tf.Tensor[] {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number
      if (!(row >= 0 && row < this.length)) throw new RangeError(`row ${row} of a split of ${this.length} rows`)
    }
    return this.#encoded.map(column => column().take(rows))
  }
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

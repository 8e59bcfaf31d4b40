/** Columns of numbers to one vector an example, standardised with the mean and deviation of the train split only. */
import { z } from 'zod'
import { type CellColumn, type Encoded, packed, type RawColumn } from '../data/column.ts'
import type { Splits } from '../data/dataset.ts'
import { Field } from './field.ts'

const params = z.object({
  standardize: z
    .boolean()
    .default(true)
    .describe('Subtract the mean and divide by the standard deviation, both of the train split'),
  missing: z
    .enum(['error', 'mean'])
    .default('error')
    .describe('What an empty cell means: an error, or the mean of the train split'),
})

export class NumericField extends Field {
  static override readonly description = 'Turns one or several columns into a vector of numbers.'
  static override readonly params = params
  static override readonly attributes = ['size', 'mean', 'std']
  static override readonly state = ['size', 'mean', 'std']

  /** Length of an example's vector. */
  size = 0
  mean: readonly number[] = []
  std: readonly number[] = []
  readonly #standardize: boolean
  readonly #missing: 'error' | 'mean'

  constructor(args: z.input<typeof params> = {}) {
    super()
    const p = params.parse(args)
    this.#standardize = p.standardize
    this.#missing = p.missing
  }

  setup({ train }: Splits<readonly RawColumn[]>): void {
    this.size = train.length
    const fitted = train.map(column => fit(this.#numbers(column)))
    this.mean = fitted.map(f => f.mean)
    this.std = fitted.map(f => f.std)
  }

  encode(columns: readonly RawColumn[]): Encoded {
    const rows = columns[0]?.length ?? 0
    const out = new Float32Array(rows * this.size)
    for (const [c, column] of columns.entries()) {
      const mean = this.mean[c] ?? 0
      const std = this.#standardize ? (this.std[c] ?? 1) : 1
      const shift = this.#standardize ? mean : 0
      for (const [row, value] of this.#numbers(column).entries())
        out[row * this.size + c] = ((Number.isNaN(value) ? mean : value) - shift) / std
    }
    return packed(out, [this.size])
  }

  /** NaN where a cell is empty and `missing` allows it. */
  #numbers(column: RawColumn): Float64Array {
    if (column.kind !== 'cells') throw new Error('NumericField takes columns of cells')
    return Float64Array.from((column as CellColumn).values, (cell, row) => {
      const text = typeof cell === 'string' ? cell.trim() : cell
      if (text === null || text === '') {
        if (this.#missing === 'mean') return Number.NaN
        throw new Error(`row ${row} has an empty cell where a number is needed (missing: mean would fill it)`)
      }
      const value = Number(text)
      if (!Number.isFinite(value)) throw new Error(`row ${row} has ${JSON.stringify(cell)}, which is not a number`)
      return value
    })
  }
}

/** Mean and population deviation; 1 for a constant column, so that it becomes 0 instead of NaN. */
function fit(values: Float64Array): { mean: number; std: number } {
  let n = 0
  let mean = 0
  let squares = 0
  // Welford's method: one pass, stable for large means.
  for (const v of values) {
    if (Number.isNaN(v)) continue
    n++
    const delta = v - mean
    mean += delta / n
    squares += delta * (v - mean)
  }
  const std = n === 0 ? 0 : Math.sqrt(squares / n)
  return { mean, std: std > 0 ? std : 1 }
}

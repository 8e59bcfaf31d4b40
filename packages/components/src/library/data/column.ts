/**
 * Raw columns, as they were read, and encoded columns, as batches take them. A dataset owns raw columns, a field turns them
 * into an encoded one, a split hands out rows. Nothing here is a tensor until `take`: data lives outside the backend's heap.
 */
import { tf } from '../../tf.ts'

export type Cell = string | number | boolean | null

export interface CellColumn {
  readonly kind: 'cells'
  readonly length: number
  readonly values: readonly Cell[]
}

export interface ImageColumn {
  readonly kind: 'images'
  readonly length: number
  /** Height, width, channels: the same for all. */
  readonly shape: readonly [number, number, number]
  /** Grey levels or colours, 0..255, image after image. Decoded when first asked for. */
  pixels(): Uint8Array
}

export type RawColumn = CellColumn | ImageColumn

export const cells = (values: readonly Cell[]): CellColumn => ({ kind: 'cells', length: values.length, values })

export interface Encoded {
  /** Shape of one example. */
  readonly shape: readonly number[]
  readonly dtype: 'float32' | 'int32'
  /** A new tensor of shape [rows.length, ...shape]; the caller disposes it. */
  take(rows: ArrayLike<number>): tf.Tensor
}

/** Examples that lie one after the other in one typed array. */
export function packed(values: Float32Array | Int32Array, shape: readonly number[]): Encoded {
  const size = shape.reduce((a, b) => a * b, 1)
  const dtype = values instanceof Int32Array ? 'int32' : 'float32'
  return {
    shape,
    dtype,
    take(rows) {
      const out = dtype === 'int32' ? new Int32Array(rows.length * size) : new Float32Array(rows.length * size)
      if (size === 1) for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] as number] as number
      else
        for (let i = 0; i < rows.length; i++) {
          const from = (rows[i] as number) * size
          out.set(values.subarray(from, from + size), i * size)
        }
      return tf.tensor(out, [rows.length, ...shape], dtype)
    },
  }
}

/** Images of bytes to numbers, scaled lazily, batch by batch: the bytes stay the only copy. */
import { z } from 'zod'
import { tf } from '../../tf.ts'
import type { Encoded, RawColumn } from '../data/column.ts'
import type { Splits } from '../data/dataset.ts'
import { Field } from './field.ts'

const params = z.object({
  scale: z
    .number()
    .positive()
    .default(1 / 255)
    .describe('Pixels (0..255) are multiplied by this'),
  mean: z.number().default(0).describe('Subtracted after scaling'),
  std: z.number().positive().default(1).describe('Divided by, after the mean was subtracted'),
})

export class ImageField extends Field {
  static override readonly description = 'Turns images into tensors of height x width x channels.'
  static override readonly params = params
  static override readonly attributes = ['shape', 'channels', 'size']
  static override readonly state = ['shape']

  /** Height, width, channels. */
  shape: readonly number[] = []
  /** Value of each of the 256 levels. */
  readonly #level: Float32Array

  constructor(args: z.input<typeof params> = {}) {
    super()
    const { scale, mean, std } = params.parse(args)
    this.#level = Float32Array.from({ length: 256 }, (_, v) => (v * scale - mean) / std)
  }

  get channels(): number {
    return this.shape[2] ?? 0
  }
  /** Numbers an image: height x width x channels. */
  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1)
  }

  setup({ train, val, test }: Splits<readonly RawColumn[]>): void {
    const shapes = [train, val, test].map(only).filter(column => column.length > 0)
    const [first] = shapes
    if (first === undefined) throw new Error('there is no image in any split')
    for (const { shape } of shapes)
      if (shape.some((n, i) => n !== first.shape[i]))
        throw new Error(`images differ in size: ${first.shape.join(' x ')} and ${shape.join(' x ')}`)
    this.shape = [...first.shape]
  }

  encode(columns: readonly RawColumn[]): Encoded {
    const column = only(columns)
    const shape = [...column.shape]
    const size = this.size
    const level = this.#level
    return {
      shape,
      dtype: 'float32',
      take(rows) {
        const pixels = column.pixels()
        const out = new Float32Array(rows.length * size)
        let to = 0
        for (let i = 0; i < rows.length; i++) {
          const from = (rows[i] as number) * size
          for (let j = 0; j < size; j++) out[to++] = level[pixels[from + j] as number] as number
        }
        return tf.tensor(out, [rows.length, ...shape], 'float32')
      },
    }
  }
}

function only(columns: readonly RawColumn[]) {
  const [column] = columns
  if (columns.length !== 1 || column?.kind !== 'images')
    throw new Error('ImageField takes exactly one column of images')
  return column
}

import { beforeAll, describe, expect, test } from 'vitest'
import { random } from '../core/random.ts'
import { tf } from '../tf.ts'
import { openBackend } from './open.ts'

beforeAll(() => openBackend('wasm'))

/** The same computation on the patched backend and on the reference. */
async function both(compute: () => tf.Tensor[]): Promise<[Float32Array[], Float32Array[]]> {
  const on = async (backend: string) => {
    await tf.setBackend(backend)
    const made = tf.tidy(compute)
    const values = await Promise.all(made.map(async t => Float32Array.from(await t.data())))
    tf.dispose(made)
    return values
  }
  const reference = await on('cpu')
  return [await on('wasm'), reference]
}

function noise(shape: number[], seed: number): tf.Tensor {
  const stream = random(seed, shape.join())
  return tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => stream.next() * 2 - 1),
    shape,
  )
}

function expectClose([ours, theirs]: [Float32Array[], Float32Array[]], what: string): void {
  expect(ours.length).toBe(theirs.length)
  for (const [i, reference] of theirs.entries()) {
    const scale = Math.max(1e-6, ...reference.map(Math.abs))
    const worst = Math.max(...reference.map((v, k) => Math.abs(v - (ours[i]?.[k] ?? Number.NaN)))) / scale
    expect(worst, what).toBeLessThan(1e-4)
  }
}

const GEOMETRIES = [1, 2, 3, 5].flatMap(kernel =>
  [1, 2, 3].flatMap(stride =>
    (['same', 'valid', 1, 2] as const)
      // `same` with a stride above the kernel is wrong in the native forward kernel; CNNEncoder refuses it.
      .filter(pad => pad !== 'same' || stride <= kernel)
      .flatMap(pad =>
        [[7, 7] as const, [6, 9] as const].map(([height, width]) => ({ kernel, stride, pad, height, width })),
      ),
  ),
)

describe('gradients on the patched wasm backend', () => {
  test(`of convolutions agree with the cpu backend (${GEOMETRIES.length} geometries)`, async () => {
    for (const { kernel, stride, pad, height, width } of GEOMETRIES) {
      const name = `kernel ${kernel}, stride ${stride}, pad ${pad}, ${height} x ${width}`
      const run = () => {
        const x = noise([2, height, width, 3], 1) as tf.Tensor4D
        const filter = noise([kernel, kernel, 3, 4], 2) as tf.Tensor4D
        const rounding = typeof pad === 'number' ? 'floor' : undefined
        const conv = (a: tf.Tensor, f: tf.Tensor) =>
          tf.conv2d(a as tf.Tensor4D, f as tf.Tensor4D, stride, pad, 'NHWC', 1, rounding)
        const out = conv(x, filter)
        return tf.grads((a, f) => conv(a as tf.Tensor, f as tf.Tensor))([x, filter], noise(out.shape, 3))
      }
      expectClose(await both(run), name)
    }
  })

  test('of embeddings sum the rows of a word that stands twice', async () => {
    const result = await both(() => {
      const ids = tf.tensor2d([0, 3, 3, 1, 3, 4], [2, 3], 'int32')
      return [tf.grad(table => tf.gather(table, ids))(noise([6, 4], 1), noise([2, 3, 4], 2))]
    })
    expectClose(result, 'gather')
    // Row 2 and 5 of the table were never read.
    expect([...(result[0][0] as Float32Array).slice(8, 12)]).toEqual([0, 0, 0, 0])
  })

  test('of dense layers and batches of matrices agree, with every combination of transposes', async () => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const)
      for (const batch of [[], [3]])
        expectClose(
          await both(() => {
            const a = noise([...batch, ...(transposeA ? [5, 4] : [4, 5])], 1)
            const b = noise([...batch, ...(transposeB ? [6, 5] : [5, 6])], 2)
            return tf.grads((x, y) => tf.matMul(x as tf.Tensor, y as tf.Tensor, transposeA, transposeB))([a, b])
          }),
          `transposes ${transposeA} ${transposeB}`,
        )
  })

  test('of depthwise convolutions run on the cpu backend and come back', async () => {
    const result = await both(() =>
      tf.grads((x, f) => tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, 1, 'same'))([
        noise([2, 5, 5, 3], 1),
        noise([3, 3, 3, 2], 2),
      ]),
    )
    expectClose(result, 'depthwise')
  })
})

test('one-hots of floats hold ones, not integers read as floats', async () => {
  await tf.setBackend('wasm')
  const hot = tf.oneHot(tf.tensor1d([1, 0], 'int32'), 2, 1, 0, 'float32')
  expect([...(await hot.data())]).toEqual([0, 1, 1, 0])
  hot.dispose()
})

test('patched kernels leave no tensor and no memory behind', async () => {
  await tf.setBackend('wasm')
  const step = () =>
    tf.tidy(() => {
      const x = noise([2, 7, 7, 3], 1) as tf.Tensor4D
      tf.grads((a, f) => tf.conv2d(a as tf.Tensor4D, f as tf.Tensor4D, 1, 'same'))([x, noise([3, 3, 3, 4], 2)])
      tf.grad(table => tf.gather(table, tf.tensor1d([0, 1, 1], 'int32')))(noise([4, 4], 3))
      tf.grads((a, b) => tf.matMul(a as tf.Tensor, b as tf.Tensor))([noise([4, 5], 1), noise([5, 6], 2)])
    })
  step()
  const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()]
  for (let i = 0; i < 5; i++) step()
  expect([tf.memory().numTensors, tf.engine().backend.numDataIds()]).toEqual(before)
})

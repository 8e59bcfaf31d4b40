import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import jpeg from 'jpeg-js'
import { PNG } from 'pngjs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBackend } from '../../backend/open.ts'
import { tf } from '../../tf.ts'
import { ImageField } from '../field/image-field.ts'
import { LabelField } from '../field/label-field.ts'
import { ImageDataset } from './image-dataset.ts'

const DIGITS = fileURLToPath(new URL('../../../../../examples/data/digits', import.meta.url))

let folder: string
beforeAll(async () => {
  await openBackend('wasm')
  folder = await mkdtemp(join(tmpdir(), 'images-'))
})
afterAll(() => rm(folder, { recursive: true }))

function idx(sizes: number[], bytes: number[], type = 8): Buffer {
  const head = Buffer.alloc(4 + 4 * sizes.length)
  head.writeUInt32BE((type << 8) + sizes.length, 0)
  for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i)
  return Buffer.concat([head, Buffer.from(bytes)])
}

async function pair(name: string, count: number): Promise<{ images: string; labels: string }> {
  const images = join(folder, `${name}-images-idx3-ubyte`)
  const labels = join(folder, `${name}-labels-idx1-ubyte.gz`)
  await writeFile(
    images,
    idx(
      [count, 1, 2],
      Array.from({ length: 2 * count }, (_, i) => i),
    ),
  )
  await writeFile(
    labels,
    gzipSync(
      idx(
        [count],
        Array.from({ length: count }, (_, i) => i % 3),
      ),
    ),
  )
  return { images, labels }
}

test('the digits of the examples are read, complete and with every class', async () => {
  const data = ImageDataset.fromIdx({ path: DIGITS })
  expect([data.train.length, data.val.length, data.test.length]).toEqual([7000, 1000, 2000])
  const { image, label } = data as unknown as { image: ImageField; label: LabelField }
  expect(image.shape).toEqual([28, 28, 1])
  expect([...label.vocab].sort()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
  const [pixels, target] = data.train.batch([0, 1]) as [tf.Tensor, tf.Tensor]
  expect([pixels.shape, target.shape, target.dtype]).toEqual([[2, 28, 28, 1], [2], 'int32'])
  const values = await pixels.data()
  expect([Math.min(...values), Math.max(...values)]).toEqual([0, 1])
  tf.dispose([pixels, target])
})

test('files of one split give the others by ratio, always the same for a seed', async () => {
  const { images, labels } = await pair('train', 20)
  const cut = async (seed: number) => {
    const data = new ImageDataset({
      train_images: images,
      train_labels: labels,
      test_ratio: 0.25,
      val_ratio: 0.2,
      seed,
    })
    const firsts = async (split: 'train' | 'val' | 'test') => {
      const batch = data[split].batch(Array.from({ length: data[split].length }, (_, i) => i))
      const values = await (batch[0] as tf.Tensor).data()
      tf.dispose(batch)
      return Array.from(values)
        .filter((_, i) => i % 2 === 0)
        .map(v => Math.round(v * 255) / 2)
    }
    return [await firsts('train'), await firsts('val'), await firsts('test')]
  }
  const one = await cut(1)
  expect(one.map(part => part.length)).toEqual([12, 3, 5])
  expect(one.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i))
  expect(await cut(1)).toEqual(one)
  expect(await cut(2)).not.toEqual(one)
})

test('pixels are scaled, shifted and divided as the field says', async () => {
  const { images, labels } = await pair('scaled', 4)
  const data = new ImageDataset({
    train_images: images,
    train_labels: labels,
    val_ratio: 0,
    test_ratio: 0,
    transform: { image: new ImageField({ scale: 1, mean: 2, std: 4 }), label: new LabelField() },
  })
  const batch = data.train.batch([3, 0]) as [tf.Tensor, tf.Tensor]
  expect(Array.from(await batch[0].data())).toEqual([1, 1.25, -0.5, -0.25])
  tf.dispose(batch)
})

test('files that are not what they should be are errors that name them', async () => {
  const { images, labels } = await pair('right', 4)
  const wrong = join(folder, 'wrong')
  const open = (bytes: Buffer) =>
    writeFile(wrong, bytes).then(() => () => new ImageDataset({ train_images: wrong, train_labels: labels }))
  expect(await open(Buffer.from('hello'))).toThrow(`${wrong}: not an IDX file`)
  expect(await open(idx([4, 1, 2], [1, 2, 3]))).toThrow('3 values where 4 x 1 x 2 = 8 are announced')
  expect(await open(idx([4, 1, 2], new Array(8).fill(0), 0x0d))).toThrow('only bytes')
  expect(await open(idx([5, 1, 2], new Array(10).fill(0)))).toThrow('4 labels for 5 images')
  expect(() => new ImageDataset({ train_images: images, train_labels: labels, val_images: images })).toThrow(
    'val: images and labels are needed both',
  )
  expect(() => ImageDataset.fromIdx({ path: join(folder, 'nothing') })).toThrow('no train-images-idx3-ubyte')
})

test('folders of PNG and JPEG images are read by class, in grey or colour', async () => {
  const root = join(folder, 'pets')
  const rgba = (r: number, g: number, b: number) => Buffer.from(new Array(4).fill([r, g, b, 255]).flat())
  const png = (data: Buffer) => {
    const image = new PNG({ width: 2, height: 2 })
    image.data = data
    return PNG.sync.write(image)
  }
  await mkdir(join(root, 'cat'), { recursive: true })
  await mkdir(join(root, 'dog'))
  await writeFile(join(root, 'cat', '1.png'), png(rgba(255, 0, 0)))
  await writeFile(join(root, 'cat', 'notes.txt'), 'not an image')
  await writeFile(join(root, 'dog', '1.jpg'), jpeg.encode({ data: rgba(200, 200, 200), width: 2, height: 2 }, 100).data)
  const open = (channels: 1 | 3) => ImageDataset.fromFolder({ train_path: root, channels, val_ratio: 0, test_ratio: 0 })

  const colour = open(3).train.batch([0, 1]) as [tf.Tensor, tf.Tensor]
  expect(colour[0].shape).toEqual([2, 2, 2, 3])
  expect(Array.from(await colour[0].data()).slice(0, 3)).toEqual([1, 0, 0])
  expect(Array.from(await colour[1].data())).toEqual([0, 1])
  const grey = open(1).train.batch([0, 1]) as [tf.Tensor, tf.Tensor]
  expect((await grey[0].data())[0]).toBeCloseTo(0.299, 2)
  expect((await grey[0].data())[4]).toBeCloseTo(200 / 255, 2)
  tf.dispose([colour, grey])

  const big = new PNG({ width: 3, height: 2 })
  await writeFile(join(root, 'dog', '2.png'), PNG.sync.write(big))
  expect(() => open(3).train.batch([0])).toThrow('3 x 2 where')
  await writeFile(join(root, 'dog', '2.png'), 'broken')
  expect(() => open(3).train.batch([0])).toThrow('not a readable image')
})

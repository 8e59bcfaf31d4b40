/** Labelled images: IDX files, or folders of PNG and JPEG with one sub-folder a class; splits given, or cut by ratios. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { component } from '../../core/params.ts'
import type { Field } from '../field/field.ts'
import { ImageField } from '../field/image-field.ts'
import { LabelField } from '../field/label-field.ts'
import { Dataset, type Splits } from './dataset.ts'
import { readImageFolder } from './image-file.ts'
import { type Labelled, nothing, pick, readLabelledIdx } from './labelled.ts'
import { type Ratios, ratioParams, ratioSplit } from './ratio-split.ts'

const field = component<Field>('Field')
const common = {
  ...ratioParams,
  transform: z
    .record(z.string(), z.union([field, z.object({ field, columns: z.enum(['image', 'label']) })]))
    .nullable()
    .default(null)
    .describe('Columns of a batch; default `{image: !ImageField, label: !LabelField}`'),
}
const file = (what: string) => z.string().nullable().default(null).describe(what)

const params = z.object({
  train_images: z.string().describe('IDX file (.gz or not) of the train images'),
  train_labels: z.string().describe('IDX file of the train labels'),
  val_images: file('IDX file of the val images; without it, val is cut from train'),
  val_labels: file('IDX file of the val labels'),
  test_images: file('IDX file of the test images; without it, test is cut from train'),
  test_labels: file('IDX file of the test labels'),
  ...common,
})
const fromIdxParams = z.object({
  path: z
    .string()
    .describe(
      'Folder with train-images-idx3-ubyte, train-labels-idx1-ubyte, and so for val and test (or t10k); .gz or not',
    ),
  ...common,
})
const fromFolderParams = z.object({
  train_path: z.string().describe('Folder with one sub-folder of .png or .jpg images a class'),
  val_path: file('Such a folder for val; without it, val is cut from train'),
  test_path: file('Such a folder for test; without it, test is cut from train'),
  channels: z
    .union([z.literal(1), z.literal(3)])
    .default(3)
    .describe('1 = grey, 3 = colour'),
  ...common,
})

type How = Pick<z.output<typeof params>, keyof typeof common>
type Given = { readonly train: Labelled; readonly val: Labelled | null; readonly test: Labelled | null }

export class ImageDataset extends Dataset {
  static override readonly description = 'Images with labels. A batch is `[image, label]`.'
  static override readonly params = params
  static override readonly factories = {
    from_idx: Object.assign(
      function (this: typeof ImageDataset, args: z.input<typeof fromIdxParams>) {
        return ImageDataset.fromIdx(args, this)
      },
      {
        params: fromIdxParams,
        description: 'Reads a folder of IDX files with the names of MNIST.',
      },
    ),
    from_folder: Object.assign(
      function (this: typeof ImageDataset, args: z.input<typeof fromFolderParams>) {
        return ImageDataset.fromFolder(args, this)
      },
      {
        params: fromFolderParams,
        description: 'Reads folders of PNG and JPEG images, one sub-folder a class.',
      },
    ),
  }

  constructor(args: z.input<typeof params> | { readonly given: Given; readonly how: How }) {
    super()
    // Factories have read their files already.
    const p = 'given' in args ? args.how : params.parse(args)
    const { train, val, test } = cut('given' in args ? args.given : fromFiles(params.parse(args)), p)
    const raw = (part: Labelled) => [part.images, part.labels]
    const fields = p.transform ?? { image: new ImageField(), label: new LabelField() }
    this.use({ train: raw(train), val: raw(val), test: raw(test) }, ['image', 'label'], fields)
  }

  static fromIdx(args: z.input<typeof fromIdxParams>, cls = ImageDataset): ImageDataset {
    const p = fromIdxParams.parse(args)
    const pair = (...names: string[]): Labelled | null => {
      for (const name of names) {
        const images = idxFile(p.path, `${name}-images-idx3-ubyte`)
        const labels = idxFile(p.path, `${name}-labels-idx1-ubyte`)
        if (images !== null && labels !== null) return readLabelledIdx(images, labels)
      }
      return null
    }
    const train = pair('train')
    if (train === null)
      throw new Error(`${p.path}: no train-images-idx3-ubyte and train-labels-idx1-ubyte (.gz or not)`)
    return new cls({ given: { train, val: pair('val'), test: pair('test', 't10k') }, how: p })
  }

  static fromFolder(args: z.input<typeof fromFolderParams>, cls = ImageDataset): ImageDataset {
    const p = fromFolderParams.parse(args)
    const read = (path: string | null) => (path === null ? null : readImageFolder(path, p.channels))
    const train = readImageFolder(p.train_path, p.channels)
    return new cls({ given: { train, val: read(p.val_path), test: read(p.test_path) }, how: p })
  }
}

function idxFile(folder: string, name: string): string | null {
  return [name, `${name}.gz`].map(file => join(folder, file)).find(existsSync) ?? null
}

function fromFiles(p: z.output<typeof params>): Given {
  const pair = (split: 'val' | 'test') => {
    const [images, labels] = [p[`${split}_images`], p[`${split}_labels`]]
    if ((images === null) !== (labels === null)) throw new Error(`${split}: images and labels are needed both`)
    return images === null || labels === null ? null : readLabelledIdx(images, labels)
  }
  return { train: readLabelledIdx(p.train_images, p.train_labels), val: pair('val'), test: pair('test') }
}

/** What was given stays; what is missing is cut from train. */
function cut(given: Given, ratios: Ratios): Splits<Labelled> {
  const { val, test } = given
  const rows = ratioSplit(given.train.images.length, {
    seed: ratios.seed,
    test_ratio: test === null ? ratios.test_ratio : 0,
    val_ratio: val === null ? ratios.val_ratio : 0,
  })
  if (rows.train.length === 0) throw new Error('the ratios leave no image for train')
  const whole = rows.val.length === 0 && rows.test.length === 0
  const part = (places: readonly number[]) => (places.length === 0 ? nothing(given.train) : pick(given.train, places))
  return {
    train: whole ? given.train : part(rows.train),
    val: val ?? part(rows.val),
    test: test ?? part(rows.test),
  }
}

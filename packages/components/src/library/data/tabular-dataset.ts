/** Tables: rows written in the file, or read from csv, tsv and jsonl files, in given splits or cut by ratios. */
import { z } from 'zod'
import { component } from '../../core/params.ts'
import type { Field } from '../field/field.ts'
import { LabelField } from '../field/label-field.ts'
import { type Cell, cells } from './column.ts'
import { Dataset, type FieldSpec } from './dataset.ts'
import { ratioParams, ratioSplit } from './ratio-split.ts'
import { readTable, type Table, type TableOptions } from './table-file.ts'

const rows = z.array(z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])))
const field = component<Field>('Field')
const column = z.union([z.string(), z.number().int().min(0)])
const transform = z
  .record(z.string(), z.union([field, z.object({ field, columns: z.union([column, z.array(column).min(1)]) })]))
  .nullable()
  .default(null)
  .describe(
    'Columns of a batch: `name: field` takes the n-th column, `name: {field, columns}` the given ones. Put the target last. Without it every column becomes a label',
  )

const params = z.object({
  train: rows.min(1).describe('Rows of the train split: lists of cells'),
  val: rows.default([]).describe('Rows of the val split'),
  test: rows.default([]).describe('Rows of the test split'),
  named_columns: z.array(z.string()).nullable().default(null).describe('Names of the columns; default 0, 1, ...'),
  transform,
})

const fileParams = {
  sep: z.string().length(1).nullable().default(null).describe('Separator; default: comma for .csv, else tab'),
  header: z
    .union([z.literal('infer'), z.literal(0), z.null()])
    .default('infer')
    .describe('`infer` or 0: the first line holds the names; null: there are none'),
  columns: z
    .union([z.array(z.string()).min(1), z.array(z.number().int().min(0)).min(1)])
    .nullable()
    .default(null)
    .describe('Columns to keep, all by name or all by index'),
  encoding: z.string().default('utf-8').describe('Text encoding of the files'),
  transform,
}
const fromPathParams = z.object({
  train_path: z.string().describe('File or folder (.csv, .tsv, .jsonl) of the train split'),
  val_path: z.string().nullable().default(null).describe('File or folder of the val split'),
  test_path: z.string().nullable().default(null).describe('File or folder of the test split'),
  ...fileParams,
})
const autogenParams = z.object({
  data_path: z.string().describe('File or folder (.csv, .tsv, .jsonl) that is cut into three splits'),
  ...ratioParams,
  ...fileParams,
})

export class TabularDataset extends Dataset {
  static override readonly description =
    'A table with train, val and test rows, and fields that turn columns into tensors.'
  static override readonly params = params
  static override readonly factories = {
    from_path: Object.assign(
      function (this: typeof TabularDataset, args: z.input<typeof fromPathParams>) {
        return TabularDataset.fromPath(args, this)
      },
      {
        params: fromPathParams,
        description: 'Reads each split from a file or folder of its own.',
      },
    ),
    autogen: Object.assign(
      function (this: typeof TabularDataset, args: z.input<typeof autogenParams>) {
        return TabularDataset.autogen(args, this)
      },
      {
        params: autogenParams,
        description: 'Reads one file or folder and cuts it into splits, always in the same way for the same seed.',
      },
    ),
  }

  readonly named_columns: readonly string[]

  constructor(args: z.input<typeof params>) {
    super()
    const p = params.parse(args)
    const width = p.train[0]?.length ?? 0
    for (const split of ['train', 'val', 'test'] as const)
      for (const [i, row] of p[split].entries())
        if (row.length !== width)
          throw new Error(`${split} row ${i} has ${row.length} cells where the first of train has ${width}`)
    const names = p.named_columns ?? Array.from({ length: width }, (_, i) => String(i))
    if (names.length !== width) throw new Error(`${names.length} names for ${width} columns`)
    this.named_columns = names
    const columns = (split: Cell[][]) => names.map((_, c) => cells(split.map(row => row[c] as Cell)))
    const fields: { [name: string]: FieldSpec } = p.transform ?? labels(names)
    this.use({ train: columns(p.train), val: columns(p.val), test: columns(p.test) }, names, fields)
  }

  static fromPath(args: z.input<typeof fromPathParams>, cls = TabularDataset): TabularDataset {
    const p = fromPathParams.parse(args)
    const read = (path: string | null): Table => (path === null ? { names: [], rows: [] } : readTable(path, options(p)))
    const [train, val, test] = [read(p.train_path), read(p.val_path), read(p.test_path)]
    for (const [name, split] of Object.entries({ val, test }))
      if (split.rows.length > 0 && split.names.length !== train.names.length)
        throw new Error(`${name} has ${split.names.length} columns where train has ${train.names.length}`)
    return build(cls, train.names, train.rows, val.rows, test.rows, p.transform)
  }

  static autogen(args: z.input<typeof autogenParams>, cls = TabularDataset): TabularDataset {
    const p = autogenParams.parse(args)
    const table = readTable(p.data_path, options(p))
    const cut = ratioSplit(table.rows.length, p)
    const pick = (places: readonly number[]) => places.map(i => table.rows[i] as readonly Cell[])
    if (cut.train.length === 0) throw new Error(`${p.data_path}: the ratios leave no row for train`)
    return build(cls, table.names, pick(cut.train), pick(cut.val), pick(cut.test), p.transform)
  }
}

type Rows = readonly (readonly Cell[])[]

function build(
  cls: typeof TabularDataset,
  names: readonly string[],
  train: Rows,
  val: Rows,
  test: Rows,
  transform: z.output<typeof params>['transform'],
) {
  const copy = (part: Rows) => part.map(row => [...row])
  return new cls({
    train: copy(train),
    val: copy(val),
    test: copy(test),
    named_columns: [...names],
    transform,
  })
}

function options(p: TableOptions): TableOptions {
  return { sep: p.sep, header: p.header, columns: p.columns, encoding: p.encoding }
}

const labels = (names: readonly string[]) => Object.fromEntries(names.map(name => [`column_${name}`, new LabelField()]))

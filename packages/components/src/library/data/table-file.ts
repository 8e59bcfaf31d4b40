/**
 * Reads tables from csv, tsv and jsonl files, or from a folder of them in name order (rule DAT-2). All cells of csv and tsv
 * are text; jsonl keeps numbers and booleans. Anything uneven is an error that names file and line, never skipped.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Cell } from './column.ts'

export interface Table {
  readonly names: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
}

export interface TableOptions {
  /** Separator; null = by the file's ending (`.csv` comma, else tab). */
  readonly sep: string | null
  /** `infer` and 0: the first line holds names; null: there are none. */
  readonly header: 'infer' | 0 | null
  /** The columns to keep, all by name or all by index; null = all. */
  readonly columns: readonly string[] | readonly number[] | null
  readonly encoding: string
}

/** @throws Error when something cannot be read, is uneven, or holds no row. */
export function readTable(path: string, options: TableOptions): Table {
  const files = statSync(path).isDirectory()
    ? readdirSync(path)
        .sort()
        .map(name => join(path, name))
        .filter(file => statSync(file).isFile())
    : [path]
  const [first, ...others] = files.map(file => select(readFile(file, options), options.columns, file))
  if (first === undefined) throw new Error(`${path}: the folder holds no file`)
  for (const [i, other] of others.entries())
    if (other.names.join('\n') !== first.names.join('\n'))
      throw new Error(
        `${files[i + 1]}: columns ${other.names.join(', ')} where ${files[0]} has ${first.names.join(', ')}`,
      )
  const rows = [first, ...others].flatMap(table => table.rows)
  if (rows.length === 0) throw new Error(`${path}: no rows`)
  return { names: first.names, rows }
}

function readFile(file: string, options: TableOptions): Table {
  const ending = extname(file).toLowerCase()
  const text = new TextDecoder(options.encoding, { fatal: true }).decode(readFileSync(file))
  if (ending === '.jsonl' || ending === '.ndjson') return readJsonLines(file, text)
  const delimiter = options.sep ?? (ending === '.csv' ? ',' : '\t')
  const parsed = parse(text, {
    delimiter,
    bom: true,
    skip_empty_lines: true,
    relax_column_count: true,
    info: true,
  }) as unknown as { record: string[]; info: { lines: number } }[]
  const [head] = parsed
  if (head === undefined) throw new Error(`${file}: the file is empty`)
  const names = options.header === null ? head.record.map((_, i) => String(i)) : head.record
  if (new Set(names).size !== names.length) throw new Error(`${file}: two columns have the same name`)
  const body = options.header === null ? parsed : parsed.slice(1)
  for (const { record, info } of body)
    if (record.length !== names.length)
      throw new Error(`${file}:${info.lines}: ${record.length} cells where ${names.length} columns are expected`)
  return { names, rows: body.map(line => line.record) }
}

function readJsonLines(file: string, text: string): Table {
  let names: readonly string[] | undefined
  const rows: Cell[][] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const at = `${file}:${i + 1}`
    let value: unknown
    try {
      value = JSON.parse(line)
    } catch (error) {
      throw new Error(`${at}: not JSON (${(error as Error).message})`)
    }
    if (value === null || typeof value !== 'object') throw new Error(`${at}: neither a map nor a list`)
    const map = Array.isArray(value) ? Object.fromEntries(value.map((v, k) => [String(k), v])) : value
    const keys = Object.keys(map)
    names ??= keys
    if (keys.length !== names.length || names.some(name => !Object.hasOwn(map, name)))
      throw new Error(`${at}: keys ${keys.join(', ')} where ${names.join(', ')} are expected`)
    rows.push(names.map(name => cell((map as { [key: string]: unknown })[name], at)))
  }
  return { names: names ?? [], rows }
}

function cell(value: unknown, at: string): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value
  throw new Error(`${at}: a cell that is neither text, number, boolean nor null`)
}

function select(table: Table, columns: TableOptions['columns'], file: string): Table {
  if (columns === null) return table
  const places = columns.map(column => (typeof column === 'number' ? column : table.names.indexOf(column)))
  for (const [i, place] of places.entries())
    if (place < 0 || place >= table.names.length)
      throw new Error(`${file}: no column ${JSON.stringify(columns[i])}; there are ${table.names.join(', ')}`)
  return {
    names: places.map(place => table.names[place] as string),
    rows: table.rows.map(row => places.map(place => row[place] as Cell)),
  }
}

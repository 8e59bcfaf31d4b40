/** The base of fields: how raw columns of a dataset become one column of a batch. Set up once, by the dataset. */
import { Component } from '../../core/component.ts'
import type { Encoded, RawColumn } from '../data/column.ts'
import type { Splits } from '../data/dataset.ts'

export abstract class Field extends Component {
  static override readonly uses_backend: boolean = false

  /** Sees this field's raw columns of all splits, before any `encode`. */
  abstract setup(columns: Splits<readonly RawColumn[]>): void

  /** @throws Error when a value cannot be encoded; the message names value and row. */
  abstract encode(columns: readonly RawColumn[]): Encoded
}

/** The one column of cells that a field needs. */
export function onlyCells(columns: readonly RawColumn[], field: string) {
  const [column] = columns
  if (columns.length !== 1 || column?.kind !== 'cells') throw new Error(`${field} takes exactly one column of cells`)
  return column
}

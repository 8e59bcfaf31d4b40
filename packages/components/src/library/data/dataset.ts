/**
 * The base of datasets: three read-only splits (rule DAT-1), and the fields that turn raw columns into batches (DAT-3). Each
 * field becomes an attribute of the dataset under its name, so that links can read it: `!@ data.label.vocab_size`.
 */
import { Component } from '../../core/component.ts'
import type { Field } from '../field/field.ts'
import type { RawColumn } from './column.ts'
import { Split } from './split.ts'

export type Splits<T> = { readonly train: T; readonly val: T; readonly test: T }

/** As written: `name: field` takes the n-th column, `name: {field, columns}` the named ones. */
export type FieldSpec =
  | Field
  | { readonly field: Field; readonly columns: string | number | readonly (string | number)[] }

export abstract class Dataset extends Component {
  static override readonly attributes: readonly string[] | '*' = '*'
  static override readonly uses_backend: boolean = false

  #splits: Splits<Split> | undefined

  get train(): Split {
    return this.#given().train
  }
  get val(): Split {
    return this.#given().val
  }
  get test(): Split {
    return this.#given().test
  }

  #given(): Splits<Split> {
    if (this.#splits === undefined) throw new Error(`${this.constructor.name} has not set its splits`)
    return this.#splits
  }

  /**
   * Called once by a subclass's constructor. Fields see all splits, so that a vocabulary knows the labels of the test split;
   * what is fitted (means, deviations) is fitted on train only.
   * @throws Error on wrong column names or numbers, and on a field name that the dataset needs for itself.
   */
  protected use(
    raw: Splits<readonly RawColumn[]>,
    names: readonly string[],
    transform: { readonly [name: string]: FieldSpec },
  ): void {
    const transforms = Object.entries(transform).map(([name, spec], place) => {
      if (name in this)
        throw new Error(`transform: "${name}" is a name that every ${this.constructor.name} has; choose another`)
      const field = isField(spec) ? spec : spec.field
      const wanted = isField(spec) ? [place] : [spec.columns].flat()
      const columns = wanted.map(column => placeOf(column, names))
      const of = (split: readonly RawColumn[]) => columns.map(i => split[i] as RawColumn)
      field.setup({ train: of(raw.train), val: of(raw.val), test: of(raw.test) })
      Object.defineProperty(this, name, { value: field, enumerable: true })
      return { name, columns, encode: (split: readonly RawColumn[]) => field.encode(split) }
    })
    this.#splits = {
      train: new Split(raw.train, transforms),
      val: new Split(raw.val, transforms),
      test: new Split(raw.test, transforms),
    }
  }
}

const isField = (spec: FieldSpec): spec is Field => spec instanceof Component

function placeOf(column: string | number, names: readonly string[]): number {
  const place = typeof column === 'number' ? column : names.indexOf(column)
  if (!Number.isInteger(place) || place < 0 || place >= names.length)
    throw new Error(`transform: no column ${JSON.stringify(column)}; there are ${names.length}: ${names.join(', ')}`)
  return place
}

/** Labels to indexes, by first appearance over train, val, test (rule DAT-4), or by a given list. */
import { z } from 'zod'
import type { State } from '../../core/component.ts'
import { type Cell, type Encoded, packed, type RawColumn } from '../data/column.ts'
import type { Splits } from '../data/dataset.ts'
import { Field, onlyCells } from './field.ts'

const params = z.object({
  labels: z
    .array(z.union([z.string(), z.number(), z.boolean()]))
    .min(1)
    .nullable()
    .default(null)
    .describe('Labels in the order of their indexes; without it, the order of first appearance over train, val, test'),
})

export class LabelField extends Field {
  static override readonly description = 'Turns labels into class indexes.'
  static override readonly params = params
  static override readonly attributes = ['vocab_size', 'vocab', 'label_count', 'label_freq', 'label_inv_freq']

  /** Labels as text, at their indexes. */
  vocab: readonly string[]
  /** Examples a label, over all splits. */
  label_count: readonly number[] = []
  readonly #given: boolean
  #index = new Map<string, number>()

  constructor(args: z.input<typeof params> = {}) {
    super()
    const { labels } = params.parse(args)
    this.#given = labels !== null
    this.vocab = labels?.map(String) ?? []
    this.#reindex()
    if (this.#index.size !== this.vocab.length) throw new Error('labels: the same label stands twice')
  }

  get vocab_size(): number {
    return this.vocab.length
  }
  /** Share of each label, 0..1. */
  get label_freq(): readonly number[] {
    const all = this.label_count.reduce((a, b) => a + b, 0)
    return this.label_count.map(n => n / all)
  }
  /** Inverse shares: class weights for a loss. */
  get label_inv_freq(): readonly number[] {
    return this.label_freq.map(share => 1 / share)
  }

  setup(columns: Splits<readonly RawColumn[]>): void {
    const labels = [columns.train, columns.val, columns.test].flatMap(split => onlyCells(split, 'LabelField').values)
    if (!this.#given) {
      this.vocab = [...new Set(labels.map(String))]
      this.#reindex()
    }
    const counts = new Array<number>(this.vocab.length).fill(0)
    for (const [row, label] of labels.entries()) {
      const index = this.#indexOf(label, row)
      counts[index] = (counts[index] ?? 0) + 1
    }
    this.label_count = counts
  }

  encode(columns: readonly RawColumn[]): Encoded {
    const { values } = onlyCells(columns, 'LabelField')
    return packed(
      Int32Array.from(values, (label, row) => this.#indexOf(label, row)),
      [],
    )
  }

  #indexOf(label: Cell, row: number): number {
    const index = this.#index.get(String(label))
    if (index === undefined) throw new Error(`unknown label ${JSON.stringify(label)} in row ${row}`)
    return index
  }

  #reindex(): void {
    this.#index = new Map(this.vocab.map((label, i) => [label, i]))
  }

  override getState(): State {
    return { vocab: [...this.vocab], label_count: [...this.label_count] }
  }
  override setState(state: State): void {
    this.vocab = state.vocab as string[]
    this.label_count = state.label_count as number[]
    this.#reindex()
  }
}

/** Small components for tests of compile, state and trial processes: quick, exact, and each with one trait to test. */
import { z } from 'zod'
import { Component, type ComponentClass, type State } from '../../core/component.ts'
import { log } from '../../core/log.ts'
import { component } from '../../core/params.ts'
import { register } from '../../core/registry.ts'

/** Names a thing that is read, with a part of its own. */
export class Data extends Component {
  static override readonly attributes = ['rows', 'vocab', 'table', 'size']
  static override readonly callable = ['count']
  readonly rows: readonly number[]
  readonly vocab: Vocab
  readonly table: { readonly [key: string]: number }
  secret = 'not declared'
  constructor({ rows = [1, 2, 3] as readonly number[], table = {} }) {
    super()
    this.rows = rows
    this.table = table
    this.vocab = new Vocab({})
  }
  get size() {
    return this.rows.length
  }
  count() {
    return this.rows.length
  }
}

export class Vocab extends Component {
  static override readonly state = ['words']
  words: readonly string[] = ['a', 'b']
  // biome-ignore lint/correctness/noEmptyPattern: takes no keywords.
  constructor({}) {
    super()
  }
}

/** Weights that start at random and move when trained. */
export class Net extends Component {
  static override readonly params = z.object({
    width: z.number().int().min(1).default(2),
    data: component<Data>('Data').optional(),
    label: z.string().optional(),
  })
  static override readonly state = ['weights']
  static override readonly factories = { wide: ({ factor = 2 }) => new Net({ width: 10 * factor }) }
  static override readonly uses_backend: boolean = false
  weights: Float32Array
  readonly data: Data | undefined
  builds = 0
  constructor({ width, data }: { width: number; data?: Data | undefined }) {
    super()
    this.weights = Float32Array.from({ length: width }, () => Math.random())
    this.data = data
  }
  override built() {
    this.builds++
  }
}

/** Adds noise to a net's weights for `steps` steps. Everything that resume needs is state, the noise comes from Math.random. */
export class Train extends Component {
  static override readonly params = z.object({
    net: component<Net>('Net'),
    steps: z.number().int().default(3),
    /** What goes wrong, and at which step. */
    trouble: z.enum(['throw', 'reject', 'exit', 'dry', 'memory', 'text', 'wait']).optional(),
    at: z.number().int().default(2),
  })
  static override readonly state = ['step', 'history']
  static override readonly attributes = ['net', 'step', 'history']
  static override readonly lower_is_better = false
  static override readonly uses_backend: boolean = false
  readonly net: Net
  readonly steps: number
  step = 0
  history: readonly number[] = []
  readonly #trouble: string | undefined
  readonly #at: number
  constructor({ net, steps, trouble, at }: { net: Net; steps: number; trouble?: string | undefined; at: number }) {
    super()
    this.net = net
    this.steps = steps
    this.#trouble = trouble
    this.#at = at
  }
  override async run(): Promise<boolean> {
    this.step++
    if (this.step === this.#at) await this.#goWrong()
    this.net.weights = this.net.weights.map(w => w + Math.random())
    const sum = this.net.weights.reduce((a, b) => a + b, 0)
    this.history = [...this.history, sum]
    log('sum', sum)
    if (this.env.hub !== '') console.log(`step ${this.step}`)
    return this.step < this.steps
  }
  override metric(): number | undefined {
    if (this.#trouble === 'text' && this.step >= this.#at) return 'high' as never
    return this.history.at(-1)
  }
  async #goWrong(): Promise<void> {
    switch (this.#trouble) {
      case 'throw':
        throw new Error('no such luck')
      case 'reject':
        void Promise.reject(new Error('nobody waits for me'))
        return new Promise(() => setTimeout(() => undefined, 60_000))
      case 'exit':
        return process.exit(0)
      case 'dry':
        return new Promise(() => undefined)
      case 'memory':
        throw new WebAssembly.RuntimeError('memory access out of bounds')
      case 'wait':
        return new Promise(() => setInterval(() => undefined, 60_000))
    }
  }
}

/** Looks at others without touching them; holds them in a list and a map. */
export class Look extends Component {
  static override readonly params = z.looseObject({ parts: z.array(z.unknown()).default([]) })
  static override readonly uses_backend: boolean = false
  readonly parts: readonly unknown[]
  readonly named: { readonly [name: string]: unknown }
  constructor({ parts, ...named }: { parts: readonly unknown[]; [name: string]: unknown }) {
    super()
    this.parts = parts
    this.named = named
  }
  override getState(): State {
    return {}
  }
  override run() {
    log('parts', this.parts.length)
    return undefined
  }
}

register([Data, Vocab, Net, Train, Look] as readonly ComponentClass[])

/**
 * What a pipeline is made of in TypeScript: components, links, options, distributions. Each is plain data that yaml.ts writes
 * down as its tag. One object used in two places is one component, or one option, as an alias is in YAML.
 */
import type { ComponentArgs, ComponentKinds } from './component-args.ts'

export type Value =
  | null
  | boolean
  | number
  | string
  | Node
  | readonly Value[]
  | { readonly [key: string]: Value | undefined }

/** A tag and what stands behind it. `Kinds`: what a component is; any for what is known only later: links, options, extensions. */
// biome-ignore lint/suspicious/noExplicitAny: it must fit wherever a component of some kind is wanted.
export class Node<Kinds extends string = any> {
  /** Only a type: a component fits where one of its kinds is asked for. */
  declare readonly kinds?: (kind: Kinds) => void
  readonly tag: string
  readonly body: Value | undefined
  /** @param body undefined: nothing stands behind the tag */
  constructor(tag: string, body: Value | undefined) {
    this.tag = tag
    this.body = body
  }
}

export interface Args {
  readonly [keyword: string]: Value | undefined
}

/** Tags of the catalogue; those of extensions have a dot and take any keywords. */
type Tag = keyof ComponentArgs | `${string}.${string}`
// biome-ignore lint/suspicious/noExplicitAny: what an extension brings is known when it is described.
type KindsOf<T extends Tag> = T extends keyof ComponentKinds ? ComponentKinds[T] : any
type ArgsOf<T extends Tag> = T extends keyof ComponentArgs ? ComponentArgs[T] : Args

/** A component, a search algorithm or a scheduler: `c('Trainer', { max_steps: 3 })` is `!Trainer {max_steps: 3}`. */
export function c<T extends Tag>(
  tag: T,
  ...[args]: Record<string, never> extends ArgsOf<T> ? [args?: ArgsOf<T>] : [args: ArgsOf<T>]
): Node<KindsOf<T>> {
  return new Node(tag, (args ?? {}) as Value)
}
/** `link('dataset.label.vocab_size')` is `!@ dataset.label.vocab_size`. */
export const link = (path: string): Node => new Node('@', path)
/** The result of calling what the link names. */
export const call = (path: string): Node => new Node('call', path)
/** Every value is tried. */
export const g = (values: readonly Value[]): Node => new Node('g', values)
/** `k` values between two bounds; whole ones when both bounds are and `decimals` is left out. */
export const s = (low: Value, high: Value, k: number, decimals?: number): Node =>
  new Node('s', decimals === undefined ? [low, high, k] : [low, high, k, decimals])
/** A number that YAML shall read as a float, although it is whole: `10.0`. */
export const float = (value: number): Node => new Node('', value)
/** A location that is left to the machines of the cluster. */
export const cluster = (location: string): Node => new Node('cluster', location)

export const choice = (values: readonly Value[]): Node => new Node('choice', values)
export const uniform = (low: number, high: number): Node => new Node('uniform', [low, high])
export const quniform = (low: number, high: number, q: number): Node => new Node('quniform', [low, high, q])
export const loguniform = (low: number, high: number): Node => new Node('loguniform', [low, high])
export const qloguniform = (low: number, high: number, q: number): Node => new Node('qloguniform', [low, high, q])
export const randint = (low: number, high: number): Node => new Node('randint', [low, high])
export const lograndint = (low: number, high: number): Node => new Node('lograndint', [low, high])
export const normal = (mean: number, sd: number): Node => new Node('normal', [mean, sd])
export const qnormal = (mean: number, sd: number, q: number): Node => new Node('qnormal', [mean, sd, q])

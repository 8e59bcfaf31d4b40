// A persistent map from whole numbers (trials, steps) to Json: a change copies a few arrays of 32, whatever the size, and the
// map before it stays as it was. Schedulers keep one fact per trial or step in it. It is Json itself: nested lists with nulls.

import type { Json } from '../json.ts'

/** `root` has `depth` levels; a key needs no more than that. */
export type Trie<Value extends Json> = { readonly depth: number; readonly root: Node<Value> }
type Node<Value extends Json> = readonly (Value | Node<Value> | null)[]

const BITS = 5
const WIDTH = 1 << BITS

export const emptyTrie: Trie<never> = { depth: 1, root: [] }

/** Undefined where nothing was put. `key` is a whole number from 0 to 2^30. */
export function getAt<Value extends Json>(trie: Trie<Value>, key: number): Value | undefined {
  if (key >= 2 ** (BITS * trie.depth)) return undefined
  let node: Node<Value> = trie.root
  for (let level = trie.depth - 1; level > 0; level--) {
    const below = node[place(key, level)]
    if (below === undefined || below === null) return undefined
    node = below as Node<Value>
  }
  return (node[place(key, 0)] ?? undefined) as Value | undefined
}

export function setAt<Value extends Json>(trie: Trie<Value>, key: number, value: Value): Trie<Value> {
  if (!Number.isInteger(key) || key < 0 || key >= 2 ** 30) throw new Error(`${key} is no key`)
  let { depth, root } = trie
  while (key >= 2 ** (BITS * depth)) {
    root = root.length === 0 ? root : [root]
    depth++
  }
  return { depth, root: put(root, depth - 1, key, value) }
}

/** The entries with `from < key < to`, in order; empty parts cost nothing. */
export function between<Value extends Json>(trie: Trie<Value>, from: number, to: number): [number, Value][] {
  const found: [number, Value][] = []
  const walk = (node: Node<Value>, level: number, first: number) => {
    const span = WIDTH ** level
    const begin = Math.max(Math.floor((from + 1 - first) / span), 0)
    for (let at = begin; at < node.length && first + at * span < to; at++) {
      const item = node[at]
      if (item === undefined || item === null) continue
      if (level === 0) found.push([first + at, item as Value])
      else walk(item as Node<Value>, level - 1, first + at * span)
    }
  }
  walk(trie.root, trie.depth - 1, 0)
  return found
}

function put<Value extends Json>(node: Node<Value>, level: number, key: number, value: Value): Node<Value> {
  const at = place(key, level)
  const copy = [...node]
  while (copy.length < at) copy.push(null)
  copy[at] = level === 0 ? value : put((copy[at] ?? []) as Node<Value>, level - 1, key, value)
  return copy
}

function place(key: number, level: number): number {
  return (key >>> (BITS * level)) & (WIDTH - 1)
}

/**
 * What has changed between two plans in a block and all that it builds on: a resumed experiment is refused with this list. Called by
 * the hub. Order of keys, comments and other blocks do not count.
 */
import type { Plan } from '../plan.ts'
import { join } from '../reader/ast.ts'
import type { TreeNode } from '../tree.ts'

export interface Difference {
  /** Key path from the block on: `train.optimizer.lr`. */
  readonly path: string
  /** As a person reads it; null: was not there. */
  readonly before: string | null
  /** Null: is not there any more. */
  readonly after: string | null
}

/** In the order of the new file, what is gone last; empty when the block is the same. */
export function differences(before: Plan, after: Plan, block: string): readonly Difference[] {
  const [old, fresh] = [textsOf(before, block), textsOf(after, block)]
  const found: Difference[] = []
  if (before.seed !== after.seed) found.push({ path: 'seed', before: `${before.seed}`, after: `${after.seed}` })
  for (const [path, text] of fresh) {
    if (old.get(path) !== text) found.push({ path, before: old.get(path) ?? null, after: text })
  }
  for (const [path, text] of old) if (!fresh.has(path)) found.push({ path, before: text, after: null })
  return found
}

function textsOf(plan: Plan, id: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>()
  const needed = plan.blocks.find(block => block.id === id)?.ancestors ?? []
  for (const block of plan.blocks) {
    if (block.id === id || needed.includes(block.id)) flatten(block.root, block.id, texts)
  }
  return texts
}

function flatten(node: TreeNode, path: string, into: Map<string, string>): void {
  into.set(path, textOf(node))
  if (node.kind === 'component') for (const [key, value] of node.args) flatten(value, join(path, key), into)
  else if (node.kind === 'map') for (const [key, value] of node.entries) flatten(value, join(path, key), into)
  else if (node.kind === 'list') for (const [i, item] of node.items.entries()) flatten(item, join(path, i), into)
  else if (node.kind === 'option') {
    for (const [i, { value }] of node.alternatives.entries()) {
      if (value.kind === 'component') flatten(value, join(path, i), into)
    }
  }
}

function textOf(node: TreeNode): string {
  switch (node.kind) {
    case 'scalar':
      return JSON.stringify(node.value)
    case 'number':
      return node.value
    case 'list':
      return `a list of ${node.items.length}`
    case 'map':
      return 'a map'
    case 'component':
      return `!${node.tag}${node.factory === null ? '' : `.${node.factory}`}`
    case 'link': {
      const keys = node.keys.map(key => `[${key}]`).join('')
      return `${node.call ? '!call' : '!@'} ${[`${node.root}${keys}`, ...node.attributes].join('.')}`
    }
    case 'option':
      return `!g ${JSON.stringify(node.alternatives.map(({ param }) => param))}`
    case 'distribution': {
      const { kind, ...numbers } = node.distribution
      return `!${kind} ${JSON.stringify(Object.values(numbers))}`
    }
  }
}

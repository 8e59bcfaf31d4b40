/**
 * A variant to what its trial builds: the block and the ancestors that it needs, options replaced by what was chosen.
 * Called by the engine when a trial is assigned. A component that stands twice in a block is built once: later places say
 * `same`.
 */

import { own } from '../checks/tags.ts'
import type { ComponentNode, ConfigNode, ResolvedConfig } from '../config.ts'
import type { Plan, Variant } from '../plan.ts'
import type { TreeComponent, TreeNode } from '../tree.ts'

export function resolve(plan: Plan, variant: Variant): ResolvedConfig {
  return plan.blocks
    .filter(block => block.id === variant.block || Object.hasOwn(variant.ancestors, block.id))
    .map(block => ({ id: block.id, root: resolveRoot(block.root, variant) }))
}

function resolveRoot(root: TreeComponent, variant: Variant): ComponentNode {
  const built = new Set<number>()
  const component = (node: TreeComponent): ComponentNode => {
    // Before its arguments, so that the order is that of the document; nothing holds itself.
    built.add(node.id)
    const { kind, id, tag, factory, args, path } = node
    return { kind, id, tag, factory, args: args.map(([key, value]) => [key, config(value)] as const), path }
  }
  const config = (node: TreeNode): ConfigNode => {
    switch (node.kind) {
      case 'scalar':
      case 'number':
      case 'link':
        return node
      case 'list':
        return { kind: 'list', items: node.items.map(config) }
      case 'map':
        return { kind: 'map', entries: node.entries.map(([key, value]) => [key, config(value)] as const) }
      case 'component':
        return built.has(node.id) ? { kind: 'same', id: node.id } : component(node)
      case 'distribution': {
        const value = own(variant.values, node.key)
        if (value === undefined) throw new Error(`variant ${variant.id} has no value for ${node.key}`)
        return { kind: 'scalar', value }
      }
      case 'option': {
        const choice = own(variant.choices, node.key)
        const alternative = choice === undefined ? undefined : node.alternatives[choice]
        if (alternative === undefined) throw new Error(`variant ${variant.id} decides nothing for ${node.key}`)
        return config(alternative.value)
      }
    }
  }
  return component(root)
}

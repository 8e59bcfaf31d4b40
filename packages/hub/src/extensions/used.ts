/**
 * Which extensions a trial needs: those whose components its configuration builds. They travel as blobs among the experiment's
 * resources. Used where a spec is made, and where experiments are compared; the hub itself never loads one.
 */
import type { ConfigNode, ResolvedConfig } from '@flambe/language'

/** Prefix of an extension's name among the resources of an experiment and of a spec. */
export const EXTENSION = 'extension:'

/** First parts of the tags of its components, built-in ones included; each once. */
export function extensionsUsed(config: ResolvedConfig): readonly string[] {
  const names = new Set<string>()
  const walk = (node: ConfigNode): void => {
    if (node.kind === 'list') node.items.forEach(walk)
    if (node.kind === 'map') for (const [, value] of node.entries) walk(value)
    if (node.kind !== 'component') return
    names.add(node.tag.split('.')[0] ?? '')
    for (const [, value] of node.args) walk(value)
  }
  for (const { root } of config) walk(root)
  return [...names]
}

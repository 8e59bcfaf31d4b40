/** The arrows of a pipeline, and what reduce says. Pure, and small: no layout. */
import type { BlockView } from '../api/views.ts'

export interface Edge {
  readonly id: string
  readonly source: string
  readonly target: string
}

export type Shape = Pick<BlockView, 'id' | 'depends_on' | 'reduce' | 'count'>

/** Links that another path already implies are left out: a → b → c needs no arrow a → c. */
export function edgesOf(blocks: readonly Shape[]): readonly Edge[] {
  const byId = new Map(blocks.map(block => [block.id, block]))
  const above = new Map<string, Set<string>>()
  const ancestors = (id: string): Set<string> => {
    const known = above.get(id)
    if (known) return known
    const all = new Set<string>()
    above.set(id, all)
    for (const parent of byId.get(id)?.depends_on ?? []) {
      all.add(parent)
      for (const one of ancestors(parent)) all.add(one)
    }
    return all
  }
  return blocks.flatMap(block =>
    block.depends_on
      .filter(parent => byId.has(parent))
      .filter(parent => !block.depends_on.some(other => other !== parent && ancestors(other).has(parent)))
      .map(parent => ({ id: `${parent}→${block.id}`, source: parent, target: block.id })),
  )
}

/** `6 → 1`: of how many trials reduce keeps how many; null where the block has no reduce. */
export function reduceText(block: Pick<BlockView, 'reduce' | 'count'> | undefined): string | null {
  if (!block?.reduce) return null
  return `${block.count} → ${Math.min(block.reduce.k, block.count)}`
}

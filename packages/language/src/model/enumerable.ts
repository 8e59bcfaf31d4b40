/**
 * Which blocks have variants that are known before anything runs: not those under a search algorithm, nor those that may
 * build on one. Asked by `variants`, by planning and by the engine.
 */
import type { PlannedBlock } from '../plan.ts'

interface Blocks {
  readonly blocks: readonly Pick<PlannedBlock, 'id' | 'ancestors' | 'search'>[]
}

/** False: the variants of the block follow from the trials of its ancestors, or from a search; see `variantsUpon`. */
export function isEnumerable({ blocks }: Blocks, block: string): boolean {
  const searched = new Set(blocks.filter(({ search }) => search !== null).map(({ id }) => id))
  return blocks.every(({ id, ancestors }) => id !== block || ![id, ...ancestors].some(each => searched.has(each)))
}

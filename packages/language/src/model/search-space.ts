/**
 * The options of one block as a search algorithm sees them: names and distributions, conditional where an alternative holds
 * options of its own. Called by `plan`; `variantOf` reads a proposal back.
 */
import type { Json } from '../catalogue.ts'
import type { SearchDistribution, SearchSpace } from '../distribution.ts'
import type { TreeComponent, TreeDistribution, TreeNode, TreeOption } from '../tree.ts'

/** An option that an alias uses at several places is drawn always, as one name. */
export function searchSpaceOf(root: TreeComponent): SearchSpace {
  const uses = new Map<string, { option: Option; count: number }>()
  countUses(root, uses)
  const hoisted = [...uses.values()].filter(({ count }) => count > 1).map(({ option }) => option)
  const aside = new Set(hoisted.map(option => option.key))
  return spaceOf([...hoisted, ...optionsIn(root).filter(option => !aside.has(option.key))], aside)
}

/** All names, also those that exist only where an alternative is chosen. */
export function namesIn(space: SearchSpace, into = new Set<string>()): ReadonlySet<string> {
  for (const [name, distribution] of Object.entries(space)) {
    into.add(name)
    if (distribution.kind === 'choice') for (const { children } of distribution.options) namesIn(children ?? {}, into)
  }
  return into
}

/** How many assignments there are, of discrete spaces; null for a space with real numbers, or too large to say. */
export function sizeOf(space: SearchSpace): number | null {
  let size = 1
  for (const distribution of Object.values(space)) {
    const one = sizeOfOne(distribution)
    if (one === null) return null
    size *= one
    if (!Number.isSafeInteger(size)) return null
  }
  return size
}

type Alternatives = TreeOption['alternatives']

const TEXTS = new WeakMap<Alternatives, ReadonlyMap<string, number>>()

/** The alternative that a proposal means; null when it means none. */
export function alternativeOf(alternatives: Alternatives, proposed: Json | undefined): number | null {
  let texts = TEXTS.get(alternatives)
  if (texts === undefined) {
    texts = new Map(proposalValues(alternatives).map((value, i) => [JSON.stringify(value), i]))
    TEXTS.set(alternatives, texts)
  }
  return proposed === undefined ? null : (texts.get(JSON.stringify(proposed)) ?? null)
}

/** What stands for the alternatives in a proposal: their `param`, unless two look the same (`.nan` and ".nan"). */
function proposalValues(alternatives: Alternatives): readonly Json[] {
  const texts = alternatives.map(({ param }) => JSON.stringify(param))
  const seen = new Set<string>()
  const twins = new Set<string>()
  for (const text of texts) (seen.has(text) ? twins : seen).add(text)
  return alternatives.map(({ param }, alternative) =>
    twins.has(texts[alternative] ?? '') ? { alternative, value: param } : param,
  )
}

type Option = TreeOption | TreeDistribution

function spaceOf(options: readonly Option[], aside: ReadonlySet<string>): SearchSpace {
  const distinct = new Map(options.map(option => [option.key, option]))
  return Object.fromEntries([...distinct].map(([key, option]) => [key, distributionOf(option, aside)]))
}

function distributionOf(option: Option, aside: ReadonlySet<string>): SearchDistribution {
  if (option.kind === 'distribution') return option.distribution
  const values = proposalValues(option.alternatives)
  return {
    kind: 'choice',
    options: option.alternatives.map((alternative, index) => {
      const inner = optionsIn(alternative.value).filter(each => !aside.has(each.key))
      const value = values[index] ?? null
      return inner.length === 0 ? { value } : { value, children: spaceOf(inner, aside) }
    }),
  }
}

/** The options of a node, not those inside of their alternatives. */
function optionsIn(node: TreeNode): readonly Option[] {
  switch (node.kind) {
    case 'option':
    case 'distribution':
      return [node]
    case 'list':
      return node.items.flatMap(optionsIn)
    case 'map':
      return node.entries.flatMap(([, value]) => optionsIn(value))
    case 'component':
      return node.args.flatMap(([, value]) => optionsIn(value))
    default:
      return []
  }
}

function countUses(node: TreeNode, uses: Map<string, { option: Option; count: number }>): void {
  for (const option of optionsIn(node)) {
    const known = uses.get(option.key)
    uses.set(option.key, { option, count: (known?.count ?? 0) + 1 })
    if (known === undefined && option.kind === 'option') {
      for (const { value } of option.alternatives) countUses(value, uses)
    }
  }
}

function sizeOfOne(distribution: SearchDistribution): number | null {
  switch (distribution.kind) {
    case 'choice': {
      let size = 0
      for (const { children } of distribution.options) {
        const below = sizeOf(children ?? {})
        if (below === null) return null
        size += below
      }
      return size
    }
    case 'randint':
    case 'lograndint':
      return distribution.high - distribution.low
    case 'quniform':
    case 'qloguniform':
      return Math.floor((distribution.high - distribution.low) / distribution.q + 1e-9) + 1
    default:
      return null
  }
}

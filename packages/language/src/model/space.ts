/**
 * The space of a block: which options it opens, in which order, and how many variants there are. A sum over alternatives
 * of products: an option inside an alternative counts only there, and a link inside an alternative opens only its own
 * ancestors, right behind the choice. `variants` walks it, `plan` counts it.
 *
 * A block compiles to a list of steps: open a block (run its steps, unless it is open already), decide an option, or note a
 * distribution (a search algorithm draws it; nothing is enumerated). The
 * steps of unconditional ancestors come first, in document order. Counting runs over the same steps with a memory: the
 * number of completions depends only on the steps that are left, and on which of the blocks and options that can be met
 * again are open already.
 */
import type { PlannedBlock } from '../plan.ts'
import type { TreeDistribution, TreeNode, TreeOption } from '../tree.ts'

export type Step =
  | { readonly kind: 'open'; readonly block: string }
  | { readonly kind: 'decide'; readonly option: SpaceOption }
  | { readonly kind: 'draw'; readonly draw: SpaceDraw }

export type SpaceDraw = Pick<TreeDistribution, 'key' | 'order' | 'decimals'>

export interface SpaceOption {
  readonly key: string
  readonly order: number
  readonly alternatives: TreeOption['alternatives']
  /** What each alternative opens in its turn. */
  readonly opens: readonly (readonly Step[])[]
}

export interface Space {
  /** The steps of every block's own options, ancestors not included. */
  readonly steps: ReadonlyMap<string, readonly Step[]>
  /** Blocks that a block needs whatever is chosen, in document order. */
  readonly needs: ReadonlyMap<string, readonly string[]>
}

/** `pinned`: blocks whose trial settles those of their ancestors, which then are not opened for their own sake. */
export function compileSpace(
  blocks: readonly Pick<PlannedBlock, 'id' | 'root'>[],
  pinned: ReadonlySet<string> = new Set(),
): Space {
  const places = new Map(blocks.map((block, index) => [block.id, index]))
  const needs = new Map<string, readonly string[]>()
  /** The same, with the ancestors of pinned blocks. */
  const full = new Map<string, readonly string[]>()
  const steps = new Map<string, readonly Step[]>()
  const inDocumentOrder = (ids: Iterable<string>): string[] =>
    [...new Set(ids)].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  const fullClosure = (links: Iterable<string>): string[] =>
    inDocumentOrder([...links].flatMap(id => [...(full.get(id) ?? []), id]))
  const closure = (links: Iterable<string>): string[] => {
    const all = fullClosure(links)
    if (pinned.size === 0) return all
    const settled = new Set(all.filter(id => pinned.has(id)).flatMap(id => full.get(id) ?? []))
    return all.filter(id => !settled.has(id))
  }

  const compile = (node: TreeNode, own: string): { links: Set<string>; options: Step[] } => {
    const links = new Set<string>()
    const options: Step[] = []
    const visit = (part: TreeNode): void => {
      switch (part.kind) {
        case 'list':
          part.items.forEach(visit)
          return
        case 'map':
          for (const [, value] of part.entries) visit(value)
          return
        case 'component':
          for (const [, value] of part.args) visit(value)
          return
        case 'link':
          // Only earlier blocks: forward links have been reported.
          if (part.root !== own && needs.has(part.root)) links.add(part.root)
          return
        case 'distribution':
          options.push({ kind: 'draw', draw: part })
          return
        case 'option': {
          const opens = part.alternatives.map(alternative => {
            const inner = compile(alternative.value, own)
            return [...closure(inner.links).map((block): Step => ({ kind: 'open', block })), ...inner.options]
          })
          options.push({
            kind: 'decide',
            option: { key: part.key, order: part.order, alternatives: part.alternatives, opens },
          })
        }
      }
    }
    visit(node)
    return { links, options }
  }

  for (const block of blocks) {
    const { links, options } = compile(block.root, block.id)
    needs.set(block.id, closure(links))
    full.set(block.id, fullClosure(links))
    steps.set(block.id, options)
  }
  return { steps, needs }
}

/** The steps of a block with its unconditional ancestors. */
export function stepsOf(space: Space, block: string): readonly Step[] {
  const needed = space.needs.get(block) ?? []
  return [...needed, block].map((id): Step => ({ kind: 'open', block: id }))
}

export interface Decision {
  readonly option: SpaceOption
  readonly choice: number
}

export interface Walk {
  /** In the order of the space: the last varies fastest. */
  readonly decisions: readonly Decision[]
  /** Distributions on the way, in the order of the space. */
  readonly draws: readonly SpaceDraw[]
  /** The block itself and all that it needs with these choices. */
  readonly opened: ReadonlySet<string>
}

/** Asked for a choice: what comes after the option, and which blocks are open so far. */
type Choose = (option: SpaceOption, rest: Rest, opened: ReadonlySet<string>) => number

/** One way through the space; `choose` is asked once for every option that comes up. Blocks that are `shut` open nothing. */
export function walkSpace(
  space: Space,
  block: string,
  choose: Choose,
  shut: (block: string) => boolean = () => false,
): Walk {
  const decisions: Decision[] = []
  const draws: SpaceDraw[] = []
  const opened = new Set<string>()
  const decided = new Set<string>()
  let rest: Rest | null = { steps: stepsOf(space, block), at: 0, next: null }
  while (rest !== null) {
    const step: Step | undefined = rest.steps[rest.at]
    if (step === undefined) {
      rest = rest.next
      continue
    }
    const next: Rest = { steps: rest.steps, at: rest.at + 1, next: rest.next }
    rest = next
    if (step.kind === 'open') {
      if (opened.has(step.block)) continue
      opened.add(step.block)
      if (!shut(step.block)) rest = { steps: space.steps.get(step.block) ?? [], at: 0, next }
      continue
    }
    if (step.kind === 'draw') {
      if (!decided.has(step.draw.key)) draws.push(step.draw)
      decided.add(step.draw.key)
      continue
    }
    const { option } = step
    if (decided.has(option.key)) continue
    decided.add(option.key)
    const choice = choose(option, next, opened)
    decisions.push({ option, choice })
    const opens = option.opens[choice]
    if (opens !== undefined && opens.length > 0) rest = { steps: opens, at: 0, next }
  }
  return { decisions, draws, opened }
}

/** What is still to be walked: a place in a list of steps, and what comes after the list. */
export interface Rest {
  readonly steps: readonly Step[]
  readonly at: number
  readonly next: Rest | null
}

/** A decision after which nothing new comes up: the same rest for all alternatives. */
export function opensNothing({ option }: Extract<Step, { kind: 'decide' }>): boolean {
  return option.opens.every(opens => opens.length === 0)
}

/** How counting names what is open: blocks by their id, options with a mark that no id has. */
export function itemOfBlock(block: string): string {
  return block
}

export function itemOfOption(key: string): string {
  return `#${key}`
}

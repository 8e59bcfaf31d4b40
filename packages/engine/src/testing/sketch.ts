/**
 * Plans in a line a block, for tests of the engine: `b after=a options=2 reduce=1`. A block has one option with so many
 * values, named after itself, and sees those of its ancestors; a variant's id says its choices: `b(a=1,b=2)`.
 */
import type { Plan, PlannedBlock, Settings, Variant } from '@flambe/language'

export interface BlockSketch {
  readonly id: string
  readonly after?: readonly string[]
  /** Values of the block's own option; 1 means that it has none. */
  readonly options?: number
  readonly reduce?: number
  readonly mode?: 'min' | 'max'
  readonly cpu?: number
  readonly gpu?: number | null
}

export function sketch(blocks: readonly BlockSketch[], settings: Partial<Settings> = {}, seed = 7): Plan {
  const ancestors = new Map<string, ReadonlySet<string>>()
  const own = new Map(blocks.map(b => [b.id, b.options ?? 1]))
  const planned: PlannedBlock[] = []
  for (const block of blocks) {
    const after = block.after ?? []
    const needed = new Set(after.flatMap(a => [a, ...(ancestors.get(a) ?? [])]))
    ancestors.set(block.id, needed)
    const inOrder = blocks.map(b => b.id).filter(id => needed.has(id))
    const mode = block.mode ?? 'max'
    planned.push({
      id: block.id,
      tag: 'Sketch',
      depends_on: after,
      ancestors: inOrder,
      count: [...inOrder, block.id].reduce((n, id) => n * (own.get(id) as number), 1),
      reduce: block.reduce === undefined ? null : { k: block.reduce, mode },
      mode,
      devices: { cpu: block.cpu ?? 1, gpu: block.gpu === undefined ? 0 : block.gpu },
      root: {
        kind: 'component',
        id: 0,
        tag: 'Sketch',
        factory: null,
        path: block.id,
        args: [['options', { kind: 'scalar', value: own.get(block.id) as number }]],
      },
    })
  }
  return {
    version: 1,
    name: 'sketch',
    seed,
    text: '',
    blocks: planned,
    resources: [],
    settings: { ...USUAL, ...settings },
  }
}

const USUAL: Settings = {
  max_failures: 1,
  stop_on_failure: true,
  overlap: 'blocks',
  max_trials: 10_000,
  merge_plot: true,
  save_path: null,
  notes: null,
  tags: [],
  backend: 'auto',
  checkpoint: { steps: null, seconds: 30, keep: 2 },
}

/** The variants of a sketched plan: document order, the last option varies fastest. */
export function* sketchVariants(plan: Plan, id: string): Iterable<Variant> {
  const block = plan.blocks.find(b => b.id === id) as PlannedBlock
  const seen = [...block.ancestors, id]
  for (let index = 0; index < block.count; index++) {
    const choice: { [block: string]: number } = {}
    let rest = index
    for (const name of seen.toReversed()) {
      const options = optionsOf(plan, name)
      choice[name] = rest % options
      rest = Math.floor(rest / options)
    }
    yield {
      id: variantId(plan, id, choice),
      block: id,
      index,
      params: Object.fromEntries(withOptions(plan, seen).map(b => [`${b}.x`, (choice[b] as number) + 1])),
      ancestors: Object.fromEntries(block.ancestors.map(b => [b, variantId(plan, b, choice)])),
      choices: Object.fromEntries(withOptions(plan, seen).map(b => [`${b}.x`, choice[b] as number])),
    }
  }
}

function variantId(plan: Plan, id: string, choice: { readonly [block: string]: number }): string {
  const block = plan.blocks.find(b => b.id === id) as PlannedBlock
  const shown = withOptions(plan, [...block.ancestors, id]).map(b => `${b}=${(choice[b] as number) + 1}`)
  return `${id}(${shown.join(',')})`
}

const withOptions = (plan: Plan, ids: readonly string[]): string[] => ids.filter(b => optionsOf(plan, b) > 1)

function optionsOf(plan: Plan, id: string): number {
  const arg = plan.blocks.find(b => b.id === id)?.root.args[0]?.[1]
  return arg?.kind === 'scalar' ? (arg.value as number) : 1
}

/**
 * Plans in a line a block, for tests of the engine: `b after=a options=2 reduce=1`. A block has one option with so many
 * values, named after itself, and sees those of its ancestors; under a search without `options` it is a number in [0, 1].
 */
import type { Plan, PlannedBlock, Settings } from '@flambe/language'

export interface BlockSketch {
  readonly id: string
  readonly after?: readonly string[]
  /** Values of the block's own option; 1 means that it has none. */
  readonly options?: number
  readonly reduce?: number
  readonly mode?: 'min' | 'max'
  readonly cpu?: number
  readonly gpu?: number | null
  readonly search?: Entry & { readonly n_trials?: number }
  readonly scheduler?: Entry
}

interface Entry {
  readonly tag: string
  readonly params?: PlannedScheduler['params']
}

type PlannedScheduler = NonNullable<PlannedBlock['scheduler']>

export function sketch(blocks: readonly BlockSketch[], settings: Partial<Settings> = {}, seed = 7): Plan {
  const ancestors = new Map<string, ReadonlySet<string>>()
  const counts = new Map(blocks.map(b => [b.id, b.search ? (b.search.n_trials ?? 1) : (b.options ?? 1)]))
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
      count: [...inOrder, block.id].reduce((n, id) => n * (counts.get(id) as number), 1),
      reduce: block.reduce === undefined ? null : { k: block.reduce, mode },
      mode,
      devices: { cpu: block.cpu ?? 1, gpu: block.gpu === undefined ? 0 : block.gpu },
      search: searchOf(block),
      scheduler: block.scheduler ? entry(block.scheduler) : null,
      root: {
        kind: 'component',
        id: 0,
        tag: 'Sketch',
        factory: null,
        path: block.id,
        args: [['options', { kind: 'scalar', value: block.options ?? (block.search ? 0 : 1) }]],
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
    extensions: [],
    settings: { ...USUAL, ...settings },
  }
}

function searchOf({ id, options, search }: BlockSketch): PlannedBlock['search'] {
  if (!search) return null
  const values = Array.from({ length: options ?? 0 }, (_, i) => ({ value: i + 1 }))
  return {
    ...entry(search),
    n_trials: search.n_trials ?? null,
    space: {
      [`${id}.x`]: options === undefined ? { kind: 'uniform', low: 0, high: 1 } : { kind: 'choice', options: values },
    },
  }
}

const entry = ({ tag, params = {} }: Entry): PlannedScheduler => ({
  tag,
  params,
  place: { path: '', line: 1, column: 1, end_line: 1, end_column: 1 },
  places: {},
})

const USUAL: Settings = {
  max_failures: 1,
  stop_on_failure: true,
  overlap: 'blocks',
  budget: { trials: null, hours: null },
  resume: null,
  reuse: false,
  max_trials: 10_000,
  merge_plot: true,
  save_path: null,
  notes: null,
  tags: [],
  backend: 'auto',
  checkpoint: { steps: null, seconds: 30, keep: 2 },
}

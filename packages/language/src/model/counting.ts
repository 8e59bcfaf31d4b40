/**
 * Exact counting of a space without walking it. Called by `plan` for the size of every block and by `variantAt` to find
 * a variant by its number. Source of the method: dynamic programming over the steps that are left (see `space.ts`).
 */
import { itemOfBlock, itemOfOption, type Rest, type Space, type Step, stepsOf } from './space.ts'

/** Thrown to nobody outside: `countSpace` turns it into null. */
class Entangled extends Error {}

/** More partial results than this only a space made to be hard needs. */
const MOST_MEMORIES = 50_000

export class Counter {
  private readonly space: Space
  private readonly memory = new Map<string, bigint>()
  private readonly ids = new Map<readonly Step[], number>()
  private readonly rests = new Map<string, CountRest>()
  private readonly reach = new Map<readonly Step[], readonly string[][]>()
  private readonly repeated: ReadonlySet<string>

  constructor(space: Space, block: string) {
    this.space = space
    this.repeated = repeatedItems(space, block)
  }

  /** How many ways there are to finish; `open` holds what has been opened, `#key` for options. */
  count(rest: Rest | null, open: ReadonlySet<string>): bigint {
    const relevant = new Set([...open].filter(item => this.repeated.has(item)))
    return this.countRest(this.intern(rest), relevant)
  }

  private countRest(start: CountRest | null, start_open: ReadonlySet<string>): bigint {
    let rest = start
    let open = start_open
    while (rest !== null) {
      const step: Step | undefined = rest.steps[rest.at]
      if (step === undefined) {
        rest = rest.next
        continue
      }
      const item = itemOf(step)
      const next = this.make(rest.steps, rest.at + 1, rest.next)
      if (this.repeated.has(item)) {
        if (open.has(item)) {
          rest = next
          continue
        }
        open = new Set([...open, item])
      }
      if (step.kind === 'open') {
        rest = this.make(this.space.steps.get(step.block) ?? [], 0, next)
        continue
      }
      return this.decide(rest, step, next, open)
    }
    return 1n
  }

  private decide(
    rest: CountRest,
    step: Extract<Step, { kind: 'decide' }>,
    next: CountRest | null,
    open: ReadonlySet<string>,
  ): bigint {
    const left = [...open].filter(item => rest.reach.has(item)).sort()
    const key = `${rest.id}|${left.join(' ')}`
    const known = this.memory.get(key)
    if (known !== undefined) return known
    if (this.memory.size >= MOST_MEMORIES) throw new Entangled()
    // Alternatives that open nothing all have the same rest.
    const plain = step.option.opens.filter(opens => opens.length === 0).length
    const seen = new Set(left)
    if (this.repeated.has(itemOf(step))) seen.add(itemOf(step))
    let total = plain === 0 ? 0n : BigInt(plain) * this.countRest(next, seen)
    for (const opens of step.option.opens) {
      if (opens.length > 0) total += this.countRest(this.make(opens, 0, next), seen)
    }
    this.memory.set(key, total)
    return total
  }

  private intern(rest: Rest | null): CountRest | null {
    return rest === null ? null : this.make(rest.steps, rest.at, this.intern(rest.next))
  }

  /** One object for equal rests; finished lists fall away, so that a rest is named by what is left of it. */
  private make(steps: readonly Step[], at: number, next: CountRest | null): CountRest | null {
    if (at >= steps.length) return next
    let id = this.ids.get(steps)
    if (id === undefined) {
      id = this.ids.size
      this.ids.set(steps, id)
    }
    const key = `${id}:${at}:${next?.id ?? '-'}`
    const known = this.rests.get(key)
    if (known !== undefined) return known
    if (this.rests.size >= MOST_MEMORIES) throw new Entangled()
    const reach = new Set(next?.reach)
    for (const item of this.reachOf(steps)[at] ?? []) reach.add(item)
    const made = { id: this.rests.size, steps, at, next, reach }
    this.rests.set(key, made)
    return made
  }

  /** For every place in the steps: the repeated items that can come up from there on. */
  private reachOf(steps: readonly Step[]): readonly string[][] {
    const known = this.reach.get(steps)
    if (known !== undefined) return known
    const result: string[][] = []
    const items = new Set<string>()
    for (const step of [...steps].reverse()) {
      if (this.repeated.has(itemOf(step))) items.add(itemOf(step))
      const inner = step.kind === 'open' ? [this.space.steps.get(step.block) ?? []] : step.option.opens
      for (const list of inner) {
        if (list.length > 0) for (const item of this.reachOf(list)[0] ?? []) items.add(item)
      }
      result.unshift([...items])
    }
    this.reach.set(steps, result)
    return result
  }
}

interface CountRest extends Rest {
  readonly id: number
  readonly next: CountRest | null
  readonly reach: ReadonlySet<string>
}

/** The number of variants of a block; null when the space is too entangled to be counted. */
export function countSpace(space: Space, block: string): bigint | null {
  try {
    return new Counter(space, block).count({ steps: stepsOf(space, block), at: 0, next: null }, new Set())
  } catch (error) {
    if (error instanceof Entangled) return null
    throw error
  }
}

function itemOf(step: Step): string {
  return step.kind === 'open' ? itemOfBlock(step.block) : itemOfOption(step.option.key)
}

/** Blocks and options that stand in more than one list of steps; only these can be met again. */
function repeatedItems(space: Space, block: string): ReadonlySet<string> {
  const once = new Set<string>()
  const twice = new Set<string>()
  const visited = new Set<readonly Step[]>()
  const visit = (steps: readonly Step[]): void => {
    if (visited.has(steps)) return
    visited.add(steps)
    for (const step of steps) {
      const item = itemOf(step)
      if (once.has(item)) twice.add(item)
      once.add(item)
      if (step.kind === 'open') visit(space.steps.get(step.block) ?? [])
      else step.option.opens.forEach(visit)
    }
  }
  visit(stepsOf(space, block))
  return twice
}

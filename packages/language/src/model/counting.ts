/**
 * Exact counting of a space without walking it: `plan` asks for the size of every block, `variantAt` for the number of
 * ways to finish from a place. A dynamic programme over the steps that are left (see `space.ts`): what has nothing in common
 * is multiplied, and only decisions that open something are remembered. Sets of blocks and options are bits of a bigint.
 */
import { itemOfBlock, itemOfOption, opensNothing, type Rest, type Space, type Step, stepsOf } from './space.ts'

/** A space so entangled that exact counting is refused. `plan` makes a Problem of it. */
export class Entangled extends Error {}

/** More partial results than this only a space made to be hard needs. */
const MOST_MEMORIES = 20_000
const MOST_RESTS = 100_000

export class Counter {
  private readonly space: Space
  private readonly memory = new Map<string, bigint>()
  private readonly ids = new Map<readonly Step[], number>()
  private readonly rests = new Map<string, CountRest>()
  private readonly reach = new Map<readonly Step[], readonly Items[]>()
  /** The bit of every item that can be met again; what can not needs no bit. */
  private readonly bits: ReadonlyMap<string, Items>

  /** How many trials of a block can be built on, where that is not the product of its options. */
  private readonly pins: ReadonlyMap<string, bigint>

  constructor(space: Space, pins: ReadonlyMap<string, bigint> = new Map()) {
    this.space = space
    this.pins = pins
    this.bits = new Map([...repeatedItems(space)].map((item, i) => [item, 1n << BigInt(i)]))
  }

  /** The number of variants of a block. Throws Entangled. */
  block(id: string): bigint {
    const own = this.make(this.space.steps.get(id) ?? [], 0, null)
    return this.count(this.make(this.needed(id), 0, own), 0n)
  }

  /** The number of ways to choose trials of all these blocks and of what they need. Throws Entangled. */
  together(ids: readonly string[]): bigint {
    const steps = ids.map((block): Step => ({ kind: 'open', block }))
    return this.count(this.make(steps, 0, null), 0n)
  }

  private needed(id: string): readonly Step[] {
    return stepsOf(this.space, id).slice(0, -1)
  }

  /** How many ways there are to finish; `open` holds the blocks and options that have come up. Throws Entangled. */
  ways(rest: Rest, open: ReadonlySet<string>): bigint {
    let items = 0n
    for (const item of open) items |= this.bits.get(item) ?? 0n
    return this.count(this.intern(rest), items)
  }

  private count(start: CountRest | null, startOpen: Items): bigint {
    let rest = start
    let open = startOpen
    let total = 1n
    while (rest !== null) {
      if (rest.next !== null && this.independent(rest, rest.next, open)) {
        total *= this.count(this.make(rest.steps, rest.at, null), open)
        rest = rest.next
        continue
      }
      // What opens nothing is only multiplied: no rest is made of every step on the way.
      let at: number = rest.at
      let step: Step | undefined = rest.steps[at]
      while (step !== undefined && step.kind !== 'open' && (step.kind === 'draw' || opensNothing(step))) {
        const item = this.bits.get(itemOf(step)) ?? 0n
        if ((open & item) === 0n && step.kind === 'decide') total *= BigInt(step.option.opens.length)
        open |= item
        at += 1
        step = rest.steps[at]
      }
      if (at > rest.at || step === undefined) {
        rest = this.make(rest.steps, at, rest.next)
        continue
      }
      const item = this.bits.get(itemOf(step)) ?? 0n
      const next = this.make(rest.steps, at + 1, rest.next)
      if ((open & item) !== 0n) {
        rest = next
        continue
      }
      open |= item
      if (step.kind === 'open') {
        const pin = this.pins.get(step.block)
        total *= pin ?? 1n
        rest = pin === undefined ? this.make(this.space.steps.get(step.block) ?? [], 0, next) : next
      } else {
        return total * this.decide(rest, step, next, open)
      }
    }
    return total
  }

  private decide(
    rest: CountRest,
    step: Extract<Step, { kind: 'decide' }>,
    next: CountRest | null,
    open: Items,
  ): bigint {
    const key = `${rest.id}|${(open & rest.reach).toString(36)}`
    const known = this.memory.get(key)
    if (known !== undefined) return known
    if (this.memory.size >= MOST_MEMORIES) throw new Entangled()
    // Alternatives that open nothing all have the same rest.
    const plain = step.option.opens.filter(opens => opens.length === 0).length
    let total = plain === 0 ? 0n : BigInt(plain) * this.count(next, open)
    for (const opens of step.option.opens) {
      if (opens.length > 0) total += this.count(this.make(opens, 0, next), open)
    }
    this.memory.set(key, total)
    return total
  }

  /** Nothing that may come up in the one can come up in the other, but for what is open already. */
  private independent(rest: CountRest, next: CountRest, open: Items): boolean {
    const own = this.reachOf(rest.steps)[rest.at] ?? 0n
    return (own & ~open & next.reach) === 0n
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
    const key = `${id}:${at}:${next?.id ?? ''}`
    const known = this.rests.get(key)
    if (known !== undefined) return known
    if (this.rests.size >= MOST_RESTS) throw new Entangled()
    const reach = (this.reachOf(steps)[at] ?? 0n) | (next?.reach ?? 0n)
    const made = { id: this.rests.size, steps, at, next, reach }
    this.rests.set(key, made)
    return made
  }

  /** For every place in the steps: the repeated items that can come up from there on. */
  private reachOf(steps: readonly Step[]): readonly Items[] {
    const known = this.reach.get(steps)
    if (known !== undefined) return known
    const result: Items[] = []
    let items = 0n
    for (const step of [...steps].reverse()) {
      items |= this.bits.get(itemOf(step)) ?? 0n
      const inner =
        step.kind === 'open' ? [this.space.steps.get(step.block) ?? []] : step.kind === 'draw' ? [] : step.option.opens
      for (const list of inner) {
        if (list.length > 0) items |= this.reachOf(list)[0] ?? 0n
      }
      result.push(items)
    }
    result.reverse()
    this.reach.set(steps, result)
    return result
  }
}

/** A set of blocks and options. */
type Items = bigint

interface CountRest extends Rest {
  readonly id: number
  readonly next: CountRest | null
  readonly reach: Items
}

function itemOf(step: Step): string {
  if (step.kind === 'open') return itemOfBlock(step.block)
  return itemOfOption(step.kind === 'draw' ? step.draw.key : step.option.key)
}

/** Blocks and options that stand at more than one place of the steps; only these can be met again. */
function repeatedItems(space: Space): ReadonlySet<string> {
  const once = new Set<string>()
  const twice = new Set<string>()
  const visit = (steps: readonly Step[]): void => {
    for (const step of steps) {
      const item = itemOf(step)
      if (once.has(item)) twice.add(item)
      once.add(item)
      if (step.kind === 'decide') step.option.opens.forEach(visit)
    }
  }
  for (const id of space.needs.keys()) {
    visit(stepsOf(space, id))
    visit(space.steps.get(id) ?? [])
  }
  return twice
}

/**
 * The variants of a block that are known before anything runs: lazily, in document order, the last option fastest; or one
 * by its number. Called by the engine and by `planAnswer`. Blocks under or below a search have none here: `upon.ts`.
 */
import type { Plan, Variant } from '../plan.ts'
import { lensOf } from './lens.ts'
import { type Decision, itemOfBlock, itemOfOption, type Walk, walkSpace } from './space.ts'

/** Throws when the plan has no such block. */
export function* variants(plan: Plan, block: string): Generator<Variant, void, undefined> {
  const lens = lensOf(plan, block)
  if (!lens.enumerable(block)) return
  let index = 0
  for (const walk of walks(choices => walkSpace(lens.space, block, option => choices.get(option.key) ?? 0))) {
    yield lens.variant(walk, block, index, {})
    index += 1
  }
}

/** The variant at this place of the enumeration, without enumerating. Throws when there is none. */
export function variantAt(plan: Plan, block: string, index: number): Variant {
  const lens = lensOf(plan, block)
  if (!lens.enumerable(block)) throw new RangeError(`the variants of block ${block} are not known before it runs`)
  const counter = lens.counter()
  if (!Number.isSafeInteger(index) || index < 0) throw new RangeError(`${index} is no place of a variant`)
  let left = BigInt(index)
  const open = new Set<string>()
  const walk = walkSpace(lens.space, block, (option, rest, opened) => {
    for (const id of opened) open.add(itemOfBlock(id))
    open.add(itemOfOption(option.key))
    for (const [choice, opens] of option.opens.entries()) {
      const below = counter.ways(opens.length === 0 ? rest : { steps: opens, at: 0, next: rest }, open)
      if (left < below) return choice
      left -= below
    }
    throw new RangeError(`block ${block} has no variant ${index}`)
  })
  if (left > 0n) throw new RangeError(`block ${block} has no variant ${index}`)
  return lens.variant(walk, block, index, {})
}

/** The place of a walk in the enumeration: how many variants come before it. */
export function placeOf(plan: Plan, block: string, choices: Variant['choices']): number {
  const lens = lensOf(plan, block)
  if (!lens.enumerable(block)) return -1
  const counter = lens.counter()
  const open = new Set<string>()
  let before = 0n
  walkSpace(lens.space, block, (option, rest, opened) => {
    for (const id of opened) open.add(itemOfBlock(id))
    open.add(itemOfOption(option.key))
    const chosen = choices[option.key] ?? 0
    for (const opens of option.opens.slice(0, chosen)) {
      before += counter.ways(opens.length === 0 ? rest : { steps: opens, at: 0, next: rest }, open)
    }
    return chosen
  })
  return Number(before)
}

/** All walks, the last option fastest; options in `fixed` keep their choice. */
export function* walks(
  walk: (choices: ReadonlyMap<string, number>) => Walk,
  fixed: ReadonlyMap<string, number> = new Map(),
): Generator<Walk, void, undefined> {
  let choices: ReadonlyMap<string, number> | null = fixed
  while (choices !== null) {
    const found: Walk = walk(choices)
    yield found
    choices = nextChoices(found.decisions, fixed)
  }
}

/** The odometer: the last option that can still move moves, all after it start anew. */
function nextChoices(
  decisions: readonly Decision[],
  fixed: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> | null {
  for (let i = decisions.length - 1; i >= 0; i -= 1) {
    const decision = decisions[i]
    if (decision === undefined || decision.choice + 1 >= decision.option.alternatives.length) continue
    if (fixed.has(decision.option.key)) continue
    const choices = new Map(fixed)
    for (const { option, choice } of decisions.slice(0, i)) choices.set(option.key, choice)
    return choices.set(decision.option.key, decision.choice + 1)
  }
  return null
}

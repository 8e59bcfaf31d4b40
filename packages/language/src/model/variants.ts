/**
 * The variants of a block: lazily, in document order, the last option fastest; or one by its number. Called by the
 * engine and by `planAnswer`. A plan's space is compiled once and remembered as long as the plan lives.
 */
import type { Json } from '../catalogue.ts'
import type { Plan, Variant } from '../plan.ts'
import { Counter } from './counting.ts'
import { variantId } from './identity.ts'
import {
  compileSpace,
  type Decision,
  itemOfBlock,
  itemOfOption,
  type Space,
  type SpaceOption,
  type Walk,
  walkSpace,
} from './space.ts'

/** Throws when the plan has no such block. */
export function* variants(plan: Plan, block: string): Generator<Variant, void, undefined> {
  const lens = lensOf(plan, block)
  let choices = new Map<string, number>()
  for (let index = 0; ; index += 1) {
    const walk = walkSpace(lens.space, block, option => choices.get(option.key) ?? 0)
    yield makeVariant(walk, block, index, lens)
    const next = nextChoices(walk.decisions)
    if (next === null) return
    choices = next
  }
}

/** The variant at this place of the enumeration, without enumerating. Throws when there is none. */
export function variantAt(plan: Plan, block: string, index: number): Variant {
  const lens = lensOf(plan, block)
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
  return makeVariant(walk, block, index, lens)
}

/** The odometer: the last option that can still move moves, all after it start anew. */
function nextChoices(decisions: readonly Decision[]): Map<string, number> | null {
  for (let i = decisions.length - 1; i >= 0; i -= 1) {
    const decision = decisions[i]
    if (decision === undefined || decision.choice + 1 >= decision.option.alternatives.length) continue
    const choices = new Map(decisions.slice(0, i).map(({ option, choice }) => [option.key, choice]))
    return choices.set(decision.option.key, decision.choice + 1)
  }
  return null
}

function makeVariant(walk: Walk, block: string, index: number, lens: Lens): Variant {
  const choices = new Map(walk.decisions.map(({ option, choice }) => [option.key, choice]))
  const ancestors: Record<string, string> = {}
  for (const id of lens.order) {
    if (id === block || !walk.opened.has(id)) continue
    const seen = walkSpace(lens.space, id, option => choices.get(option.key) ?? 0)
    ancestors[id] = lens.id(id, seen.decisions)
  }
  const params: Record<string, Json> = {}
  const inDocumentOrder = [...walk.decisions].sort((a, b) => a.option.order - b.option.order)
  for (const { option, choice } of inDocumentOrder) params[option.key] = option.alternatives[choice]?.param ?? null
  return { id: lens.id(block, walk.decisions), block, index, params, ancestors, choices: Object.fromEntries(choices) }
}

/** A plan as the enumeration sees it. */
interface Lens {
  readonly space: Space
  /** Ids of all blocks in document order. */
  readonly order: readonly string[]
  readonly counter: () => Counter
  readonly id: (block: string, decisions: readonly Decision[]) => string
}

const LENSES = new WeakMap<Plan, Lens>()
/** Ancestors repeat from variant to variant; so many of their ids are remembered. */
const MOST_IDS = 20_000

function lensOf(plan: Plan, block: string): Lens {
  if (!plan.blocks.some(candidate => candidate.id === block)) throw new Error(`the plan has no block ${block}`)
  const known = LENSES.get(plan)
  if (known !== undefined) return known
  const space = compileSpace(plan.blocks)
  let counter: Counter | null = null
  const ids = new Map<string, string>()
  const parts = new WeakMap<SpaceOption, string[]>()
  const part = ({ option, choice }: Decision): string => {
    let texts = parts.get(option)
    if (texts === undefined) {
      texts = option.alternatives.map(({ typed }) => `[${JSON.stringify(option.key)},${JSON.stringify(typed)}]`)
      parts.set(option, texts)
    }
    return texts[choice] ?? ''
  }
  const lens: Lens = {
    space,
    order: plan.blocks.map(candidate => candidate.id),
    counter: () => {
      counter ??= new Counter(space)
      return counter
    },
    id: (id, decisions) => {
      const sorted = [...decisions].sort((a, b) => (a.option.key < b.option.key ? -1 : 1)).map(part)
      const key = `${id} ${sorted.join()}`
      let found = ids.get(key)
      if (found === undefined) {
        found = variantId(id, sorted)
        if (ids.size >= MOST_IDS) ids.clear()
        ids.set(key, found)
      }
      return found
    },
  }
  LENSES.set(plan, lens)
  return lens
}

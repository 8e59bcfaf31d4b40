/**
 * A plan as the enumeration sees it: its space, compiled once and remembered as long as the plan lives, and how a walk
 * becomes a Variant. Used by `variants` and `upon`.
 */
import type { Json } from '../catalogue.ts'
import type { Plan, Variant } from '../plan.ts'
import { Counter } from './counting.ts'
import { isEnumerable } from './enumerable.ts'
import { variantId } from './identity.ts'
import { compileSpace, type Space, type SpaceOption, type Walk, walkSpace } from './space.ts'

export interface Lens {
  readonly space: Space
  readonly counter: () => Counter
  readonly enumerable: (block: string) => boolean
  /** The variant of a complete walk; `values` holds what was drawn. */
  readonly variant: (walk: Walk, block: string, index: number, values: Values) => Variant
}

export type Values = { readonly [key: string]: number }

const LENSES = new WeakMap<Plan, Lens>()
/** Ancestors repeat from variant to variant; so many of their ids are remembered. */
const MOST_IDS = 20_000

/** Throws when the plan has no such block. */
export function lensOf(plan: Plan, block: string): Lens {
  if (!plan.blocks.some(candidate => candidate.id === block)) throw new Error(`the plan has no block ${block}`)
  const known = LENSES.get(plan)
  if (known !== undefined) return known
  const lens = makeLens(plan)
  LENSES.set(plan, lens)
  return lens
}

function makeLens(plan: Plan): Lens {
  const space = compileSpace(plan.blocks)
  const order = plan.blocks.map(candidate => candidate.id)
  const idOf = namer()
  const enumerable = new Set(order.filter(id => isEnumerable(plan, id)))
  let counter: Counter | null = null
  return {
    space,
    enumerable: block => enumerable.has(block),
    counter: () => {
      counter ??= new Counter(space)
      return counter
    },
    variant: (walk, block, index, values) => {
      const choices = new Map(walk.decisions.map(({ option, choice }) => [option.key, choice]))
      const ancestors: Record<string, string> = {}
      for (const id of order) {
        if (id === block || !walk.opened.has(id)) continue
        const seen = walkSpace(space, id, option => choices.get(option.key) ?? 0)
        ancestors[id] = idOf(id, seen, values, true)
      }
      return {
        id: idOf(block, walk, values, false),
        block,
        index,
        params: paramsOf(walk, values),
        ancestors,
        choices: Object.fromEntries(choices),
        values: Object.fromEntries(walk.draws.map(({ key }) => [key, drawn(values, key)])),
      }
    },
  }
}

function paramsOf({ decisions, draws }: Walk, values: Values): Variant['params'] {
  const all: { readonly key: string; readonly order: number; readonly param: Json }[] = decisions.map(
    ({ option, choice }) => ({ ...option, param: option.alternatives[choice]?.param ?? null }),
  )
  for (const { key, order } of draws) all.push({ key, order, param: drawn(values, key) })
  all.sort((a, b) => a.order - b.order)
  return Object.fromEntries(all.map(({ key, param }) => [key, param]))
}

function drawn(values: Values, key: string): number {
  const value = Object.hasOwn(values, key) ? values[key] : undefined
  if (value === undefined) throw new RangeError(`nothing was drawn for ${key}`)
  return value
}

/** Ids of variants; their texts are remembered, and the ids of ancestors, which repeat from variant to variant. */
function namer(): (block: string, walk: Pick<Walk, 'decisions' | 'draws'>, values: Values, repeats: boolean) => string {
  const ids = new Map<string, string>()
  const parts = new WeakMap<SpaceOption, readonly string[]>()
  const partsOf = (option: SpaceOption): readonly string[] => {
    let texts = parts.get(option)
    if (texts === undefined) {
      texts = option.alternatives.map(({ typed }) => `[${JSON.stringify(option.key)},${JSON.stringify(typed)}]`)
      parts.set(option, texts)
    }
    return texts
  }
  return (block, { decisions, draws }, values, repeats) => {
    const assigned = decisions.map(({ option, choice }) => ({ key: option.key, part: partsOf(option)[choice] ?? '' }))
    for (const { key } of draws) assigned.push({ key, part: JSON.stringify([key, drawn(values, key)]) })
    const sorted = assigned.sort((one, two) => (one.key < two.key ? -1 : 1)).map(({ part }) => part)
    if (!repeats) return variantId(block, sorted)
    const name = `${block} ${sorted.join()}`
    let found = ids.get(name)
    if (found === undefined) {
      found = variantId(block, sorted)
      if (ids.size >= MOST_IDS) ids.clear()
      ids.set(name, found)
    }
    return found
  }
}

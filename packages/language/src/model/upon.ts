/**
 * Variants that build on given ones: what a block's trials are once its ancestors' trials are known, or proposed by a search
 * algorithm. Called by the engine while an experiment runs.
 */
import type { Json } from '../catalogue.ts'
import type { Assignment } from '../distribution.ts'
import type { Plan, Variant } from '../plan.ts'
import { lensOf, type Values } from './lens.ts'
import { alternativeOf } from './search-space.ts'
import { type Decision, type Walk, walkSpace } from './space.ts'
import { placeOf, walks } from './variants.ts'

/**
 * Every variant of `block` that builds on exactly these variants of its ancestors, in document order, the last own option fastest.
 * None when they do not fit together, or when the block's own choices call for other ancestors (see `ancestries`).
 */
export function* variantsUpon(
  plan: Plan,
  block: string,
  upon: readonly Variant[],
): Generator<Variant, void, undefined> {
  const lens = lensOf(plan, block)
  const given = together(upon)
  if (given === null) return
  const wanted = new Set(upon.map(variant => variant.block))
  const shut = (id: string): boolean => id !== block && !wanted.has(id)
  const walk = (choices: ReadonlyMap<string, number>): Walk =>
    walkSpace(lens.space, block, option => choices.get(option.key) ?? 0, shut)
  for (const found of walks(walk, new Map(Object.entries(given.choices)))) {
    if (found.opened.size !== wanted.size + 1 || [...wanted].some(id => !found.opened.has(id))) continue
    const place = placeOf(plan, block, choicesOf(found.decisions))
    yield lens.variant(found, block, place, given.values)
  }
}

/**
 * A search algorithm's proposal as a variant: `assignment` names the block's own options that are active, `upon` holds a variant of
 * every ancestor, of which those count that the choices call for. Throws when a value is missing or no alternative.
 */
export function variantOf(plan: Plan, block: string, upon: readonly Variant[], assignment: Assignment): Variant {
  const lens = lensOf(plan, block)
  const given = together(upon)
  if (given === null) throw new RangeError(`these variants do not fit together: ${upon.map(({ id }) => id).join(', ')}`)
  const missing = new Set<string>()
  const walk = walkSpace(
    lens.space,
    block,
    option => {
      const fixed = given.choices[option.key]
      if (fixed !== undefined) return fixed
      const proposed = Object.hasOwn(assignment, option.key) ? assignment[option.key] : undefined
      const choice = alternativeOf(option.alternatives, proposed)
      if (choice === null) throw new RangeError(`${JSON.stringify(proposed)} is no alternative of ${option.key}`)
      return choice
    },
    id => id !== block && !upon.some(variant => variant.block === id) && missing.add(id) !== undefined,
  )
  if (missing.size > 0) throw new RangeError(`block ${block} builds on ${[...missing].join(', ')}, which is not given`)
  const values: Record<string, number> = { ...given.values }
  for (const { key, decimals } of walk.draws) {
    if (!Object.hasOwn(values, key)) values[key] = rounded(assignment[key], decimals, key)
  }
  return lens.variant(walk, block, placeOf(plan, block, choicesOf(walk.decisions)), values)
}

/** A variant again, from what a trial's row keeps of it. Throws when the choices are not those of the block. */
export function variantFrom(
  plan: Plan,
  block: string,
  { choices, values }: Pick<Variant, 'choices' | 'values'>,
): Variant {
  const lens = lensOf(plan, block)
  const walk = walkSpace(lens.space, block, option => {
    const choice = choices[option.key]
    if (choice === undefined || option.alternatives[choice] === undefined)
      throw new RangeError(`no choice for ${option.key}`)
    return choice
  })
  return lens.variant(walk, block, placeOf(plan, block, choices), values)
}

/** What all of them decided; null when two decided differently, or name different variants of one ancestor. */
function together(upon: readonly Variant[]): { choices: Variant['choices']; values: Values } | null {
  const choices: Record<string, number> = {}
  const values: Record<string, number> = {}
  const ids: Record<string, string> = {}
  const agree = <Value extends string | number>(into: Record<string, Value>, more: { readonly [key: string]: Value }) =>
    Object.entries(more).every(([key, value]) => {
      // A block may be called like a method of objects.
      if (!Object.hasOwn(into, key)) into[key] = value
      return into[key] === value
    })
  for (const variant of upon) {
    const named = { ...variant.ancestors, [variant.block]: variant.id }
    if (!agree(choices, variant.choices) || !agree(values, variant.values) || !agree(ids, named)) return null
  }
  return { choices, values }
}

function choicesOf(decisions: readonly Decision[]): Variant['choices'] {
  return Object.fromEntries(decisions.map(({ option, choice }) => [option.key, choice]))
}

function rounded(value: Json | undefined, decimals: number | null, key: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new RangeError(`no number for ${key}`)
  const near = decimals === null ? value : Math.round(value * 10 ** decimals) / 10 ** decimals
  return near === 0 ? 0 : near
}

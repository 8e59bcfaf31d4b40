/**
 * The variants of a sketched plan: document order, the last option varies fastest. A variant's id says its choices:
 * `b(a=1,b=2)`, `b(a=1,b=0.25)`.
 */
import { isEnumerable, type Plan, type PlannedBlock, type Variant } from '@flambe/language'
import type { VariantSource } from '../search/variant.ts'

type Parts = Pick<Variant, 'choices' | 'values'>

export const sketchVariants: VariantSource = {
  *all(plan, id) {
    if (!isEnumerable(plan, id)) return
    for (let index = 0; index < blockOf(plan, id).count; index++) yield sketchVariants.at(plan, id, index)
  },
  at(plan, id, index) {
    const choices: { [key: string]: number } = {}
    let rest = index
    for (const name of [...blockOf(plan, id).ancestors, id].reverse()) {
      const options = optionsOf(plan, name)
      if (options > 1) choices[`${name}.x`] = rest % options
      rest = Math.floor(rest / options)
    }
    return make(plan, id, index, { choices, values: {} })
  },
  *upon(plan, id, upon) {
    const given = merged(upon)
    const options = optionsOf(plan, id)
    for (let own = 0; own < options; own++) {
      const choices = options > 1 ? { ...given.choices, [`${id}.x`]: own } : given.choices
      yield make(plan, id, -1, { choices, values: given.values })
    }
  },
  of(plan, id, upon, assignment) {
    const { choices, values } = merged(upon)
    const own = assignment[`${id}.x`] as number
    return optionsOf(plan, id) > 0
      ? make(plan, id, -1, { choices: { ...choices, [`${id}.x`]: own - 1 }, values })
      : make(plan, id, -1, { choices, values: { ...values, [`${id}.x`]: own } })
  },
  from: (plan, id, parts) => make(plan, id, -1, parts),
  ancestries: (plan, id) => [blockOf(plan, id).ancestors],
  enumerable: isEnumerable,
}

const merged = (upon: readonly Variant[]): Parts => ({
  choices: Object.assign({}, ...upon.map(v => v.choices)),
  values: Object.assign({}, ...upon.map(v => v.values)),
})

function make(plan: Plan, id: string, index: number, parts: Parts): Variant {
  const { ancestors } = blockOf(plan, id)
  const keys = [...ancestors, id].map(name => `${name}.x`)
  const shown = (key: string): number | undefined => {
    const choice = parts.choices[key]
    return choice === undefined ? parts.values[key] : choice + 1
  }
  const present = keys.filter(key => shown(key) !== undefined)
  return {
    id: nameOf(plan, id, shown),
    block: id,
    index,
    params: Object.fromEntries(present.map(key => [key, shown(key) as number])),
    ancestors: Object.fromEntries(ancestors.map(name => [name, nameOf(plan, name, shown)])),
    choices: Object.fromEntries(
      keys.flatMap(key => (key in parts.choices ? [[key, parts.choices[key] as number]] : [])),
    ),
    values: Object.fromEntries(keys.flatMap(key => (key in parts.values ? [[key, parts.values[key] as number]] : []))),
  }
}

function nameOf(plan: Plan, id: string, shown: (key: string) => number | undefined): string {
  const seen = [...blockOf(plan, id).ancestors, id].filter(name => shown(`${name}.x`) !== undefined)
  return `${id}(${seen.map(name => `${name}=${shown(`${name}.x`)}`).join(',')})`
}

const blockOf = (plan: Plan, id: string): PlannedBlock => plan.blocks.find(b => b.id === id) as PlannedBlock

/** 0: a number, not a choice. */
function optionsOf(plan: Plan, id: string): number {
  const arg = blockOf(plan, id).root.args[0]?.[1]
  return arg?.kind === 'scalar' ? (arg.value as number) : 1
}

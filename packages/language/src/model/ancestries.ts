/**
 * Which ancestors a block's choices can call for: links inside of alternatives make several sets. Asked by the engine where variants
 * follow from trials, and by `plan`, which refuses a pipeline that makes too many of them.
 */
import type { Plan } from '../plan.ts'
import { Entangled } from './counting.ts'
import { lensOf } from './lens.ts'
import { opensNothing, type Space, type Step, stepsOf } from './space.ts'

/** More sets than this only a space made to be hard has. */
const MOST_SETS = 1_000

/**
 * The sets of ancestors that the choices of a block, and of its ancestors, can call for, each in document order. One for a block
 * without links inside of alternatives; a set that the choices do not allow after all has no variants.
 */
export function ancestries(plan: Plan, block: string): readonly (readonly string[])[] {
  const order = plan.blocks.map(({ id }) => id)
  return ancestrySets(lensOf(plan, block).space, block).map(set => order.filter(id => id !== block && set.has(id)))
}

type Opened = ReadonlySet<string>

/** Throws Entangled. */
export function ancestrySets(space: Space, block: string): readonly Opened[] {
  return setsAfter(stepsOf(space, block), [new Set<string>()], space)
}

function setsAfter(steps: readonly Step[], start: readonly Opened[], space: Space): readonly Opened[] {
  let sets = start
  for (const step of steps) {
    if (step.kind === 'draw' || (step.kind === 'decide' && opensNothing(step))) continue
    const next = sets.flatMap(set => {
      if (step.kind === 'open') {
        if (set.has(step.block)) return [set]
        return setsAfter(space.steps.get(step.block) ?? [], [new Set([...set, step.block])], space)
      }
      return step.option.opens.flatMap(list => setsAfter(list, [set], space))
    })
    sets = distinct(next)
    if (sets.length > MOST_SETS) throw new Entangled()
  }
  return sets
}

function distinct(sets: readonly Opened[]): readonly Opened[] {
  if (sets.length < 2) return sets
  return [...new Map(sets.map(set => [[...set].sort().join(' '), set])).values()]
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Assignment,
  ancestries,
  type SearchSpace,
  type Variant,
  variantFrom,
  variantOf,
  variants,
  variantsUpon,
} from '../index.ts'
import { pipeline, yaml } from '../testing/pipelines.ts'
import { mustPlan, planText } from '../testing/plan-text.ts'

describe('for any pipeline, variants upon those of the ancestors', () => {
  it('are, over all combinations, the variants that are enumerated', () => {
    fc.assert(
      fc.property(pipeline, blocks => {
        const plan = mustPlan(yaml(blocks))
        fc.pre(plan.blocks.every(({ count }) => count < 60))
        for (const { id } of plan.blocks) {
          const found: Variant[] = []
          for (const set of ancestries(plan, id)) {
            let combinations: Variant[][] = [[]]
            for (const one of set) {
              combinations = combinations.flatMap(all => [...variants(plan, one)].map(each => [...all, each]))
              fc.pre(combinations.length < 2_000)
            }
            for (const upon of combinations) found.push(...variantsUpon(plan, id, upon))
          }
          expect(found.sort((a, b) => a.index - b.index)).toEqual([...variants(plan, id)])
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('for any space, proposals', () => {
  it('drawn at random become variants that come back from their choices and values', () => {
    fc.assert(
      fc.property(pipeline, fc.nat(), (blocks, seed) => {
        const text = yaml(blocks, '', true)
        const last = `b${blocks.length - 1}`
        const { plan } = planText(text.replace('pipeline:', `search: {${last}: !TPE {n_trials: 9}}\npipeline:`))
        // Options that an alias shares with blocks upstream are refused.
        fc.pre(plan !== null)
        const block = plan?.blocks.at(-1)
        if (plan === null || block === undefined || block.search === null) return
        let state = seed
        const pick = (n: number): number => {
          state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
          return Math.floor((state / 2_147_483_648) * n)
        }
        const upon: Variant[] = []
        for (const id of block.ancestors) {
          const fitting = [...variants(plan, id)].filter(({ ancestors }) =>
            upon.every(one => (ancestors[one.block] ?? one.id) === one.id),
          )
          const one = fitting[pick(fitting.length)]
          if (one !== undefined) upon.push(one)
        }
        const proposal = propose(block.search.space, pick)
        let made: Variant
        try {
          made = variantOf(plan, last, upon, proposal)
        } catch (error) {
          // Two ancestors that were picked apart from each other.
          expect(String(error)).toMatch(/fit together|builds on/)
          return
        }
        expect(variantFrom(plan, last, JSON.parse(JSON.stringify(made)))).toEqual(made)
        const own = Object.keys({ ...made.choices, ...made.values }).filter(key => Object.hasOwn(proposal, key))
        expect(own.length).toBeGreaterThan(0)
        for (const key of Object.keys(made.values)) expect(made.params[key]).toBe(made.values[key])
      }),
      { numRuns: 150 },
    )
  })
})

function propose(space: SearchSpace, pick: (n: number) => number): Assignment {
  const assignment: Record<string, Assignment[string]> = {}
  for (const [name, distribution] of Object.entries(space)) {
    if (distribution.kind === 'choice') {
      const chosen = distribution.options[pick(distribution.options.length)]
      assignment[name] = chosen?.value ?? null
      Object.assign(assignment, propose(chosen?.children ?? {}, pick))
    } else if ('low' in distribution) assignment[name] = distribution.low + pick(distribution.high - distribution.low)
  }
  return assignment
}

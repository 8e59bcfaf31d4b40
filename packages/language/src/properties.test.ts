import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dump, type Plan, type TreeNode, variantAt, variants } from './index.ts'
import { pipeline, yaml } from './testing/pipelines.ts'
import { file, mustPlan } from './testing/plan-text.ts'

/** All options of a plan with their numbers of alternatives. */
function optionsOf(plan: Plan): Map<string, number> {
  const options = new Map<string, number>()
  const visit = (node: TreeNode): void => {
    if (node.kind === 'list') node.items.forEach(visit)
    if (node.kind === 'map') for (const [, value] of node.entries) visit(value)
    if (node.kind === 'component') for (const [, value] of node.args) visit(value)
    if (node.kind !== 'option') return
    options.set(node.key, node.alternatives.length)
    for (const { value } of node.alternatives) visit(value)
  }
  for (const block of plan.blocks) visit(block.root)
  return options
}

/** What a block sees of a full assignment: the options met on the way through the tree, over links too. */
function seen(plan: Plan, block: string, assignment: ReadonlyMap<string, number>): string {
  const met = new Map<string, number>()
  const visit = (node: TreeNode, own: string): void => {
    if (node.kind === 'list') for (const item of node.items) visit(item, own)
    if (node.kind === 'map') for (const [, value] of node.entries) visit(value, own)
    if (node.kind === 'component') for (const [, value] of node.args) visit(value, own)
    if (node.kind === 'link' && node.root !== own) visitBlock(node.root)
    if (node.kind !== 'option') return
    const choice = assignment.get(node.key) ?? 0
    met.set(node.key, choice)
    const chosen = node.alternatives[choice]
    if (chosen !== undefined) visit(chosen.value, own)
  }
  const visitBlock = (id: string): void => {
    const found = plan.blocks.find(candidate => candidate.id === id)
    if (found !== undefined) visit(found.root, id)
  }
  visitBlock(block)
  return JSON.stringify([...met].sort())
}

/** Every assignment of every option of the whole plan; null when there are too many to try them all. */
function allAssignments(options: ReadonlyMap<string, number>): Map<string, number>[] | null {
  let all: Map<string, number>[] = [new Map()]
  for (const [key, size] of options) {
    if (all.length * size > 4_000) return null
    all = all.flatMap(one => Array.from({ length: size }, (_, choice) => new Map(one).set(key, choice)))
  }
  return all
}

/** The whole plan but for the text, and places in it; draws are a grid after `dump`. */
function shapeOf({ text: _, ...plan }: Plan): unknown {
  const places = ['line', 'column', 'drawn']
  // Numbers of components: their order in the text. Ids of blocks are texts.
  const left = (key: string, value: unknown) => places.includes(key) || (key === 'id' && typeof value === 'number')
  return JSON.parse(JSON.stringify(plan, (key, value) => (left(key, value) ? undefined : value)))
}

describe('the pipelines of these tests', () => {
  it('have what makes counting hard, often', () => {
    const wanted: { readonly [what: string]: RegExp } = {
      'a link in an alternative': /!g \[[^\n]*!@/,
      'a grid inside of a grid': /!g \[[^\n]*!g \[/,
      'an option of a component that is itself an alternative': /!g \[[^\n]*!Any \{[^\n]*!g/,
      'an alias of an option of another block': /: \*b\d/,
      'a merge of options': /<<: \*b\d/,
      'a bracket path': /!@ "b\d\[own\]/,
      'random draws': /!s \[/,
      'a diamond': /(?:!@ b0[\s\S]*){2}/,
    }
    const texts = fc.sample(pipeline, { numRuns: 400, seed: 1 }).map(blocks => yaml(blocks))
    const rare = Object.entries(wanted).filter(([, sign]) => texts.filter(text => sign.test(text)).length < 20)
    expect(rare.map(([what]) => what)).toEqual([])
    const plans = texts.map(text => mustPlan(text))
    const uneven = plans.filter(plan =>
      plan.blocks.some(({ id, count }) => {
        if (count > 200) return false
        const seen = new Set([...variants(plan, id)].map(({ ancestors }) => Object.keys(ancestors).join()))
        return seen.size > 1
      }),
    )
    expect(uneven.length).toBeGreaterThan(20) // choices that decide which ancestors are needed
  })
})

describe('for any pipeline', () => {
  it('counted, enumerated and naively multiplied variants are the same', () => {
    fc.assert(
      fc.property(pipeline, blocks => {
        const plan = mustPlan(yaml(blocks))
        const assignments = allAssignments(optionsOf(plan))
        fc.pre(assignments !== null)
        for (const { id, count } of plan.blocks) {
          const naive = new Set(assignments?.map(assignment => seen(plan, id, assignment)))
          const found = [...variants(plan, id)]
          expect(found.length).toBe(count)
          expect(new Set(found.map(variant => JSON.stringify(Object.entries(variant.choices).sort())))).toEqual(naive)
          expect(new Set(found.map(variant => variant.id)).size).toBe(count)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('a variant is the same by enumeration and by its number', () => {
    fc.assert(
      fc.property(pipeline, fc.nat(), (blocks, place) => {
        const plan = mustPlan(yaml(blocks))
        const { id, count } = plan.blocks.at(-1) as Plan['blocks'][number]
        fc.pre(count < 2_000)
        const index = place % count
        expect(variantAt(plan, id, index)).toEqual([...variants(plan, id)][index])
      }),
      { numRuns: 200 },
    )
  })

  it('names the variants of ancestors by their own ids', () => {
    fc.assert(
      fc.property(pipeline, blocks => {
        const plan = mustPlan(yaml(blocks))
        fc.pre(plan.blocks.every(({ count }) => count < 500))
        const ids = new Map(
          plan.blocks.map(({ id }) => [id, new Set([...variants(plan, id)].map(variant => variant.id))]),
        )
        for (const { id } of plan.blocks) {
          for (const { ancestors } of variants(plan, id)) {
            for (const [ancestor, variant] of Object.entries(ancestors)) expect(ids.get(ancestor)).toContain(variant)
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  it('planning what `dump` wrote gives the same variants', () => {
    fc.assert(
      fc.property(pipeline, fc.nat(1_000_000), (blocks, seed) => {
        const plan = mustPlan(yaml(blocks), seed)
        fc.pre(plan.blocks.every(({ count }) => count < 500))
        const again = mustPlan(dump(plan))
        expect(again.seed).toBe(seed)
        expect(dump(again)).toBe(dump(plan))
        expect(shapeOf(again)).toEqual(shapeOf(plan))
        for (const { id } of plan.blocks) expect([...variants(again, id)]).toEqual([...variants(plan, id)])
      }),
      { numRuns: 150 },
    )
  })

  it('ids do not change when an unrelated block is added before and comments are written', () => {
    fc.assert(
      fc.property(pipeline, blocks => {
        const text = yaml(blocks)
        const plan = mustPlan(text)
        const more = mustPlan(
          text.replace('pipeline:\n', '# a comment\npipeline:\n  other: !Any {x: !g [1, 2]} # more\n'),
        )
        for (const { id, count } of plan.blocks) {
          if (count > 500) continue
          expect([...variants(more, id)].map(variant => variant.id)).toEqual(
            [...variants(plan, id)].map(variant => variant.id),
          )
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('for any pipeline, ids', () => {
  const idsOf = (plan: Plan, block: string) => [...variants(plan, block)].map(variant => variant.id).sort()

  it('do not change with the order of keywords', () => {
    fc.assert(
      fc.property(pipeline, blocks => {
        const text = yaml(blocks)
        // The keywords of a block stand in lines of their own; the anchor's line stays first.
        const turned = text.replace(/(?:^ {4}a\d+: .*\n)+/gm, lines =>
          lines
            .split(/(?<=\n)/)
            .reverse()
            .join(''),
        )
        const [plan, other] = [mustPlan(text), mustPlan(turned)]
        for (const { id, count } of plan.blocks) {
          if (count < 500) expect(idsOf(other, id)).toEqual(idsOf(plan, id))
        }
      }),
      { numRuns: 100 },
    )
  })

  it('do not change when a block is renamed that they do not build on, and change when they do', () => {
    fc.assert(
      fc.property(pipeline, fc.nat(4), (blocks, place) => {
        const text = yaml(blocks)
        const old = `b${place % blocks.length}`
        const plan = mustPlan(text)
        const other = mustPlan(text.replaceAll(new RegExp(`(^ +|!@ "?)${old}\\b`, 'gm'), '$1renamed'))
        for (const { id, count, ancestors } of plan.blocks) {
          if (count > 500 || id === old) continue
          const sees = [...variants(plan, id)].some(({ params }) =>
            Object.keys(params).some(key => key.startsWith(`${old}.`)),
          )
          if (!sees) expect(idsOf(other, id)).toEqual(idsOf(plan, id))
          else if (ancestors.includes(old)) expect(idsOf(other, id)).not.toEqual(idsOf(plan, id))
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('identity', () => {
  const ids = (text: string, block: string) => new Set([...variants(mustPlan(text), block)].map(variant => variant.id))

  it('does not depend on the order of keys', () => {
    const one = file('m: !Model {width: !g [1, 2], depth: !g [3, 4], extra: !g [{a: 1, b: 2}]}')
    const two = file('m: !Model {extra: !g [{b: 2, a: 1}], depth: !g [3, 4], width: !g [1, 2]}')
    expect(ids(one, 'm')).toEqual(ids(two, 'm'))
  })

  it('does not depend on unrelated blocks and their names, but on the names of its own', () => {
    const one = file('a: !Any {x: !g [1, 2]}\nu: !Any {x: !g [1, 2]}\nb: !Any {l: !@ a}')
    const two = file('other: !Any {x: !g [1, 2]}\na: !Any {x: !g [1, 2]}\nb: !Any {l: !@ a}')
    const three = file('c: !Any {x: !g [1, 2]}\nb: !Any {l: !@ c}')
    expect(ids(one, 'b')).toEqual(ids(two, 'b'))
    expect(ids(one, 'b')).not.toEqual(ids(three, 'b'))
  })

  it('is what it was: a change of these values would break every stored experiment', () => {
    const text = file('a: !Any {x: !g [1, "1", {k: [.nan, ~, true]}, !Enc {width: 2}, !@ z]}'.replace('!@ z', '2.5'))
    expect([...ids(text, 'a')]).toMatchInlineSnapshot(`
      [
        "52f38852552a781e53ebab34d40e10f1a0a7ae29de7e8528a1e87e3fdbbb787d",
        "36c8fab46ac5e041439e492287511798f05b877abf15ba82f063067a49cb9635",
        "b60411d9355ffedb9a6144a1239594a6875aa2fe351f516be948f2bb14505755",
        "13b4dcb6662f1d72e02a24cd0faf4881ed31889c83057b337ca728f221718d7d",
        "4d0b8c5ca8227798f83baf15f942c45dab5e6aa39b6cc6cd096a2ab87d1f43e9",
      ]
    `)
  })
})

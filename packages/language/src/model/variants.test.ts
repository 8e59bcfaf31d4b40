import { describe, expect, it } from 'vitest'
import { resolve, variantAt, variants } from '../index.ts'
import { file, mustPlan } from '../testing/plan-text.ts'

const paramsOf = (text: string, block: string) => [...variants(mustPlan(text), block)].map(variant => variant.params)
const countOf = (text: string, block: string) => mustPlan(text).blocks.find(({ id }) => id === block)?.count

describe('the order of variants', () => {
  it('is that of the document, the last option fastest', () => {
    expect(paramsOf(file('m: !Model {width: !g [1, 2], depth: !g [3, 4]}'), 'm')).toEqual([
      { 'm.width': 1, 'm.depth': 3 },
      { 'm.width': 1, 'm.depth': 4 },
      { 'm.width': 2, 'm.depth': 3 },
      { 'm.width': 2, 'm.depth': 4 },
    ])
  })

  it('puts ancestors first, in document order, whatever they are called', () => {
    const text = file('z: !Any {x: !g [1, 2]}\na: !Any {x: !g [3, 4], l: !@ z}\nm: !Any {y: !g [5], l: !@ a, k: !@ z}')
    const keys = paramsOf(text, 'm').map(params => Object.values(params).join(' '))
    expect(keys).toEqual(['1 3 5', '1 4 5', '2 3 5', '2 4 5'])
    expect(Object.keys(paramsOf(text, 'm')[0] ?? {})).toEqual(['z.x', 'a.x', 'm.y'])
  })

  it('opens the ancestor of a chosen link right behind the choice', () => {
    const text = file(
      'a: !Any {x: !g [1, 2]}\nc: !Any {x: !g [3, 4, 5]}\nb: !Any {v: !g [!@ a.x, !@ c.x], w: !g [6, 7]}',
    )
    expect(countOf(text, 'b')).toBe((2 + 3) * 2)
    expect(
      paramsOf(text, 'b').map(params =>
        Object.entries(params)
          .map(([k, v]) => `${k}=${JSON.stringify(v)}`)
          .join(' '),
      ),
    ).toEqual([
      'a.x=1 b.v={"link":"a.x"} b.w=6',
      'a.x=1 b.v={"link":"a.x"} b.w=7',
      'a.x=2 b.v={"link":"a.x"} b.w=6',
      'a.x=2 b.v={"link":"a.x"} b.w=7',
      'c.x=3 b.v={"link":"c.x"} b.w=6',
      'c.x=3 b.v={"link":"c.x"} b.w=7',
      'c.x=4 b.v={"link":"c.x"} b.w=6',
      'c.x=4 b.v={"link":"c.x"} b.w=7',
      'c.x=5 b.v={"link":"c.x"} b.w=6',
      'c.x=5 b.v={"link":"c.x"} b.w=7',
    ])
  })
})

describe('the sum over alternatives of products', () => {
  it('counts an option inside an alternative only there', () => {
    const text = file('m: !Model {encoder: !g [!Enc {width: !g [1, 2, 3]}, !OtherEnc], depth: !g [1, 2]}')
    expect(countOf(text, 'm')).toBe((3 + 1) * 2)
    expect(paramsOf(text, 'm')[0]).toEqual({
      'm.encoder': { tag: 'Enc', index: 0 },
      'm.encoder[0].width': 1,
      'm.depth': 1,
    })
    expect(paramsOf(text, 'm').at(-1)).toEqual({ 'm.encoder': { tag: 'OtherEnc', index: 1 }, 'm.depth': 2 })
  })

  it('spreads nested grids into one key', () => {
    const text = file('a: !Any {x: !g [!g [1, 2], 3, !Enc {width: !g [4, 5]}]}')
    expect(paramsOf(text, 'a')).toEqual([
      { 'a.x': 1 },
      { 'a.x': 2 },
      { 'a.x': 3 },
      { 'a.x': { tag: 'Enc', index: 3 }, 'a.x[3].width': 4 },
      { 'a.x': { tag: 'Enc', index: 3 }, 'a.x[3].width': 5 },
    ])
  })

  it('counts every option of a diamond once', () => {
    const text = file(
      'a: !Any {x: !g [1, 2]}\nb: !Any {x: !g [1, 2, 3], l: !@ a}\nc: !Any {x: !g [1, 2, 3, 4, 5], l: !@ a}\nd: !Any {l: [!@ b, {k: !@ c}]}',
    )
    expect(countOf(text, 'd')).toBe(2 * 3 * 5)
  })

  it('sees options and links in lists, in maps in lists, and in components in lists', () => {
    const text = file('a: !Any {x: !g [1, 2]}\nb: !Any {l: [[!Any {k: [{m: !@ a}]}], !g [1, 2, 3]]}')
    expect(countOf(text, 'b')).toBe(6)
    expect(mustPlan(text).blocks[1]?.depends_on).toEqual(['a'])
  })

  it('has no variants for blocks that are not linked, and one where there is no option', () => {
    expect(countOf(file('a: !Any {x: !g [1, 2]}\nb: !Any {y: 1}'), 'b')).toBe(1)
  })

  it('takes maps with the keys of other tools as plain maps', () => {
    expect(countOf(file('a: !Any {x: {grid_search: [1, 2]}, y: {eval: "1+1"}}'), 'a')).toBe(1)
  })
})

describe('one node, one option', () => {
  it('counts an aliased option once, under the key of its first place', () => {
    expect(paramsOf(file('a: !Any {x: &o !g [1, 2], y: *o}'), 'a')).toEqual([{ 'a.x': 1 }, { 'a.x': 2 }])
  })

  it('gives both places of an aliased option the same value', () => {
    const plan = mustPlan(file('a: !Any {x: &o !g [1, 2], y: *o}'))
    const [block] = resolve(plan, variantAt(plan, 'a', 1))
    expect(block?.root.args).toEqual([
      ['x', { kind: 'scalar', value: 2 }],
      ['y', { kind: 'scalar', value: 2 }],
    ])
  })

  it('counts the options of an aliased component once, and builds it once within a block', () => {
    const plan = mustPlan(file('a: !Any {x: &c !Enc {width: !g [1, 2]}, y: [*c]}\nb: !Any {z: *c}'))
    expect(plan.blocks.map(({ count, depends_on }) => [count, depends_on])).toEqual([
      [2, []],
      [2, []],
    ])
    const [a] = resolve(plan, variantAt(plan, 'a', 0))
    const first = a?.root.args[0]?.[1]
    expect(first).toMatchObject({ kind: 'component', tag: 'Enc' })
    expect(a?.root.args[1]?.[1]).toEqual({
      kind: 'list',
      items: [{ kind: 'same', id: first?.kind === 'component' ? first.id : 0 }],
    })
    expect([...variants(plan, 'b')].map(variant => variant.params)).toEqual([{ 'a.x.width': 1 }, { 'a.x.width': 2 }])
    expect(resolve(plan, variantAt(plan, 'b', 0))[0]?.root.args[0]?.[1]).toMatchObject({ kind: 'component' })
  })

  it('shares the options of merged maps and components', () => {
    const text = file('a: !Model &m {width: !g [1, 2], depth: 3}\nb: !Model {<<: *m, depth: !g [4, 5]}')
    expect(paramsOf(text, 'b').map(params => Object.entries(params).flat())).toEqual([
      ['a.width', 1, 'b.depth', 4],
      ['a.width', 1, 'b.depth', 5],
      ['a.width', 2, 'b.depth', 4],
      ['a.width', 2, 'b.depth', 5],
    ])
  })

  it('keeps a nested grid that an alias uses elsewhere as one option of its own', () => {
    const text = file('a: !Any {x: !g [&o !g [1, 2], 3], y: *o}')
    expect(paramsOf(text, 'a')).toEqual([
      { 'a.x': { option: 'a.x[0]' }, 'a.x[0]': 1 },
      { 'a.x': { option: 'a.x[0]' }, 'a.x[0]': 2 },
      { 'a.x': 3, 'a.x[0]': 1 },
      { 'a.x': 3, 'a.x[0]': 2 },
    ])
  })

  it('lets own keys win over merged ones and earlier merges over later ones', () => {
    const plan = mustPlan(file('a: !Any {x: &x {k: 1, l: 1}, y: &y {k: 2, m: 2}}\nb: !Any {z: {<<: [*x, *y], l: 3}}'))
    const [block] = resolve(plan, variantAt(plan, 'b', 0))
    const map = block?.root.args[0]?.[1]
    expect(
      map?.kind === 'map' && map.entries.map(([key, node]) => [key, node.kind === 'scalar' && node.value]),
    ).toEqual([
      ['k', 1],
      ['m', 2],
      ['l', 3],
    ])
  })
})

describe('a variant', () => {
  it('names the variant of every ancestor by the very id that the ancestor gives itself', () => {
    const plan = mustPlan(
      file(
        'a: !Any {x: !g [1, 2]}\nc: !Any {x: !g [3, !Enc {width: !g [1, 2], from: !@ a.x}]}\nb: !Any {v: !g [!@ a, !@ c, 5], w: !g [6, 7]}\nd: !Any {l: !@ b}',
      ),
    )
    const ids = new Map(plan.blocks.map(({ id }) => [id, new Set([...variants(plan, id)].map(variant => variant.id))]))
    for (const { id } of plan.blocks) {
      for (const variant of variants(plan, id)) {
        for (const [ancestor, there] of Object.entries(variant.ancestors)) expect(ids.get(ancestor)).toContain(there)
      }
    }
    const sizes = [...variants(plan, 'd')].map(variant => Object.keys(variant.ancestors).length)
    expect([Math.min(...sizes), Math.max(...sizes)]).toEqual([1, 3])
  })

  it('tells numbers from texts, links from maps, and takes 1 for 1.0', () => {
    const ids = (grid: string) =>
      [...variants(mustPlan(file(`z: !Any\na: !Any {x: !g [${grid}]}`)), 'a')].map(v => v.id)
    const all = ids(
      '1, "1", true, "true", ~, "null", .nan, .inf, -.inf, ".nan", {link: z}, !@ z, {tag: Enc, index: 11}, !Enc, [1], [[1]], ""',
    )
    expect(new Set(all).size).toBe(all.length)
    expect(ids('1')).toEqual(ids('1.0'))
    expect(ids('0')).toEqual(ids('-0.0'))
  })

  it('is found by its number without enumerating, at a million too', () => {
    const grid = Array.from({ length: 10 }, (_, i) => i).join(', ')
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(key => `${key}: !g [${grid}]`).join(', ')
    const plan = mustPlan(file(`x: !Any {${keys}}`, 'max_trials: 10000000\n'))
    expect(plan.blocks[0]?.count).toBe(10_000_000)
    expect(Object.values(variantAt(plan, 'x', 9_876_543).params)).toEqual([9, 8, 7, 6, 5, 4, 3])
    expect(() => variantAt(plan, 'x', 10_000_000)).toThrow(RangeError)
    expect(() => variantAt(plan, 'x', -1)).toThrow(RangeError)
  })

  it('resolves to its block and the ancestors that it needs, options taken out', () => {
    const plan = mustPlan(file('a: !Any {x: !g [1, 2]}\nc: !Any\nb: !Any {v: !g [!@ a.x, !@ c]}'))
    expect(resolve(plan, variantAt(plan, 'b', 0)).map(({ id }) => id)).toEqual(['a', 'b'])
    expect(resolve(plan, variantAt(plan, 'b', 2)).map(({ id }) => id)).toEqual(['c', 'b'])
    expect(JSON.stringify(resolve(plan, variantAt(plan, 'b', 0)))).not.toContain('"option"')
  })

  it('survives a plan that was stored as JSON', () => {
    const plan = mustPlan(file('a: !Any {x: !g [.inf, 2, -0.0]}\nb: !Any {l: !@ a, y: !s [0, 9, 3]}'))
    const stored = JSON.parse(JSON.stringify(plan))
    expect([...variants(stored, 'b')]).toEqual([...variants(plan, 'b')])
  })
})

import { describe, expect, it } from 'vitest'
import {
  ancestries,
  entryProblem,
  isEnumerable,
  type Plan,
  resolve,
  searchEntries,
  type Variant,
  variantFrom,
  variantOf,
  variants,
  variantsUpon,
} from '../index.ts'
import { file, mustPlan, planText } from '../testing/plan-text.ts'

const blockOf = (plan: Plan, id: string) => plan.blocks.find(block => block.id === id) as Plan['blocks'][number]
const countsOf = (text: string, more = '') => mustPlan(file(text, more)).blocks.map(block => block.count)
const searching = (block: string, n = 5) => `search: {${block}: !TPE {n_trials: ${n}}}\n`

describe('the space of a search', () => {
  it('holds the block’s own options, conditional where an alternative has some', () => {
    const plan = mustPlan(
      file(
        'a: !Any {v: !g [1, 2]}\nm: !Any\n  up: !@ a\n  lr: !loguniform [1.0e-5, 1.0e-1]\n  enc: !choice [!Enc {width: !randint [1, 9], size: 3}, !OtherEnc {size: !g [1, 2]}]\n  from: !g [!@ a.v, 5, .nan, ".nan"]\n  n: !s [1, 9, 3]\n  r: !s [0.05, 1.0, 2, 1]',
        searching('m'),
      ),
    )
    expect(blockOf(plan, 'm').search?.space).toEqual({
      'm.lr': { kind: 'loguniform', low: 1e-5, high: 0.1 },
      'm.enc': {
        kind: 'choice',
        options: [
          { value: { tag: 'Enc', index: 0 }, children: { 'm.enc[0].width': { kind: 'randint', low: 1, high: 9 } } },
          {
            value: { tag: 'OtherEnc', index: 1 },
            children: { 'm.enc[1].size': { kind: 'choice', options: [{ value: 1 }, { value: 2 }] } },
          },
        ],
      },
      'm.from': {
        kind: 'choice',
        options: [
          { value: { link: 'a.v' } },
          { value: 5 },
          { value: { alternative: 2, value: '.nan' } },
          { value: { alternative: 3, value: '.nan' } },
        ],
      },
      'm.n': { kind: 'randint', low: 1, high: 9 },
      'm.r': { kind: 'quniform', low: 0.1, high: 0.9, q: 0.1 },
    })
  })

  it('names an option once that an alias uses in several alternatives', () => {
    const plan = mustPlan(
      file('m: !Any {x: !choice [{k: &o !uniform [0, 1]}, 1], y: !choice [{k: *o}, 2]}', searching('m')),
    )
    expect(Object.keys(blockOf(plan, 'm').search?.space ?? {})).toEqual(['m.x[0].k', 'm.x', 'm.y'])
  })

  it('keeps ranges inside of a grid as options of their own', () => {
    const plan = mustPlan(file('m: !Any {x: !g [!uniform [0, 1], !s [1, 5, 2], off]}', searching('m')))
    expect(blockOf(plan, 'm').search?.space['m.x']).toEqual({
      kind: 'choice',
      options: [
        { value: { option: 'm.x[0]' }, children: { 'm.x[0]': { kind: 'uniform', low: 0, high: 1 } } },
        { value: { option: 'm.x[1]' }, children: { 'm.x[1]': { kind: 'randint', low: 1, high: 5 } } },
        { value: 'off' },
      ],
    })
  })
})

describe('the counts around a search', () => {
  it('are n_trials at the block, and own combinations times what is kept upstream below it', () => {
    const text = 'a: !Any {x: !g [1, 2]}\nm: !Any {up: !@ a, lr: !uniform [0, 1]}\nt: !Any {up: !@ m, z: !g [1, 2, 3]}'
    expect(countsOf(text, searching('m', 7))).toEqual([2, 7, 21])
    expect(countsOf(text, `${searching('m', 7)}reduce: {m: 2}\n`)).toEqual([2, 7, 6])
    expect(countsOf(text, `${searching('m', 7)}reduce: {m: 20}\n`)).toEqual([2, 7, 21])
  })

  it('count every trial of a diamond once', () => {
    const text =
      'm: !Any {lr: !uniform [0, 1]}\nb: !Any {up: !@ m, x: !g [1, 2]}\nc: !Any {up: !@ m, x: !g [1, 2, 3]}\nd: !Any {l: [!@ b, !@ c]}'
    expect(countsOf(text, searching('m', 4))).toEqual([4, 8, 12, 24])
    expect(countsOf(text, `${searching('m', 4)}reduce: {b: 1}\n`)).toEqual([4, 8, 12, 3])
  })

  it('take a grid search without n_trials as its whole space, times the combinations upstream', () => {
    const grid = 'search: {m: !Grid}\n'
    expect(countsOf('m: !Any {x: !g [1, 2], y: !choice [1, !Enc {width: !randint [1, 4]}]}', grid)).toEqual([8])
    expect(countsOf('a: !Any {x: !g [1, 2, 3]}\nm: !Any {x: !g [1, 2], u: !@ a}', grid)).toEqual([3, 6])
  })

  it('are bounded by the budget where the algorithm has no end', () => {
    expect(countsOf('m: !Any {x: !uniform [0, 1]}', 'search: {m: !TPE}\nbudget: {trials: 30}\n')).toEqual([30])
    expect(countsOf('m: !Any {x: !uniform [0, 1]}', 'search: {m: !TPE}\n')).toEqual([10_000])
  })

  it('are held against max_trials', () => {
    const { problems } = planText(file('m: !Any {x: !uniform [0, 1]}', `max_trials: 9\n${searching('m', 10)}`))
    expect(problems.map(({ rule, message }) => [rule, message])).toEqual([
      ['max-trials', 'the experiment has 10 variants, more than 9 (`max_trials`)'],
    ])
  })
})

describe('a proposal', () => {
  const plan = mustPlan(
    file(
      'a: !Any {v: !g [1, 2]}\nm: !Any\n  up: !@ a\n  lr: !uniform [0, 1]\n  enc: !choice [!Enc {width: !randint [1, 9]}, !OtherEnc]\n  r: !s [0.0, 1.0, 2, 1]\nt: !Any {up: !@ m, z: !g [3, 4]}',
      searching('m'),
    ),
  )
  const upon = [...variants(plan, 'a')][1] as Variant
  const assignment = {
    'm.lr': 0.25,
    'm.enc': { tag: 'Enc', index: 0 },
    'm.enc[0].width': 4,
    'm.r': 0.30000000000000004,
  }
  const made = variantOf(plan, 'm', [upon], assignment)

  it('becomes a variant with what was chosen and what was drawn, rounded', () => {
    expect(made).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      block: 'm',
      index: -1,
      params: {
        'a.v': 2,
        'm.lr': 0.25,
        'm.enc': { tag: 'Enc', index: 0 },
        'm.enc[0].width': 4,
        'm.r': 0.3,
      },
      ancestors: { a: upon.id },
      choices: { 'a.v': 1, 'm.enc': 0 },
      values: { 'm.lr': 0.25, 'm.enc[0].width': 4, 'm.r': 0.3 },
    })
    expect(variantFrom(plan, 'm', JSON.parse(JSON.stringify(made)))).toEqual(made)
  })

  it('is one identity, whatever else is proposed, and another for other values', () => {
    expect(variantOf(plan, 'm', [upon], { ...assignment, '@': 3 }).id).toBe(made.id)
    expect(variantOf(plan, 'm', [upon], { ...assignment, 'm.lr': 0.26 }).id).not.toBe(made.id)
    expect(variantOf(plan, 'm', [[...variants(plan, 'a')][0] as Variant], assignment).id).not.toBe(made.id)
  })

  it('resolves to what the trial builds', () => {
    const [, block] = resolve(plan, made)
    expect(block?.root.args[1]).toEqual(['lr', { kind: 'scalar', value: 0.25 }])
    expect(block?.root.args[2]?.[1]).toMatchObject({ tag: 'Enc', args: [['width', { kind: 'scalar', value: 4 }]] })
  })

  it('is what variants downstream build on, each with its own options', () => {
    const below = [...variantsUpon(plan, 't', [upon, made])]
    expect(below.map(({ params, ancestors }) => [params['t.z'], params['m.lr'], ancestors])).toEqual([
      [3, 0.25, { a: upon.id, m: made.id }],
      [4, 0.25, { a: upon.id, m: made.id }],
    ])
    expect(resolve(plan, below[0] as Variant).map(({ id }) => id)).toEqual(['a', 'm', 't'])
    expect([...variantsUpon(plan, 't', [[...variants(plan, 'a')][0] as Variant, made])]).toEqual([])
  })

  it('throws for a value that is missing, no alternative, or builds on what is not given', () => {
    expect(() => variantOf(plan, 'm', [upon], { ...assignment, 'm.enc': 'x' })).toThrow('no alternative of m.enc')
    expect(() => variantOf(plan, 'm', [upon], { 'm.enc': { tag: 'OtherEnc', index: 1 }, 'm.r': 0 })).toThrow('m.lr')
    expect(() => variantOf(plan, 'm', [], assignment)).toThrow('builds on a')
  })

  it('leaves nothing to enumerate before it runs', () => {
    expect(['a', 'm', 't'].map(id => [isEnumerable(plan, id), [...variants(plan, id)].length])).toEqual([
      [true, 2],
      [false, 0],
      [false, 0],
    ])
  })
})

describe('variants upon given ones', () => {
  const text =
    'a: !Any {x: !g [1, 2]}\nc: !Any {x: !g [3, 4, 5]}\nb: !Any {v: !g [!@ a.x, !@ c.x, 7], w: !g [6, 7]}\nd: !Any {l: !@ b, u: !g [8, 9]}'

  it('are together, over all fitting combinations, those of the enumeration', () => {
    const plan = mustPlan(file(text))
    for (const block of ['b', 'd']) {
      const found: Variant[] = []
      for (const set of ancestries(plan, block)) {
        let combinations: Variant[][] = [[]]
        for (const id of set) combinations = combinations.flatMap(one => [...variants(plan, id)].map(v => [...one, v]))
        for (const upon of combinations) found.push(...variantsUpon(plan, block, upon))
      }
      expect(found.sort((p, q) => p.index - q.index)).toEqual([...variants(plan, block)])
    }
  })

  it('know which ancestors the choices can call for', () => {
    expect(ancestries(mustPlan(file(text)), 'd')).toEqual([['a', 'b'], ['c', 'b'], ['b']])
  })
})

describe('the direction of a block', () => {
  const script = (more: string, keywords = '') =>
    mustPlan(file(`s: !Script {script: x.py, metric: loss, ${keywords}kwargs: {lr: !uniform [0, 1]}}`, more)).blocks[0]
      ?.mode

  it('is what search or scheduler say, unless reduce says something else', () => {
    expect(script('search: {s: !TPE {n_trials: 3}}\n')).toBe('max')
    expect(script('search: {s: !TPE {n_trials: 3, mode: min}}\n')).toBe('min')
    expect(script('search: {s: !TPE {n_trials: 3}}\nschedulers: {s: !ASHA {direction: min, mode: stop}}\n')).toBe('min')
    expect(script('search: {s: !TPE {n_trials: 3, mode: max}}\n', 'mode: min, ')).toBe('max')
    expect(script('search: {s: !TPE {n_trials: 3, mode: min}}\nreduce: {s: {k: 1, mode: max}}\n')).toBe('max')
  })

  it('is the first of several, and none of a search that looks at another metric', () => {
    expect(script('search: {s: !TPE {n_trials: 3, metric: [loss, size], mode: [min, max]}}\n')).toBe('min')
    expect(script('search: {s: !TPE {n_trials: 3, metric: size, mode: min}}\n')).toBe('max')
  })
})

describe('searchEntries', () => {
  it('lists algorithms and schedulers with keywords as written and their places', () => {
    const plan = mustPlan(
      file(
        'a: !Loss {x: !uniform [0, 1]}\nb: !Any\nc: !Any',
        'search: {a: !ray.HyperOptSearch {n_trials: 3}}\nschedulers: {c: !Patience {of: !ASHA {max_t: 9}, patience: 2}}\n',
      ),
    )
    const entries = searchEntries(plan)
    expect(entries.map(({ block, mode, search, scheduler }) => [block, mode, search?.tag, scheduler?.params])).toEqual([
      ['a', 'min', 'ray.HyperOptSearch', undefined],
      ['c', 'max', undefined, { of: { tag: 'ASHA', params: { max_t: 9 } }, patience: 2 }],
    ])
    const [search, scheduler] = [entries[0]?.search, entries[1]?.scheduler]
    if (!search || !scheduler) throw new Error('both are there')
    expect(entryProblem(search, 'cannot', 'x.yaml')).toMatchObject({
      ...{ code: 'SPACE', rule: 'search-space', message: '!ray.HyperOptSearch: cannot', path: 'search.a' },
      ...{ file: 'x.yaml', line: 4, column: 13, endLine: 4, endColumn: 32 },
    })
    expect(entryProblem(scheduler, 'cannot', '')).toMatchObject({ code: 'BLOCKREF', rule: 'scheduler', line: 5 })
    // At the keyword or the option that is meant, where the words begin with its name.
    expect(entryProblem(search, 'n_trials: too few', '')).toMatchObject({
      path: 'search.a.n_trials',
      line: 4,
      column: 44,
    })
    expect(entryProblem(search, 'a.x: cannot', '')).toMatchObject({ path: 'pipeline.a.x', line: 7, column: 16 })
    expect(entryProblem(scheduler, 'of: cannot', '')).toMatchObject({ path: 'schedulers.c.of', line: 5, column: 32 })
    expect(entryProblem(scheduler, 'toString: cannot', '')).toMatchObject({ path: 'schedulers.c' })
  })
})

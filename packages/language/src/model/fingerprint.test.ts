import { describe, expect, it } from 'vitest'
import { differences, fingerprint, type Hashes, variantAt } from '../index.ts'
import { file, mustPlan, planText } from '../testing/plan-text.ts'

const NONE: Hashes = { resources: {}, extensions: {} }
const of = (text: string, block: string, hashes = NONE, index = 0) => {
  const plan = mustPlan(text)
  return fingerprint(plan, block, variantAt(plan, block, index), hashes)
}

describe('the fingerprint', () => {
  const text = file(
    'm: !Model {encoder: &e !Enc {width: 2, size: 3}, labels: [*e, {k: 1, l: 2}]}\nt: !Any {model: !@ m, lr: 0.1}',
  )

  it('does not see comments, order of keys, aliases against the same place, and blocks that are not needed', () => {
    const other = file(
      'u: !Any {x: !g [1, 2]} # more\nm: !Model {labels: [&e !Enc {size: 3, width: 2}, {l: 2, k: 1}], encoder: *e}\nt: !Any {lr: 0.10, model: !@ m}',
      'notes: hello\nmax_failures: 3\n',
    )
    expect(of(other, 't')).toBe(of(text, 't'))
  })

  it.each([
    ['another value upstream', text.replace('width: 2', 'width: 3')],
    ['another value of its own', text.replace('lr: 0.1', 'lr: 0.2')],
    ['another type', text.replace('lr: 0.1', 'lr: "0.1"')],
    ['another tag', text.replace('!Enc', '!OtherEnc').replace('width: 2, ', '')],
    ['one instance instead of two', text.replace('[*e,', '[!Enc {width: 2, size: 3},')],
    ['another seed', text.replace('seed: 7', 'seed: 8')],
    ['another name of a block upstream', text.replace('m: !Model', 'n: !Model').replace('!@ m', '!@ n')],
  ])('sees %s', (_, other) => {
    expect(of(other, 't')).not.toBe(of(text, 't'))
  })

  it('sees the content of the resources and extensions that are used, and of no others', () => {
    const used = `ext: ./e\nfar: ./f\n---\n${file('a: !ext.Thing {x: !@ data}\nb: !Any', 'resources: {data: ./d, more: ./m}\n')}`
    const hashes = (data: string, more: string, ext: string, far: string): Hashes => ({
      resources: { data, more },
      extensions: { ext, far },
    })
    const one = of(used, 'a', hashes('1', '2', '3', '4'))
    expect(of(used, 'a', hashes('1', 'x', '3', 'x'))).toBe(one)
    expect(of(used, 'a', hashes('x', '2', '3', '4'))).not.toBe(one)
    expect(of(used, 'a', hashes('1', '2', 'x', '4'))).not.toBe(one)
    expect(of(used, 'b', hashes('1', '2', '3', '4'))).toBe(of(used, 'b', hashes('x', 'x', 'x', 'x')))
  })

  it('is what it was: a change of this value would make every stored trial look changed', () => {
    expect(of(text, 't')).toMatchInlineSnapshot(`"759cf885b8fff4b2014581c29c5cdbf4ab740153620a90a0a6ace55ad9f02687"`)
  })
})

describe('differences', () => {
  const before = file('m: !Model {width: 2, depth: 1}\nt: !Any {model: !@ m, lr: !g [0.1, 0.2], opt: !Enc {size: 1}}')
  const list = (after: string, block = 't') => differences(mustPlan(before), mustPlan(after), block)

  it('are none for the same experiment in other words', () => {
    expect(list(before.replace('{width: 2, depth: 1}', '{depth: 1, width: 2} # same'))).toEqual([])
  })

  it('name what changed in the block and upstream, what came and what went', () => {
    const after = before
      .replace('width: 2', 'width: 3')
      .replace('[0.1, 0.2]', '[0.1, 0.3]')
      .replace('!Enc {size: 1}', '!OtherEnc')
      .replace('seed: 7', 'seed: 9')
      .replace('lr:', 'new: ~, lr:')
    expect(list(after)).toEqual([
      { path: 'seed', before: '7', after: '9' },
      { path: 'm.width', before: '2', after: '3' },
      { path: 't.new', before: null, after: 'null' },
      { path: 't.lr', before: '!g [0.1,0.2]', after: '!g [0.1,0.3]' },
      { path: 't.opt', before: '!Enc', after: '!OtherEnc' },
      { path: 't.opt.size', before: '1', after: null },
    ])
    expect(list(after.replace('seed: 9', 'seed: 7'), 'm')).toEqual([{ path: 'm.width', before: '2', after: '3' }])
  })
})

describe('resume', () => {
  const resumed = (resume: string) => mustPlan(file('a: !Any\nb: !Any\nc: !Any', `resume: ${resume}\n`)).settings.resume

  it('is every block up to one, exactly those of a list, or all', () => {
    expect(['b', '[c, a]', 'true', 'false', '[]', '~'].map(resumed)).toEqual([
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'b', 'c'],
      null,
      null,
      null,
    ])
  })

  it('takes a seed of the caller for a written one where results are reused', () => {
    const text = '!Experiment {name: t, reuse: true, pipeline: {a: !Any}}'
    expect(planText(text, 5).plan?.settings.reuse).toBe(true)
    expect(planText(text).problems.map(({ rule }) => rule)).toEqual(['reuse-without-seed'])
  })
})

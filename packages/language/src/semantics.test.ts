/** What Flambé does by the numbers of its rules, and what this language does better (**S**): each rule that a file can show. */
import { describe, expect, it } from 'vitest'
import { resolve, variantAt, variants } from './index.ts'
import { file, mustPlan, planText } from './testing/plan-text.ts'

const rules = (text: string) => planText(text).problems.map(({ rule }) => rule)
const paramsOf = (text: string, block: string) => [...variants(mustPlan(text), block)].map(({ params }) => params)
const built = (written: string) => {
  const plan = mustPlan(file(`a: !Any {x: ${written}}`))
  return resolve(plan, variantAt(plan, 'a', 0))[0]?.root.args[0]?.[1]
}

describe('documents', () => {
  it.each([
    ['DOC-2', '', ['empty-file']],
    ['DOC-2', '{}\n---\n', ['empty-file']],
    ['DOC-2', '- a\n---\n!Experiment {name: t, pipeline: {a: !Any}}', ['extension-map']],
    ['DOC-2', '~\n---\n!Experiment {name: t, pipeline: {a: !Any}}', ['extension-map']],
    ['DOC-2', '{}\n---\n{}\n---\n!Experiment {}', ['documents']],
    ['DOC-3', '!Trainer {}', ['experiment-tag']],
    ['DOC-3', 'name: t\npipeline: {a: !Any}', ['experiment-tag']],
    ['DOC-3', '[1]', ['experiment-tag']],
    ['DOC-6', file('a: !Any {x: 1, x: 2}'), ['duplicate-key']],
    ['DOC-6', `${file('a: !Any')}name: u\n`, ['duplicate-key']],
    ['DOC-6', file('a: !Any {x: {y: 1, y: 2}}'), ['duplicate-key']],
    ['DOC-6', '!Experiment\n\tname: t\n', ['yaml-syntax']],
    ['DOC-9', `a: &x 1\n---\n${file('a: !Any {x: *x}')}`, ['extension-location', 'unknown-alias']],
    ['DOC-11', file('a: !Any', 'devices: {cpu: !g [1, 2]}\n'), ['option-outside-pipeline']],
    ['DOC-11', '!Experiment {name: !g [a, b], pipeline: {a: !Any}}', ['option-outside-pipeline']],
  ])('%s: a mistake is a Problem: %j', (_, text, expected) => {
    expect(rules(text)).toEqual(expected)
  })

  it('DOC-7: scalars are those of YAML 1.2', () => {
    const values: readonly [string, unknown][] = [
      ['yes', 'yes'],
      ['off', 'off'],
      ['010', 10],
      ['0o17', 15],
      ['0x1F', 31],
      ['1e-3', 0.001],
      ['~', null],
      ['2020-01-01', '2020-01-01'],
      ['"5"', '5'],
      ['!!str 5', '5'],
    ]
    for (const [written, value] of values) expect(built(written)).toEqual({ kind: 'scalar', value })
    expect(built('.inf')).toEqual({ kind: 'number', value: '.inf' })
  })
})

describe('tags and keywords', () => {
  it.each([
    ['TAG-5', '!Nothing', ['unknown-tag']],
    ['TAG-5', '!Data.nothing {rows: 1}', ['unknown-factory']],
    ['TAG-3', '!OtherEnc.autogen {rows: 1}', ['unknown-factory']],
    ['TAG-7', '!Enc 3', ['component-arguments']],
    ['TAG-7', '!Enc [1]', ['component-arguments']],
    ['TAG-7', '!Enc', []],
    ['SCH-7', '!Enc {nothing: 1}', ['unknown-keyword']],
    ['SCH-7', '!Data', ['missing-keyword']],
    ['SCH-7', '!Any {1: 2}', []],
    ['SCH-7', '!Any {[1]: 2}', ['key-type']],
  ])('%s: %s', (_, written, expected) => {
    expect(rules(file(`a: ${written}`))).toEqual(expected)
  })

  it('SCH-4: keywords and blocks keep the order of the document, whatever they are called', () => {
    const plan = mustPlan(file('10: !Any {z: 1, 2: 3, 1: 4}\n9: !Any'))
    expect(plan.blocks.map(({ id }) => id)).toEqual(['10', '9'])
    expect(plan.blocks[0]?.root.args.map(([key]) => key)).toEqual(['z', '2', '1'])
  })
})

describe('links', () => {
  const before = 'a: !Any {k: {p: !Enc {size: 1}}, l: [1, 2], s: text}\n'

  it.each([
    ['LNK-1', 'a', []],
    ['LNK-1', 'a.attr.attr', []],
    ['LNK-1', '"a[k][p].size"', []],
    ['LNK-4', '"a[l][1]"', []],
    ['LNK-3', '"a[b"', ['link-syntax']],
    ['LNK-3', '"a[k]c"', ['link-syntax']],
    ['LNK-3', '"a[k][p"', ['link-syntax']],
    ['LNK-3', '"a[]"', ['link-syntax']],
    ['LNK-3', 'a.', ['link-syntax']],
    ['LNK-3', 'a..b', ['link-syntax']],
    ['LNK-3', '" a"', ['link-syntax']],
    ['LNK-3', '"a.b[c]"', ['link-syntax']],
    ['LNK-3', '""', ['link-syntax']],
    ['LNK-5', 'b', ['link-parent']],
    ['LNK-8', 'z', ['link-forward']],
    ['LNK-9', '"a[nothing]"', ['link-path']],
    ['LNK-9', '"a[l][2]"', ['link-path']],
    ['LNK-9', '"a[l][-1]"', ['link-path']],
    ['LNK-9', '"a[s][0]"', ['link-path']],
    ['LNK-9', '"a[l].length"', ['link-attribute']],
    ['LNK-12', 'a.__proto__', ['prototype-name']],
    ['LNK-12', 'a.constructor', ['prototype-name']],
  ])('%s: !@ %s', (_, link, expected) => {
    expect(rules(file(`${before}b: !Any {x: !@ ${link}}\nz: !Any`))).toEqual(expected)
  })

  it.each(['[!@ z]', '[[!@ z]]', '[{k: !@ z}]', '[!Enc {from: !@ z}]', '!g [1, !Enc {from: !@ z}]', '!g [!@ z, 1]'])(
    'LNK-8: a link to a later block is seen in %s',
    written => {
      expect(rules(file(`b: !Any {x: ${written}}\nz: !Any`))).toEqual(['link-forward'])
    },
  )

  it('LNK-6, LNK-7: a resource is its path and shares no name with a block', () => {
    const more = 'resources: {r: ./r}\n'
    expect(rules(file('b: !Any {x: !@ r}', more))).toEqual([])
    expect(rules(file('b: !Any {x: !@ r.upper}', more))).toEqual(['link-resource'])
    expect(rules(file('b: !Any {x: !@ "r[0]"}', more))).toEqual(['link-resource'])
    expect(rules(file('r: !Any', more))).toEqual(['same-name'])
  })

  it('LNK-12: only what is declared callable is called', () => {
    const data = 'd: !Data {path: x}\n'
    expect(rules(file(`${data}b: !Any {x: !call d.size}`))).toEqual([])
    expect(rules(file(`${data}b: !Any {x: !call d.rows}`))).toEqual(['link-call'])
    expect(rules(file(`${data}b: !Any {x: !call d}`))).toEqual(['link-call'])
  })
})

describe('options', () => {
  it.each([
    ['OPT-1', '!g 3', ['grid-list']],
    ['OPT-1', '!g', ['grid-list']],
    ['OPT-1', '!g {a: 1}', ['grid-list']],
    ['OPT-2', '!g [1, 1.0]', ['grid-equal']],
    ['OPT-2', '!g [{a: 1, b: 2}, {b: 2, a: 1}]', ['grid-equal']],
    ['OPT-2', '!g [1, "1", true, "true", ~, "null"]', []],
    ['OPT-3', '!g []', ['grid-list']],
    ['OPT-5', '!s [1, 2]', ['sample-arguments']],
    ['OPT-5', '!s [1, 2, 3, 4, 5]', ['sample-arguments']],
    ['OPT-5', '!s [0, 9, 0]', ['sample-count']],
    ['OPT-5', '!s [0, 9, 2.9]', ['sample-count']],
    ['OPT-5', '!s [0, 9, "3"]', ['sample-arguments']],
    ['OPT-6', '!s [9, 0, 1]', ['sample-bounds']],
    ['OPT-6', '!s [0, .inf, 1]', ['sample-bounds']],
    ['OPT-6', '!s [0, .nan, 1]', ['sample-bounds']],
    ['OPT-6', '!s [true, 3, 1]', ['sample-arguments']],
    ['OPT-6', '!s [1.0e-5, 1.0e-4, 3, 3]', ['sample-bounds']],
    ['OPT-7', '!s [0, 3, 4]', ['sample-count']],
    ['OPT-17', '!s [!g [1, 2], 3, 2]', ['sample-arguments']],
  ])('%s: %s', (_, written, expected) => {
    expect(rules(file(`a: !Any {x: ${written}}`))).toEqual(expected)
  })

  it('OPT-6: both bounds as whole numbers draw whole numbers below high, anything else floats', () => {
    const drawn = (written: string) => paramsOf(file(`a: !Any {x: ${written}}`), 'a').map(({ 'a.x': x }) => x as number)
    expect([...drawn('!s [1, 4, 3]')].sort()).toEqual([1, 2, 3])
    expect(drawn('!s [1, 10.0, 5]').some(value => !Number.isInteger(value))).toBe(true)
  })

  it('OPT-8, OPT-9: draws come from the seed, one stream for each option', () => {
    const text = (more: string) => file(`a: !Any {${more}x: !s [0.0, 1.0, 2]}\nb: !Any {up: !@ a}`)
    expect(paramsOf(text(''), 'b').map(p => p['a.x'])).toEqual([
      ...new Set(paramsOf(text('w: !s [0.0, 1.0, 3], '), 'b').map(p => p['a.x'])),
    ])
  })

  it('OPT-15, OPT-16: lists, maps and texts with commas are values like any; no key is magic', () => {
    expect(paramsOf(file('a: !Any {x: !g [[1, 2], {a: 1, b: 2}, "a,b=c"], y: {eval: "1 + 1"}}'), 'a')).toEqual([
      { 'a.x': [1, 2] },
      { 'a.x': { a: 1, b: 2 } },
      { 'a.x': 'a,b=c' },
    ])
  })
})

describe('experiments', () => {
  const whole = (more: string) => rules(`!Experiment {name: t, pipeline: {a: !Any, b: !Any}, ${more}}`)

  it.each([
    ['EXP-1', 'nothing: 1', ['unknown-key']],
    ['EXE-3', 'debug: true', ['unknown-key']],
    ['RED-2', 'reduce: {a: 0}', ['out-of-range']],
    ['RED-2', 'reduce: {a: 1.9}', ['wrong-type']],
    ['RED-2', 'reduce: {a: "2"}', ['wrong-type']],
    ['RED-2', 'reduce: [a]', ['wrong-type']],
    ['RED-2', 'reduce: {nothing: 1}', ['unknown-block']],
    ['SCD-2', 'search: {nothing: !Grid}', ['unknown-block']],
    ['SCD-2', 'schedulers: 3', ['wrong-type']],
    ['RES-3', 'resume: nothing', ['unknown-block']],
    ['RES-3', 'resume: [a, nothing]', ['unknown-block']],
    ['RES-5', 'resume: true', []],
    ['RSC-5', 'resources: {r: "ftp://x/y"}', ['resource-location']],
    ['RSC-4', 'resources: {r: "s3://bucket"}', ['resource-location']],
    ['RSC-9', 'resources: {r: 3}', ['wrong-type']],
    ['RSC-9', 'resources: {r: !@ a}', ['component-outside-pipeline']],
    ['FAIL-1', 'max_failures: -1', ['out-of-range']],
    ['EXE-1', 'devices: {cpu: 0}', ['out-of-range']],
    ['EXE-1', 'devices: {cpu: 0.5, gpu: 0}', []],
  ])('%s: %s', (_, more, expected) => {
    expect(whole(more)).toEqual(expected)
  })

  it.each([
    ['EXP-2', '"t\\n"', ['bad-name']],
    ['EXP-2', '""', ['bad-name']],
    ['EXP-2', '~', ['wrong-type']],
    ['EXP-2', '-t', ['bad-name']],
    ['EXP-2', 't-_', []],
    ['EXP-2', '12', []],
    ['EXP-2', 'a'.repeat(65), ['bad-name']],
  ])('%s: name: %s', (_, name, expected) => {
    expect(rules(`!Experiment {name: ${name}, pipeline: {a: !Any}}`)).toEqual(expected)
  })

  it.each([
    ['EXP-3', '{}', ['empty-pipeline']],
    ['EXP-3', '~', ['empty-pipeline']],
    ['EXP-3', '[]', ['wrong-type']],
    ['EXP-4', '{a: 3}', ['block-not-component']],
    ['EXP-4', '{a: {k: 1}}', ['block-not-component']],
    ['EXP-4', '{a: !@ b}', ['block-not-component', 'link-unknown']],
    ['EXP-4', '{a: !g [!Any, !Enc]}', ['option-as-block']],
    ['EXP-5', '{../../x: !Any}', ['bad-name']],
    ['EXP-5', '{"a.b": !Any}', ['bad-name']],
    ['EXP-5', '{"<b>": !Any}', ['bad-name']],
    ['LNK-17', '{"a[0]": !Any}', ['bad-name']],
  ])('%s: pipeline: %s', (_, pipeline, expected) => {
    expect(rules(`!Experiment {name: t, pipeline: ${pipeline}}`)).toEqual(expected)
  })
})

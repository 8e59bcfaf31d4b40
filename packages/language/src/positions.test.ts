import { describe, expect, it } from 'vitest'
import { planText } from './testing/plan-text.ts'

/** A file with «» around every text that a problem must mark, and the rules in the order of the file. */
const CASES: readonly [string, string, readonly string[]][] = [
  [
    'in flow maps, nested and on several lines',
    '!Experiment {name: t, pipeline: {a: !Model {«widht»: 3, encoder: !Enc {size: «x»},\n  depth: «0» }, b: !Any\n {x: «!@ c»}}, «sead»: 1}',
    ['unknown-keyword', 'wrong-type', 'out-of-range', 'link-unknown', 'unknown-key'],
  ],
  [
    'after tabs',
    '!Experiment\nname:\tt\npipeline:\n  a: !Model\t{\tdepth:\t«0»\t,\t«widht»\t:\t3}\t# a\tcomment\n  b:\t«!Modle»\n',
    ['out-of-range', 'unknown-keyword', 'unknown-tag'],
  ],
  [
    'after wide letters and pairs of surrogates',
    '!Experiment\nname: t\nnotes: "日本語 😀👩‍👩‍👧 e\u0301"\npipeline:\n  a: !Model {name: "日本", extra: {"😀": 1}, depth: «0»}\n  b: !Any {"日": !@ a, "😀😀": «!@ nobody»}\n',
    ['out-of-range', 'link-unknown'],
  ],
  [
    'with carriage returns',
    '!Experiment\r\nname: t\r\npipeline:\r\n  a: !Model\r\n    depth: «0»\r\n    «widht»: 1\r\n«sead»: 1\r\n',
    ['out-of-range', 'unknown-keyword', 'unknown-key'],
  ],
  [
    'behind a byte order mark',
    '\ufeff!Experiment\nname: «t t»\npipeline: {a: «!Modle»}\n',
    ['bad-name', 'unknown-tag'],
  ],
  [
    'in and after block scalars and quoted texts of several lines',
    '!Experiment\nname: t\nnotes: |\n  depth: 0\n  sead: 1\npipeline:\n  a: !Model\n    name: >-\n      one\n      two\n    depth: «0»\n    activation: «"re\n      lu"»\n',
    ['out-of-range', 'not-a-choice'],
  ],
  [
    'in options and their alternatives',
    '!Experiment\nname: t\npipeline:\n  a: !Model {depth: !g [1, «0», 2], activation: !g [relu, !g [tanh, «tahn»]], width: !s [0, 1, «2»]}\n  b: !Any {x: !uniform [«2», 1], y: !g [1, 2, «1.0»]}\nsearch: {b: !TPE}\n',
    ['out-of-range', 'not-a-choice', 'sample-count', 'distribution-bounds', 'grid-equal'],
  ],
  [
    'at aliases, anchors and merges',
    '!Experiment\nname: t\npipeline:\n  a: !Model &m {encoder: &e !Enc {size: 1}, depth: 1}\n  b: !Model {<<: *m, depth: «0», input: «*nobody»}\n  c: !Train {data: «*e», model: *m}\n  d: !Any {<<: «3»}\n',
    ['out-of-range', 'unknown-alias', 'component-kind', 'merge'],
  ],
  [
    'in the first document and the second',
    '«ext»: ./x\nbad: «ftp://x»\n---\n!Experiment\nname: t\npipeline: {a: !Any {x: «!@ b»}, b: !Any}\n',
    ['extension-not-installed', 'extension-location', 'link-forward'],
  ],
]

describe('every problem marks exactly what is wrong', () => {
  it.each(CASES)('%s', (_, marked, rules) => {
    const wanted = [...marked.matchAll(/«([^»]*)»/g)].map(match => match[1] ?? '')
    const text = marked.replace(/[«»]/g, '')
    const extensions = text.startsWith('ext:') ? { bad: { components: {} } } : undefined
    const { problems } = planText(text, 7, extensions === undefined ? {} : { extensions })
    const lines = text.split('\n')
    const offset = (line: number, column: number) =>
      lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0) + column - 1
    const found = [...problems]
      .sort((a, b) => a.line - b.line || a.column - b.column)
      .map(p => [p.rule, text.slice(offset(p.line, p.column), offset(p.endLine, p.endColumn))])
    expect(found).toEqual(rules.map((rule, i) => [rule, wanted[i]]))
  })
})

import { describe, expect, it } from 'vitest'
import { LIMITS, parse } from './index.ts'
import { file, planText } from './testing/plan-text.ts'

const size = LIMITS.bytes
const rules = (text: string) => planText(text).problems.map(problem => problem.rule)

/** Texts made to hang or to overflow a reader (S7). */
const HOSTILE: { readonly [name: string]: string } = {
  'open lists': '['.repeat(size),
  'open maps': '{'.repeat(size),
  'lists in a line': '- '.repeat(size / 2),
  'question marks': '? '.repeat(size / 2),
  'anchors without end': '&a '.repeat(size / 3),
  'tags without end': '!a '.repeat(size / 3),
  'aliases without end': '*a '.repeat(size / 3),
  colons: `a:\n${' :'.repeat(size / 2 - 2)}`,
  quotes: '"'.repeat(size),
  'closing braces': '}'.repeat(size),
  commas: `a: [${','.repeat(size - 4)}`,
  documents: '---\n'.repeat(size / 4),
  directives: '%a\n'.repeat(size / 3),
  comments: '# a\n'.repeat(size / 4),
  'deeper and deeper': Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  'a list of ones': `a: [${'1,'.repeat(size / 2 - 3)}]`,
  'many keys': Array.from({ length: 26_000 }, (_, i) => `k${i}: 1`).join('\n'),
  'many keys in the pipeline': file(Array.from({ length: 3_900 }, (_, i) => `b${i}: !Any`).join('\n')),
  'many unknown keys of a component': file(
    `a: !Model\n${Array.from({ length: 3_900 }, (_, i) => `  k${i}: 1`).join('\n')}`,
  ),
  'block scalars': '- |\n'.repeat(size / 4),
  'a long scalar': `a: "${'x\n '.repeat(size / 3 - 3)}"`,
  'at signs': '@'.repeat(size),
  surrogates: '\ud800'.repeat(size / 3),
  'a chain of aliases': file(
    `a: !Any\n  x0: &x0 [1]\n${Array.from({ length: 1_500 }, (_, i) => `  x${i + 1}: &x${i + 1} [*x${i}]`).join('\n')}`,
  ),
  'an alias bomb': file(
    `a: !Any\n  x0: &x0 [1]\n${Array.from({ length: 28 }, (_, i) => `  x${i + 1}: &x${i + 1} [*x${i}, *x${i}]`).join('\n')}`,
  ),
  'a bomb of merges': file(
    `a: !Any\n  x0: &x0 {k: 1}\n${Array.from({ length: 700 }, (_, i) => `  x${i + 1}: &x${i + 1} {<<: *x${i}, k${i}: 1}`).join('\n')}`,
  ),
  'equal values in a grid': file(`a: !Any {x: !g [${'1, '.repeat(9_000)}1]}`),
  'links through links': file(
    `b0: !Any {v: 1, w: 2}\n${Array.from({ length: 120 }, (_, i) => `b${i + 1}: !Any\n  v: !g [!@ "b${i}[v]", !@ "b${i}[w]"]\n  w: !g [!@ "b${i}[w]", !@ "b${i}[v]"]`).join('\n')}`,
  ),
  'entangled options': file(
    `${Array.from({ length: 40 }, (_, i) => `a${i}: !Any {x: !g [1, 2]}`).join('\n')}\nz: !Any\n${Array.from({ length: 2 }, (_, r) => Array.from({ length: 40 }, (_, i) => `  v${r}_${i}: !g [!@ a${i}.x, ${r}]`).join('\n')).join('\n')}`,
  ),
  'draws without end': file('a: !Any {x: !s [0, 1000000000, 1000000000]}'),
  'a name that backtracks': `!Experiment {name: ${'a'.repeat(200_000)}!, pipeline: {a: !Any}}`,
}

describe('hostile files (S7)', () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    it(`answers ${name} with problems, and soon`, () => {
      const { plan, problems } = planText(text)
      expect(plan).toBeNull()
      expect(problems.length).toBeGreaterThan(0)
      expect(problems.length).toBeLessThanOrEqual(400)
      // That it answers soon is seen by the test's own time limit; a hostile file that hangs never gets here.
    })
  }
})

describe('limits', () => {
  it('refuses a file of more than 256 KiB', () => {
    expect(rules(`# ${'ä'.repeat(size / 2)}\n${file('a: !Any')}`)).toEqual(['file-too-large'])
  })

  it('refuses more lexemes and more nodes than the limit', () => {
    expect(rules(`a: [${'1,'.repeat(40_000)}]`)).toEqual(['too-many-nodes'])
    expect(rules(file(`a: !Any\n${'  - 1\n'.repeat(0)}  x: [${'1,'.repeat(19_990)}1]`))).toContain('too-many-nodes')
  })

  it('takes 256 blocks and refuses 257', () => {
    const blocks = (n: number) => file(Array.from({ length: n }, (_, i) => `b${i}: !Any`).join('\n'))
    expect(rules(blocks(LIMITS.blocks))).toEqual([])
    expect(rules(blocks(LIMITS.blocks + 1))).toEqual(['too-many-blocks'])
  })

  it('refuses more than 1,000 options', () => {
    const options = Array.from({ length: LIMITS.options + 1 }, (_, i) => `  k${i}: !g [1]`).join('\n')
    expect(rules(file(`a: !Any\n${options}`))).toEqual(['too-many-options'])
  })

  it('refuses draws beyond the limit', () => {
    expect(rules(file('a: !Any {x: !s [0, 1000000, 60000], y: !s [0, 1000000, 60000]}'))).toContain('too-many-draws')
  })

  it('refuses a space that cannot be counted in reasonable time', () => {
    expect(rules(HOSTILE['entangled options'] ?? '')).toEqual(['entangled-space'])
  })

  it('takes lists and maps 32 deep and refuses 33', () => {
    // The experiment, the pipeline and the block are three of them.
    const deep = (n: number) => file(`a: !Any {x: ${'['.repeat(n)}${']'.repeat(n)}}`)
    expect(rules(deep(29))).toEqual([])
    expect(rules(deep(30))).toEqual(['too-deep'])
  })
})

describe('parse', () => {
  it('keeps the plan null and never throws for any prefix of a good file', () => {
    const text = file(
      'a: &a !Model {width: !g [1, 2], encoder: !Enc {<<: {size: 3}}}\nb: !Any {x: *a, y: !@ a.weights, z: !s [0, 9, 2]}',
    )
    for (let end = 0; end < text.length; end += 1) expect(() => planText(text.slice(0, end))).not.toThrow()
  })

  it('reports nothing for the empty map of extensions', () => {
    expect(parse(`{}\n---\n${file('a: !Any')}`).problems).toEqual([])
  })
})

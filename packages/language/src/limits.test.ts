import { describe, expect, it } from 'vitest'
import { LIMITS, parse } from './index.ts'
import { HOSTILE } from './testing/hostile.ts'
import { file, planText } from './testing/plan-text.ts'

const size = LIMITS.bytes
const rules = (text: string) => planText(text).problems.map(problem => problem.rule)

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

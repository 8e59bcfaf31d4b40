import { language } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { expect, it } from 'vitest'
import { yamlGrammar } from './yaml-grammar.ts'

const GOOD = '!Experiment\nname: t\npipeline:\n  a: !T {x: [1, [2, {y: 3}]], why: "[["}\n'
const opened = (text: string) => EditorState.create({ doc: text, extensions: yamlGrammar(text) })
const colored = (state: EditorState) => state.facet(language) !== null

const HOSTILE: { readonly [name: string]: string } = {
  'open lists': '['.repeat(200_000),
  'open maps, line by line': '{\n'.repeat(70_000),
  'lists in a line': '- '.repeat(100_000),
  'lists in short lines': `${'- '.repeat(1_000)}\n`.repeat(100),
  'question marks': '? '.repeat(100_000),
  'tags without end': '!a '.repeat(80_000),
  'deeper and deeper': Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  'ever more keys': Array.from({ length: 5_000 }, (_, i) => `k${i}: 1`).join('\n'),
  'a megabyte': '# a\n'.repeat(250_000),
}

for (const [name, text] of Object.entries(HOSTILE)) {
  it(`leaves ${name} without the grammar, pasted or opened, and comes back (S7)`, () => {
    expect(colored(opened(text))).toBe(false)
    const good = opened(GOOD)
    expect(colored(good)).toBe(true)
    const pasted = good.update({ changes: { from: 0, to: good.doc.length, insert: text } }).state
    expect(colored(pasted)).toBe(false)
    expect(colored(pasted.update({ changes: { from: 0, to: pasted.doc.length, insert: GOOD } }).state)).toBe(true)
  })
}

it('colours a long file of an ordinary kind', () => {
  const blocks = Array.from({ length: 1_000 }, (_, i) => `  b${i}: !T {x: !g [1, 2], y: !@ b0}`)
  expect(colored(opened(`!Experiment\npipeline:\n${blocks.join('\n')}\n`))).toBe(true)
})

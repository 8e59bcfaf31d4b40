import { yaml } from '@codemirror/lang-yaml'
import { getIndentation, IndentContext } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { expect, it } from 'vitest'
import { yamlIndent } from './indent.ts'

/** Columns that a line begins with when Enter is pressed at the end of the text. */
const entered = (text: string) => {
  const state = EditorState.create({ doc: text, extensions: [yaml(), yamlIndent()] })
  const told = getIndentation(new IndentContext(state, { simulateBreak: text.length }), text.length)
  // Told nothing, the editor takes the line's own.
  return told ?? /^ */.exec(text.split('\n').at(-1) ?? '')?.[0].length
}

it('goes one step deeper behind a key without a value, and behind its component or option', () => {
  expect(entered('!Experiment')).toBe(0)
  expect(entered('!Experiment\npipeline:')).toBe(2)
  expect(entered('!Experiment\npipeline: ')).toBe(2)
  expect(entered('!Experiment\npipeline:\n  train: !Trainer')).toBe(4)
  expect(entered('!Experiment\npipeline:\n  train: &t !nn.Linear ')).toBe(4)
  expect(entered('!Experiment\npipeline:\n  train: !T\n    x: !g')).toBe(6)
})

it('stays where it is behind a value, a link and a comment', () => {
  expect(entered('!Experiment\npipeline:\n  train: !T\n    x: 1')).toBe(4)
  expect(entered('!Experiment\npipeline:\n  train: !T\n    x: !@ a')).toBe(4)
  expect(entered('!Experiment\npipeline:\n  train: !T\n    x: 1 # why:')).toBe(4)
})

it('keeps to the first key in a place of a list', () => {
  expect(entered('a:\n  - !Linear')).toBe(4)
  expect(entered('a:\n  - size: 3')).toBe(4)
  expect(entered('a:\n  - size:')).toBe(6)
})

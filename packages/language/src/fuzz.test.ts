import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  complete,
  definition,
  dump,
  formatProblem,
  hover,
  isEnumerable,
  resolve,
  variantAt,
  variants,
} from './index.ts'
import { TEST_CATALOGUE } from './testing/catalogue.ts'
import { mustPlan, planText } from './testing/plan-text.ts'

const GOOD = ['everything-right', 'search-right', 'resume-right'].map(name =>
  readFileSync(join(import.meta.dirname, '../testdata', name, 'input.yaml'), 'utf8'),
)
const LONGEST = Math.max(...GOOD.map(text => text.length))

const piece = fc.constantFrom(
  ...[
    '!g ',
    '!s ',
    '!@ ',
    '!call ',
    '[',
    ']',
    '{',
    '}',
    ': ',
    ', ',
    '- ',
    '\n',
    '\n  ',
    '&a ',
    '*a',
    '<<: ',
    '"',
    "'",
    '|\n',
  ],
  ...[
    '!Enc ',
    '!uniform ',
    '!choice ',
    '!TPE ',
    'search: ',
    'resume: ',
    '!Experiment ',
    '---\n',
    '#',
    '~',
    '.nan',
    '1',
    '-1.5',
    '__proto__',
    'model',
    '.x',
    '[0]',
    '\t',
    '😀',
    '\u0000',
    '%',
  ],
)
const edit = fc.record({ at: fc.nat(LONGEST), remove: fc.nat(12), insert: fc.oneof(piece, fc.constant('')) })

it('never throws whatever is edited, and every problem stands inside of the file', () => {
  fc.assert(
    fc.property(fc.constantFrom(...GOOD), fc.array(edit, { minLength: 1, maxLength: 4 }), (good, edits) => {
      let text = good
      for (const { at, remove, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + remove)
      const { plan, problems } = planText(text)
      expect(plan === null).toBe(problems.some(problem => problem.severity === 'error'))
      const lines = text.split('\n')
      for (const problem of problems) {
        expect(problem.line).toBeLessThanOrEqual(lines.length)
        expect(problem.column).toBeGreaterThanOrEqual(1)
        expect(problem.column).toBeLessThanOrEqual((lines[problem.line - 1]?.length ?? 0) + 2)
        expect(problem.endLine > problem.line || problem.endColumn >= problem.column).toBe(true)
        expect(problem.message).not.toBe('')
        expect(formatProblem(problem, text).length).toBeGreaterThan(1)
      }
      const at = (edits[0]?.at ?? 0) % (text.length + 1)
      for (const { from, to } of complete(text, at, TEST_CATALOGUE)) expect(from <= at && at <= to).toBe(true)
      hover(text, at, TEST_CATALOGUE)
      definition(text, at)
      if (plan === null) return
      const again = mustPlan(dump(plan))
      for (const { id, count } of plan.blocks) {
        if (!isEnumerable(plan, id)) continue
        const [first] = variants(plan, id)
        expect(first).toEqual([...variants(again, id)][0])
        expect(resolve(plan, variantAt(plan, id, count - 1)).at(-1)?.id).toBe(id)
      }
    }),
    { numRuns: 300 },
  )
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dump, formatProblem, resolve, variantAt, variants } from './index.ts'
import { mustPlan, planText } from './testing/plan-text.ts'

const GOOD = readFileSync(join(import.meta.dirname, '../testdata/everything-right/input.yaml'), 'utf8')

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
const edit = fc.record({ at: fc.nat(GOOD.length), remove: fc.nat(12), insert: fc.oneof(piece, fc.constant('')) })

it('never throws whatever is edited, and every problem stands inside of the file', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), edits => {
      let text = GOOD
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
      if (plan === null) return
      const again = mustPlan(dump(plan))
      for (const { id, count } of plan.blocks) {
        const [first] = variants(plan, id)
        expect(first).toEqual([...variants(again, id)][0])
        expect(resolve(plan, variantAt(plan, id, count - 1)).at(-1)?.id).toBe(id)
      }
    }),
    { numRuns: 300 },
  )
})

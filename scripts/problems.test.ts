/** Code, docs and families are one list. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { PROBLEM_CODES } from '../packages/language/src/problem.ts'
import { RULES } from '../packages/language/src/rules.ts'
import { page } from './problems.mjs'

it('docs/problems.md explains every rule of the language', () => {
  expect(readFileSync(new URL('../docs/problems.md', import.meta.url), 'utf8')).toBe(page())
  for (const { rule } of RULES) expect(page()).toContain(`\`${rule}\``)
  for (const { code } of RULES) expect(PROBLEM_CODES).toContain(code)
})

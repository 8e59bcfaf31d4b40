/** Code, docs and families are one list. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { COMMAND_RULES } from '../packages/flambe/src/client/refusal-rules.ts'
import { PROBLEM_CODES } from '../packages/language/src/problem.ts'
import { RULES } from '../packages/language/src/rules.ts'
import { page } from './problems.mjs'

it('docs/problems.md explains every rule of the language and the command', () => {
  expect(readFileSync(new URL('../docs/problems.md', import.meta.url), 'utf8')).toBe(page())
  for (const { rule } of [...RULES, ...COMMAND_RULES]) expect(page()).toContain(`\`${rule}\``)
  for (const { code } of [...RULES, ...COMMAND_RULES]) expect(PROBLEM_CODES).toContain(code)
})

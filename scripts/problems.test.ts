/** Code, docs and families are one list. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { COMMAND_RULES } from '../packages/flambe/src/client/refusal-rules.ts'
import { PROBLEM_CODES } from '../packages/language/src/problem.ts'
import { RULES } from '../packages/language/src/rules.ts'
import { page } from './problems.mjs'

it('docs/problems.md explains every rule of the language and the command', () => {
  expect(readFileSync(new URL('../docs/problems.md', import.meta.url), 'utf8')).toBe(page())
  for (const { rule } of [...RULES, ...COMMAND_RULES]) expect(page()).toContain(`### \`${rule}\``)
  for (const { code } of [...RULES, ...COMMAND_RULES]) expect(PROBLEM_CODES).toContain(code)
})

it('docs/problems.md shows every rule that a test case of the language makes', () => {
  const text = page()
  const cases = new URL('../packages/language/testdata/', import.meta.url)
  for (const name of readdirSync(cases)) {
    for (const { code, rule } of JSON.parse(readFileSync(new URL(`${name}/problems.json`, cases), 'utf8')))
      expect(text).toContain(`[${code} ${rule}]`)
  }
})

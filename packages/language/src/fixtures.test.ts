import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatProblem, inOrder, type Problem, planAnswer, RULES } from './index.ts'
import { planText } from './testing/plan-text.ts'

const folder = join(import.meta.dirname, '../testdata')
const cases = readdirSync(folder)

/** Every case holds an input and what is said about it, as data and as a terminal shows it. `vitest -u` rewrites. */
describe('every case of testdata', () => {
  for (const name of cases) {
    it(`reports the problems of ${name}`, async () => {
      const text = readFileSync(join(folder, name, 'input.yaml'), 'utf8')
      const problems = inOrder(problemsOf(name, text))
      await expect(`${JSON.stringify(problems, null, 2)}\n`).toMatchFileSnapshot(join(folder, name, 'problems.json'))
      const shown = problems.map(problem => formatProblem(problem, text).join('\n')).join('\n\n')
      await expect(`${shown}\n`).toMatchFileSnapshot(join(folder, name, 'problems.txt'))
    })
  }
})

/** The whole plan and the answer of `flambe plan --json --limit 3`; what a person wrote is in `input.yaml` beside it. */
describe('every case of testdata that is right', () => {
  for (const name of cases) {
    const text = readFileSync(join(folder, name, 'input.yaml'), 'utf8')
    const { plan, problems } = planned(name, text)
    if (plan === null) continue
    it(`is planned and answered as before: ${name}`, async () => {
      const answer = planAnswer({ plan, problems }, { limit: 3 })
      await expect(`${JSON.stringify(answer, null, 2)}\n`).toMatchFileSnapshot(join(folder, name, 'answer.json'))
      const { text: _, ...rest } = plan
      await expect(`${JSON.stringify(rest, null, 2)}\n`).toMatchFileSnapshot(join(folder, name, 'plan.json'))
    })
  }
})

/** `options.json` holds more options of `plan`. */
function planned(name: string, text: string) {
  const options = join(folder, name, 'options.json')
  const more = existsSync(options) ? JSON.parse(readFileSync(options, 'utf8')) : {}
  return planText(text, undefined, more)
}

const problemsOf = (name: string, text: string): readonly Problem[] => planned(name, text).problems

it('has a case for every rule', () => {
  const shown = new Set<string>()
  for (const name of cases) {
    const text = readFileSync(join(folder, name, 'input.yaml'), 'utf8')
    for (const { code, rule } of problemsOf(name, text)) shown.add(`${code} ${rule}`)
  }
  /** Files too large to keep as a case; `limits.test.ts` makes them. */
  const elsewhere = [
    'file-too-large',
    'too-many-nodes',
    'too-many-blocks',
    'too-many-options',
    'too-many-draws',
    'entangled-space',
    // Said by @flambe/search; `upon.test.ts` makes them.
    'search-space',
    'scheduler',
  ]
  const all = RULES.filter(({ rule }) => !elsewhere.includes(rule)).map(({ code, rule }) => `${code} ${rule}`)
  expect(all.filter(rule => !shown.has(rule))).toEqual([])
})

it('asks what was meant wherever a known word is misspelt', () => {
  const text = readFileSync(join(folder, 'misspelt', 'input.yaml'), 'utf8')
  const silent = problemsOf('misspelt', text).filter(({ hint }) => !hint.startsWith('did you mean'))
  expect(silent.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([])
})

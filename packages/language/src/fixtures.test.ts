import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatProblem, inOrder, type Problem, RULES, unsupported } from './index.ts'
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

/** `options.json` holds more options of `plan`. Cases that start with `hub-` are planned and then refused by the hub. */
function problemsOf(name: string, text: string): readonly Problem[] {
  const options = join(folder, name, 'options.json')
  const more = existsSync(options) ? JSON.parse(readFileSync(options, 'utf8')) : {}
  const { plan, problems } = planText(text, undefined, more)
  return name.startsWith('hub-') && plan !== null ? [...problems, ...unsupported(plan, 'input.yaml')] : problems
}

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

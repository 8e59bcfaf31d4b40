/** Parse and plan with the test catalogue, for the tests of this package. */
import { type Plan, type PlanOptions, type Problem, parse, plan } from '../index.ts'
import { TEST_CATALOGUE } from './catalogue.ts'

export function planText(
  text: string,
  seed?: number,
  more: Partial<PlanOptions> = {},
): { plan: Plan | null; problems: Problem[] } {
  const parsed = parse(text, { file: 'input.yaml' })
  if (parsed.experiment === null) return { plan: null, problems: [...parsed.problems] }
  const planned = plan(parsed.experiment, {
    catalogue: TEST_CATALOGUE,
    fallbackSeed: 7,
    ...(seed === undefined ? {} : { seed }),
    resourceExists: location => !location.includes('missing'),
    ...more,
  })
  return { plan: planned.plan, problems: [...parsed.problems, ...planned.problems] }
}

/** A pipeline as a whole file; lines are indented by two. */
export function file(pipeline: string, more = ''): string {
  return `!Experiment\nname: t\nseed: 7\n${more}pipeline:\n${pipeline.replace(/^(?=.)/gm, '  ')}\n`
}

export function mustPlan(text: string, seed?: number): Plan {
  const { plan: made, problems } = planText(text, seed)
  if (made === null) throw new Error(problems.map(problem => `${problem.rule}: ${problem.message}`).join('\n'))
  return made
}

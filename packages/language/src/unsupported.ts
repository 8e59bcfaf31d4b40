/**
 * What the language plans and the hub cannot run yet. The hub refuses such a plan with these Problems; each room deletes its line
 * here as it lands (and, with the last one of a family, the rule in rules.ts), and the file goes when the list is empty.
 */
import type { Plan } from './plan.ts'
import type { Problem, ProblemCode } from './problem.ts'
import type { ParsedExperiment } from './reader/experiment.ts'
import { parse } from './reader/parse.ts'
import { Report, type Span, source } from './reader/source.ts'

interface Missing {
  readonly code: ProblemCode
  readonly what: string
  readonly asked: (plan: Plan) => boolean
  /** Where it stands in the file. */
  readonly at: (experiment: ParsedExperiment) => Place | undefined
}

interface Place {
  readonly keySpan: Span
  readonly path: string
}

const MISSING: readonly Missing[] = [
]

/** Errors, where the file asks for what is missing; empty when the hub can run the plan. */
export function unsupported(plan: Plan, file = ''): readonly Problem[] {
  const asked = MISSING.filter(missing => missing.asked(plan))
  if (asked.length === 0) return []
  const { experiment } = parse(plan.text, { file })
  const report = new Report(experiment?.source ?? source(plan.text, file))
  for (const { code, what, at } of asked) {
    const { keySpan, path } = (experiment === null ? undefined : at(experiment)) ?? NOWHERE
    report.notSupported(code, keySpan, path, `${what} is`, 'the hub cannot run it yet')
  }
  return report.problems
}

const NOWHERE: Place = { keySpan: { start: 0, end: 0 }, path: '' }

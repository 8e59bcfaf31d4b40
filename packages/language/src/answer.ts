/**
 * The answer of `flambe plan --json`: one JSON object, as promised in the design of the language ("The plan answer").
 * Pure; called by the command line with what `parse` and `plan` returned.
 */
import type { Json } from './catalogue.ts'
import { variants } from './model/variants.ts'
import type { Plan } from './plan.ts'
import type { Problem } from './problem.ts'
import { inOrder } from './reader/source.ts'

export type PlanAnswer =
  | { readonly ok: false; readonly problems: readonly AnsweredProblem[] }
  | {
      readonly ok: true
      readonly name: string
      readonly seed: number
      /** Warnings only. */
      readonly problems: readonly AnsweredProblem[]
      readonly blocks: readonly AnsweredBlock[]
    }

export interface AnsweredBlock {
  readonly id: string
  readonly tag: string
  readonly depends_on: readonly string[]
  /** The full number, whatever the limit. */
  readonly count: number
  readonly variants: readonly { readonly id: string; readonly params: { readonly [key: string]: Json } }[]
}

export interface AnsweredProblem {
  readonly severity: Problem['severity']
  readonly code: Problem['code']
  readonly rule: string
  readonly message: string
  readonly path: string
  readonly file: string
  readonly line: number
  readonly column: number
  readonly hint: string
}

/** Variants per block that are listed when nothing else is said. */
const USUAL_LIMIT = 1_000

export function planAnswer(
  result: { readonly plan: Plan | null; readonly problems: readonly Problem[] },
  options: { readonly limit?: number } = {},
): PlanAnswer {
  const { plan } = result
  const problems = inOrder(result.problems).map(answered)
  if (plan === null || problems.some(problem => problem.severity === 'error')) return { ok: false, problems }
  const limit = options.limit ?? USUAL_LIMIT
  const blocks = plan.blocks.map(({ id, tag, depends_on, count }) => ({
    id,
    tag,
    depends_on,
    count,
    variants: firstVariants(plan, id, limit),
  }))
  return { ok: true, name: plan.name, seed: plan.seed, problems, blocks }
}

function answered(problem: Problem): AnsweredProblem {
  const { severity, code, rule, message, path, file, line, column, hint } = problem
  return { severity, code, rule, message, path, file, line, column, hint }
}

function firstVariants(plan: Plan, block: string, limit: number): AnsweredBlock['variants'] {
  const first: AnsweredBlock['variants'][number][] = []
  if (limit <= 0) return first
  for (const { id, params } of variants(plan, block)) {
    first.push({ id, params })
    if (first.length >= limit) break
  }
  return first
}

/**
 * What the language plans and the hub cannot run yet. The hub refuses such a plan with these Problems; each room deletes its line
 * here as it lands, and the file goes when the list is empty.
 */
import type { Plan } from './plan.ts'
import type { Problem, ProblemCode } from './problem.ts'
import type { AstEntry } from './reader/ast.ts'
import { parse } from './reader/parse.ts'
import { Report, type Source, source } from './reader/source.ts'

interface Missing {
  readonly code: ProblemCode
  /** Key of the experiment that it stands in. */
  readonly key: string
  readonly what: string
  readonly asked: (plan: Plan) => boolean
}

const MISSING: readonly Missing[] = [
  { code: 'BLOCKREF', key: 'search', what: '`search`', asked: plan => plan.blocks.some(b => b.search !== null) },
  { code: 'BLOCKREF', key: 'schedulers', what: '`schedulers`', asked: p => p.blocks.some(b => b.scheduler !== null) },
  {
    code: 'LIMIT',
    key: 'budget',
    what: '`budget`',
    asked: ({ settings: { budget } }) => Object.values(budget).some(bound => bound !== null),
  },
  { code: 'CONFIG', key: 'overlap', what: '`overlap: trials`', asked: plan => plan.settings.overlap === 'trials' },
]

/** Errors, at the keys that ask for what is missing; empty when the hub can run the plan. */
export function unsupported(plan: Plan, file = ''): readonly Problem[] {
  const asked = MISSING.filter(missing => missing.asked(plan))
  if (asked.length === 0) return []
  const { experiment } = parse(plan.text, { file })
  const at: Source = experiment?.source ?? source(plan.text, file)
  const report = new Report(at)
  for (const { code, key, what } of asked) {
    const entry: AstEntry | undefined = experiment?.root.entries.find(candidate => candidate.key === key)
    report.notSupported(code, entry?.keySpan ?? { start: 0, end: 0 }, key, `${what} is`, 'the hub cannot run it yet')
  }
  return report.problems
}

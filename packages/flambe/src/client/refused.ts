/**
 * What the user must hear and mend: one clear line and an exit code, with a rule of refusal-rules.ts for `--json`. Caught by
 * the command line, never a bug. `problemOf` gives it the shape of every other problem.
 */
import type { Problem } from '@flambe/language'
import { type CommandRule, familyOf } from './refusal-rules.ts'

export class Refused extends Error {
  readonly code: number
  readonly rule: CommandRule

  /** @param code exit code: 2 nothing was touched, 3 something went wrong under way */
  constructor(message: string, code = 2, rule: CommandRule = 'refused') {
    super(message)
    this.name = 'Refused'
    this.code = code
    this.rule = rule
  }
}

/** The hub did not take the experiment: nothing of it was run. */
export class NotTaken extends Refused {}

/** As a problem of `file`, which has no better place than its start. */
export function problemOf({ message, rule }: Refused, file: string): Problem {
  const start = { line: 1, column: 1, endLine: 1, endColumn: 1 }
  return { severity: 'error', code: familyOf(rule), rule, message, path: '', file, ...start, hint: '' }
}

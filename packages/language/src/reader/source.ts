/**
 * The text of a file with its lines, and the collector of Problems. Offsets are UTF-16 code units from the start of the
 * file; lines and columns are 1-based. The reader, the checks and the model report through it; nobody throws.
 */
import type { Place } from '../plan.ts'
import type { Problem, ProblemCode } from '../problem.ts'
import { RULES, type RuleName } from '../rules.ts'

export interface Span {
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

export interface Source {
  readonly text: string
  readonly file: string
  /** Offset of the first character of every line. */
  readonly lines: readonly number[]
}

export interface Finding {
  readonly rule: RuleName
  /** Only for rules that stand in several families (`not-supported-yet`). */
  readonly code?: ProblemCode
  readonly severity?: 'error' | 'warning'
  readonly span: Span
  readonly path: string
  readonly message: string
  readonly hint?: string
}

/** At most so many Problems of one file are kept: enough to see the pattern, and no hostile file makes a huge answer. */
const MOST_PROBLEMS = 200

export class Report {
  readonly source: Source
  readonly problems: Problem[] = []
  private readonly seen = new Set<string>()

  constructor(source: Source) {
    this.source = source
  }

  /** Nothing more is kept: whoever walks on may as well stop. */
  get full(): boolean {
    return this.problems.length >= MOST_PROBLEMS
  }

  add(finding: Finding): void {
    const key = `${finding.rule}:${finding.span.start}:${finding.message}`
    if (this.seen.has(key) || this.full) return
    this.seen.add(key)
    const from = position(this.source, finding.span.start)
    const to = position(this.source, Math.max(finding.span.end, finding.span.start))
    this.problems.push({
      severity: finding.severity ?? 'error',
      code: finding.code ?? familyOf(finding.rule),
      rule: finding.rule,
      message: finding.message,
      path: finding.path,
      file: this.source.file,
      line: from.line,
      column: from.column,
      endLine: to.line,
      endColumn: to.column,
      hint: finding.hint ?? '',
    })
  }

  notSupported(code: ProblemCode, span: Span, path: string, what: string, hint = ''): void {
    this.add({ rule: 'not-supported-yet', code, span, path, message: `${what} not supported yet`, hint })
  }
}

export function source(text: string, file: string): Source {
  const lines = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.push(at + 1)
  return { text, file, lines }
}

export function position(source: Source, offset: number): { line: number; column: number } {
  let low = 0
  let high = source.lines.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((source.lines[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (source.lines[low] ?? 0) + 1 }
}

export function placeOfSpan(source: Source, span: Span): Omit<Place, 'path'> {
  const from = position(source, span.start)
  const to = position(source, Math.max(span.start, span.end))
  return { line: from.line, column: from.column, end_line: to.line, end_column: to.column }
}

/** In the order in which they stand in the file. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((a, b) => a.line - b.line || a.column - b.column)
}

const FAMILY = new Map<string, ProblemCode>(RULES.map(rule => [rule.rule, rule.code]))

function familyOf(rule: RuleName): ProblemCode {
  const code = FAMILY.get(rule)
  if (code === undefined) throw new Error(`rule ${rule} is not in the list of rules`)
  return code
}

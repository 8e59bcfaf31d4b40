/**
 * A user's mistake as data: what is wrong, where, and what to write instead. The language, the hub's uploads and the
 * command line make them; pages and the terminal print them. Never thrown.
 */

/** The families of `language.md`; `rule` names the finer reason and has its section in docs/problems.md. */
export const PROBLEM_CODES = [
  'CONFIG',
  'TAG',
  'LINK_SYNTAX',
  'LINK_ORDER',
  'LINK_TARGET',
  'SPACE',
  'BLOCKREF',
  'RESOURCE',
  'RESULTS',
  'LIMIT',
  'EXTENSION',
] as const

export type ProblemCode = (typeof PROBLEM_CODES)[number]

export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly code: ProblemCode
  /** Finer than `code`, kebab-case, for example `unknown-tag`. */
  readonly rule: string
  readonly message: string
  /** Key path such as `pipeline.a.x[1]`, with odd keys quoted: `pipeline["a.b"]`; `''` when there is none. */
  readonly path: string
  readonly file: string
  /** 1-based, over the whole file. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number
  /** Where the marked text ends (exclusive, same units); equals the start when unknown. */
  readonly endLine: number
  readonly endColumn: number
  /** What to write instead; `''` when there is nothing to say. */
  readonly hint: string
}

/**
 * What the conversion of one document carries along, and how a mistake becomes a `bad` node. Shared by `convert`, `scalar` and
 * `option`, which would else import each other.
 */
import type { RuleName } from '../rules.ts'
import type { AstTarget } from './ast.ts'
import type { Report, Span } from './source.ts'
import type { Tag } from './stream.ts'

export interface Conversion {
  readonly report: Report
  readonly tags: readonly Tag[]
  readonly text: string
  readonly anchors: Map<string, AstTarget | 'open'>
  nextId: number
  /** Nodes so far; past the limit everything becomes `bad`. */
  count: number
  /** The limit has been passed and reported. */
  full: boolean
  draws: number
}

export function conversion(report: Report, tags: readonly Tag[]): Conversion {
  return { report, tags, text: report.source.text, anchors: new Map(), nextId: 1, count: 0, full: false, draws: 0 }
}

/** What a node is born with. */
export interface Birth {
  readonly id: number
  readonly span: Span
  readonly tagSpan: Span
  readonly path: string
  shared: boolean
}

export function bad(
  finding: { rule: RuleName; span: Span; message: string; hint?: string },
  birth: Birth,
  context: Conversion,
): AstTarget {
  context.report.add({ ...finding, path: birth.path })
  return { ...birth, kind: 'bad' }
}

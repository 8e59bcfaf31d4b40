/**
 * Plain values of the experiment's keys: a number, a text, a choice, each checked and reported where it stands. Called
 * by `settings`; a wrong value is reported and null comes back, so that the caller goes on with the default.
 */
import { type AstEntry, type AstNode, type AstScalar, deref } from './ast.ts'
import type { Report } from './source.ts'
import { didYouMean } from './suggest.ts'

/** What a value is, in words for messages. */
export function describe(node: AstNode): string {
  const target = deref(node)
  switch (target.kind) {
    case 'scalar':
      if (target.value === null) return 'an empty value'
      if (typeof target.value === 'string') return `the text \`${short(target.value)}\``
      return `\`${short(target.text)}\``
    case 'component':
      return `the component !${target.tag}`
    case 'grid':
    case 'sample':
    case 'distribution':
      return 'an option'
    case 'link':
      return 'a link'
    case 'cluster':
      return 'a !cluster path'
    case 'bad':
      return 'a mistake'
    default:
      return `a ${target.kind}`
  }
}

export function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}...` : text
}

export function wrongType(node: AstNode, path: string, wanted: string, report: Report, hint = ''): null {
  // Options, components and links outside of the pipeline have been reported as such.
  if (['bad', 'grid', 'sample', 'distribution', 'component', 'link', 'cluster'].includes(deref(node).kind)) return null
  report.add({
    rule: 'wrong-type',
    span: node.span,
    path,
    message: `${wanted} is expected, not ${describe(node)}`,
    hint,
  })
  return null
}

export function readNumber(
  entry: AstEntry,
  report: Report,
  wanted: { readonly int: boolean; readonly min: number; readonly above?: boolean },
): number | null {
  const scalar = scalarOf(entry.value)
  const what = wanted.int ? 'a whole number' : 'a number'
  if (scalar === null || typeof scalar.value !== 'number' || (wanted.int && !scalar.int)) {
    return wrongType(entry.value, entry.path, what, report)
  }
  const fits = wanted.above === true ? scalar.value > wanted.min : scalar.value >= wanted.min
  if (fits && Number.isFinite(scalar.value)) return scalar.value
  const bound = wanted.above === true ? `greater than ${wanted.min}` : `at least ${wanted.min}`
  const message = `\`${entry.key}\` must be ${what} and ${bound}, not ${short(scalar.text)}`
  report.add({ rule: 'out-of-range', span: entry.value.span, path: entry.path, message })
  return null
}

export function readBoolean(entry: AstEntry, report: Report): boolean | null {
  const scalar = scalarOf(entry.value)
  if (scalar !== null && typeof scalar.value === 'boolean') return scalar.value
  return wrongType(entry.value, entry.path, 'true or false', report)
}

/** Numbers are taken as the text that was written. */
export function readText(entry: AstEntry, report: Report): string | null {
  const scalar = scalarOf(entry.value)
  if (scalar === null || scalar.value === null || typeof scalar.value === 'boolean') {
    return wrongType(entry.value, entry.path, 'a text', report)
  }
  return typeof scalar.value === 'string' ? scalar.value : scalar.text
}

export function readChoice<Choice extends string>(
  entry: AstEntry,
  choices: readonly Choice[],
  report: Report,
): Choice | null {
  const scalar = scalarOf(entry.value)
  const found = choices.find(choice => choice === scalar?.value)
  if (found !== undefined) return found
  if (scalar === null) return wrongType(entry.value, entry.path, `one of ${choices.join(', ')}`, report)
  const message = `\`${entry.key}\` is one of ${choices.join(', ')}, not ${describe(entry.value)}`
  const hint = didYouMean(scalar.text, choices)
  report.add({ rule: 'not-a-choice', span: entry.value.span, path: entry.path, message, hint })
  return null
}

/** The entries of a plain map; null is no entries. */
export function readMap(entry: AstEntry, wanted: string, report: Report, hint = ''): readonly AstEntry[] {
  const target = deref(entry.value)
  if (target.kind === 'map') return target.entries
  if (!isNull(entry.value)) wrongType(entry.value, entry.path, wanted, report, hint)
  return []
}

export function isNull(node: AstNode): boolean {
  return scalarOf(node)?.value === null
}

export function scalarOf(node: AstNode): AstScalar | null {
  const target = deref(node)
  return target.kind === 'scalar' ? target : null
}

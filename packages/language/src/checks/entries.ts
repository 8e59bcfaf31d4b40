/**
 * The entries of `search` and `schedulers` against the catalogue: of the right kind, keywords checked like those of any
 * component. Called by `components.ts`. What an algorithm says of its space is asked by those who have it (`searchEntries`).
 */
import type { Catalogue, CatalogueEntry } from '../catalogue.ts'
import type { AstComponent, AstNode } from '../reader/ast.ts'
import type { ParsedEntry } from '../reader/parts.ts'
import type { Report } from '../reader/source.ts'
import { suggest } from '../reader/suggest.ts'
import { short } from '../reader/value.ts'
import { isKind, lookUp } from './tags.ts'

const KINDS = {
  search: { kind: 'SearchAlgorithm', words: 'search algorithm' },
  schedulers: { kind: 'Scheduler', words: 'scheduler' },
} as const

type Key = keyof typeof KINDS

export function checkEntry(
  entry: ParsedEntry,
  key: Key,
  { catalogue, report }: { readonly catalogue: Catalogue; readonly report: Report },
  visit: (node: AstNode) => void,
): void {
  const { component, path, value } = entry
  const known = lookUp(component.tag, catalogue)
  const span = value.kind === 'alias' ? value.span : component.tagSpan
  const { kind, words } = KINDS[key]
  if (known !== null && isKind(known.entry, kind)) {
    visit(component)
    return
  }
  const other = key === 'search' ? 'schedulers' : 'search'
  if (known === null) {
    const message = `there is no ${words} !${short(component.tag)}`
    report.add({ rule: 'unknown-tag', span, path, message, hint: nearest(component.tag, kind, catalogue) })
  } else if (isKind(known.entry, KINDS[other].kind)) {
    const message = `!${component.tag} is a ${KINDS[other].words}, not a ${words}`
    report.add({ rule: 'component-kind', span, path, message, hint: `it belongs into \`${other}\`` })
  } else {
    const message = `!${component.tag} is no ${words}`
    report.add({ rule: 'component-kind', span, path, message, hint: nearest('', kind, catalogue) })
  }
}

export function isForPipeline({ kinds }: CatalogueEntry): boolean {
  return !kinds.includes(KINDS.search.kind) && !kinds.includes(KINDS.schedulers.kind)
}

/** A search algorithm or a scheduler has no place in the pipeline. */
export function checkNoEntry(component: AstComponent, catalogue: Catalogue, report: Report): void {
  const entry = lookUp(component.tag, catalogue)?.entry
  for (const key of ['search', 'schedulers'] as const) {
    if (entry === undefined || !entry.kinds.includes(KINDS[key].kind)) continue
    const message = `!${component.tag} is a ${KINDS[key].words} and has no place in the pipeline`
    const hint = `it belongs into \`${key}\``
    report.add({ rule: 'component-kind', span: component.tagSpan, path: component.path, message, hint })
  }
}

function nearest(tag: string, kind: string, catalogue: Catalogue): string {
  const all = Object.values(catalogue.components).filter(entry => entry.kinds.includes(kind))
  const tags = all.map(entry => entry.tag)
  const near = tag === '' ? null : (shorter(tag, tags) ?? suggest(tag, tags))
  if (near !== null) return `did you mean !${near}?`
  const names = all.filter(entry => entry.alias_of === undefined).map(entry => `!${entry.tag}`)
  return names.length === 0 ? '' : `there are ${names.join(', ')}`
}

/** `!RandomSearch` is `!Random` here, `!TPESampler` is `!TPE`: others put what it is behind the name. */
function shorter(tag: string, tags: readonly string[]): string | null {
  const fitting = tags.filter(
    known => /^.{2,}(Search|Sampler|Optimizer|Scheduler|Pruner)$/.test(tag) && startsWith(tag, known),
  )
  return fitting.sort((a, b) => b.length - a.length)[0] ?? null
}

const startsWith = (tag: string, known: string): boolean => tag.toLowerCase().startsWith(known.toLowerCase())

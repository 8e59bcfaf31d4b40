/**
 * The first document of two: names of extensions and where they come from (rules EXT-1 to EXT-5). Called by `parse`. A location
 * is a text, or a map that says the same in parts: `{git: URL, ref: v1, path: sub/folder, sha256: ...}`.
 */
import type { PlannedExtension } from '../plan.ts'
import { type AstEntry, type AstTarget, deref } from './ast.ts'
import { badName } from './blocks.ts'
import { readFrom } from './extension-location.ts'
import { NAME } from './limits.ts'
import { unknownPart } from './parts.ts'
import type { Report, Span } from './source.ts'
import { describe, readText, scalarOf } from './value.ts'

export interface ParsedExtension {
  readonly name: string
  readonly keySpan: Span
  readonly span: Span
  readonly path: string
  readonly location: string
  /** Null: reported. */
  readonly from: PlannedExtension['from'] | null
  readonly sha256: string | null
}

export function readExtensions(document: AstTarget, report: Report): ParsedExtension[] {
  if (document.kind !== 'map') {
    const message = `the first document must be a map of extensions, not ${describe(document)}`
    report.add({ rule: 'extension-map', span: document.span, path: '', message, hint: '{} for no extensions' })
    return []
  }
  return document.entries.map(entry => readExtension(entry, report))
}

function readExtension(entry: AstEntry, report: Report): ParsedExtension {
  const { key, keySpan, path } = entry
  if (!NAME.test(key)) badName(key, keySpan, path, report)
  const value = deref(entry.value)
  const common = { name: key, keySpan, span: entry.value.span, path }
  const wrong = (message: string, hint: string): null => {
    report.add({ rule: 'extension-location', span: entry.value.span, path, message, hint })
    return null
  }
  if (value.kind === 'map') return { ...common, ...readParts(value.entries, entry, report) }
  const text = scalarOf(value)?.value
  if (typeof text !== 'string' || text === '') {
    if (value.kind !== 'bad') wrong(`an extension is a location, not ${describe(value)}`, FORMS)
    return { ...common, location: '', from: null, sha256: null }
  }
  const from = readFrom(text)
  return { ...common, location: text, from: 'wrong' in from ? wrong(from.wrong, from.hint) : from, sha256: null }
}

const FORMS = './folder, package@^1, or https://github.com/user/repo'
const KEYS = ['folder', 'npm', 'git', 'ref', 'path', 'sha256']

function readParts(
  entries: readonly AstEntry[],
  whole: AstEntry,
  report: Report,
): Pick<ParsedExtension, 'location' | 'from' | 'sha256'> {
  const texts = new Map<string, string>()
  for (const part of entries) {
    if (KEYS.includes(part.key)) texts.set(part.key, readText(part, report) ?? '')
    else unknownPart(part, whole.key, KEYS, report)
  }
  const wrong = (message: string, hint: string): null => {
    report.add({ rule: 'extension-location', span: whole.value.span, path: whole.path, message, hint })
    return null
  }
  const kinds = ['folder', 'npm', 'git'].filter(kind => texts.has(kind))
  const [kind] = kinds
  const location = texts.get(kind ?? '') ?? ''
  const sha256 = texts.get('sha256') ?? null
  if (sha256 !== null && !/^[0-9a-f]{64}$/.test(sha256)) wrong('sha256 is 64 hexadecimal digits', '')
  if (kind === undefined || kinds.length > 1) {
    wrong('an extension has one of `folder`, `npm` and `git`', '{git: URL, ref: v1, path: folder}')
    return { location, from: null, sha256 }
  }
  if (location === '') return { location, from: null, sha256 }
  const from = readFrom(location, { kind, ref: texts.get('ref') ?? null, path: texts.get('path') ?? null })
  return { location, from: 'wrong' in from ? wrong(from.wrong, from.hint) : from, sha256 }
}

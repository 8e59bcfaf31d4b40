/**
 * `parse`: the text of an experiment file to a ParsedExperiment, or Problems. Never throws on what a user wrote. The first
 * step of everything: `plan` takes what it returns.
 */
import type { Document, Node } from 'yaml'
import type { Problem } from '../problem.ts'
import { type AstComponent, type AstNode, type AstTarget, children, deref } from './ast.ts'
import { conversion } from './conversion.ts'
import { convert } from './convert.ts'
import { type ParsedExperiment, readExperiment } from './experiment.ts'
import { type ParsedExtension, readExtensions } from './extensions.ts'
import { LIMITS } from './limits.ts'
import { inOrder, Report, type Span, source } from './source.ts'
import { readStream, type Stream } from './stream.ts'
import { suggest } from './suggest.ts'
import { describe } from './value.ts'

export interface Parsed {
  /** Null when there is nothing that could be planned; then the Problems are all there is to say. */
  readonly experiment: ParsedExperiment | null
  readonly problems: readonly Problem[]
}

export function parse(text: string, options: { readonly file?: string } = {}): Parsed {
  // Of a file that is far too large nothing is read, not even its lines.
  const report = new Report(source(text.length > LIMITS.bytes ? '' : text, options.file ?? ''))
  const experiment = read(text, report)
  return { experiment, problems: inOrder(report.problems) }
}

function read(text: string, report: Report): ParsedExperiment | null {
  const stream = readStream(text, report)
  if (stream === null) return null
  const { documents } = stream
  const only = documents[0]
  if (only === undefined || (documents.length === 1 && only.contents === null)) {
    report.add({ rule: 'empty-file', span: NOWHERE, path: '', message: 'the file is empty', hint: EXAMPLE })
    return null
  }
  if (documents.length > 2) {
    const span = startOf(documents[2])
    report.add({
      rule: 'documents',
      span,
      path: '',
      message: 'a file has at most two documents',
    })
    return null
  }
  const main = documents[documents.length - 1] ?? only
  if (documents.length === 2 && (only.contents as Node | null)?.tag === '!Experiment') {
    const message = 'the experiment must be the last document'
    report.add({
      rule: 'documents',
      span: startOf(main),
      path: '',
      message,
      hint: 'take this `---` out, or put the extensions first',
    })
    return null
  }
  const extensions = documents.length === 2 ? convertExtensions(only, stream, report) : []
  const root = convertDocument(main, stream, report)
  // A key that is no key makes the rest another file than was meant.
  if (root === null || report.problems.some(({ rule }) => rule === 'yaml-syntax')) return null
  return readExperiment(root, extensions, report)
}

const NOWHERE: Span = { start: 0, end: 0 }
const EXAMPLE = '!Experiment {name: my-experiment, pipeline: {block: !Component {}}}'

function startOf(document: Document.Parsed | undefined): Span {
  const start = document?.contents?.range?.[0] ?? document?.range?.[0] ?? 0
  return { start, end: start + 1 }
}

/** Every document has anchors of its own: aliases do not cross (DOC-9). */
function convertContents(document: Document.Parsed, stream: Stream, report: Report): AstTarget {
  const context = conversion(report, stream.tags)
  const node = deref(convert(document.contents as Node | null, '', document.range?.[0] ?? 0, context))
  if (!context.full) return node
  return { kind: 'bad', id: node.id, span: node.span, path: '', shared: false }
}

function convertExtensions(document: Document.Parsed, stream: Stream, report: Report): ParsedExtension[] {
  const node = convertContents(document, stream, report)
  return node.kind === 'bad' || !withinBudget(node, report) ? [] : readExtensions(node, report)
}

function convertDocument(document: Document.Parsed, stream: Stream, report: Report): AstComponent | null {
  const node = convertContents(document, stream, report)
  if (node.kind === 'bad' || !withinBudget(node, report)) return null
  if (node.kind === 'component' && node.tag === 'Experiment') {
    if (node.instead === null) return node
    const message = `!Experiment takes keys, not ${node.instead === 'a list' ? 'a list' : 'a value'}`
    report.add({ rule: 'component-arguments', span: node.span, path: '', message, hint: EXAMPLE })
    return null
  }
  if (node.kind === 'component' && ['Builder', 'AWSCluster', 'SSHCluster'].includes(node.tag)) {
    report.notSupported('CONFIG', node.tagSpan, '', `a file that is a !${node.tag} is`)
    return null
  }
  if (node.kind === 'scalar' && node.value === null) {
    report.add({
      rule: 'empty-file',
      span: node.span,
      path: '',
      message: 'the document of the experiment is empty',
      hint: EXAMPLE,
    })
    return null
  }
  const inner = keyInsteadOfTag(node)
  if (inner !== null) {
    const message = '`Experiment:` is a key, and the experiment needs the tag !Experiment'
    const hint = 'write !Experiment alone in the line, and the keys below it without indentation'
    report.add({ rule: 'experiment-tag', span: firstKey(node), path: '', message, hint })
    return { ...inner, kind: 'component', tag: 'Experiment', tagSpan: firstKey(node), instead: null }
  }
  const message = `the file must be an !Experiment, not ${describe(node)}`
  const meant = node.kind === 'component' && suggest(node.tag, ['Experiment']) !== null
  const hint = meant ? 'did you mean !Experiment?' : node.kind === 'map' ? 'write !Experiment before the keys' : EXAMPLE
  const span = node.kind === 'component' ? node.tagSpan : firstKey(node)
  report.add({ rule: 'experiment-tag', span, path: '', message, hint })
  // A map without the tag, or with a misspelt one, is read all the same: its other mistakes are worth telling too.
  if (meant && node.instead === null) return node
  return node.kind === 'map'
    ? { ...node, kind: 'component', tag: 'Experiment', tagSpan: firstKey(node), instead: null }
    : null
}

/** `Experiment:` with the keys below it. */
function keyInsteadOfTag(node: AstTarget): Extract<AstTarget, { kind: 'map' }> | null {
  const only = node.kind === 'map' && node.entries.length === 1 ? node.entries[0] : undefined
  const value = only !== undefined && /^!?experiment$/i.test(only.key) ? deref(only.value) : null
  return value?.kind === 'map' ? value : null
}

function firstKey(node: AstTarget): Span {
  return node.kind === 'map' ? (node.entries[0]?.keySpan ?? node.span) : node.span
}

/** S7: with aliases written out, the tree must stay small and flat. Everything after this may walk it recursively. */
function withinBudget(root: AstTarget, report: Report): boolean {
  const measured = new Map<number, { size: number; depth: number }>()
  const measure = (node: AstNode): { size: number; depth: number } => {
    const target = deref(node)
    const known = measured.get(target.id)
    if (known !== undefined) return known
    let size = 1
    let depth = 0
    for (const child of children(target)) {
      const below = measure(child)
      size = Math.min(size + below.size, Number.MAX_SAFE_INTEGER)
      depth = Math.max(depth, below.depth)
    }
    const collection = target.kind !== 'scalar' && target.kind !== 'link' && target.kind !== 'cluster'
    const result = { size, depth: collection ? depth + 1 : depth }
    measured.set(target.id, result)
    return result
  }
  const { size, depth } = measure(root)
  if (size > LIMITS.expanded) {
    const message = `with aliases written out, the file holds more than ${LIMITS.expanded.toLocaleString('en')} values`
    report.add({ rule: 'alias-budget', span: root.span, path: '', message })
    return false
  }
  // A sum of chains of aliases; the text itself is no deeper than the limit.
  if (depth <= LIMITS.depth + 1) return true
  const message = `with aliases written out, lists and maps are nested deeper than ${LIMITS.depth}`
  report.add({ rule: 'too-deep', span: root.span, path: '', message })
  return false
}

/**
 * Text to YAML documents, within the limits of S7: size, number of lexemes and depth are looked at before anything
 * recursive touches the text, so that no file can hang the reader or overflow its stack. Called by `parse`.
 */
import { Composer, type CST, type Document, Lexer, Parser } from 'yaml'
import { LIMITS } from './limits.ts'
import type { Report, Span } from './source.ts'
import { conflictMarker, syntaxFinding, type Unclosed } from './syntax.ts'
import { type Complaint, withoutTrailOfTab } from './tabs.ts'

export interface Tag extends Span {
  readonly text: string
}

export interface Stream {
  readonly documents: readonly Document.Parsed[]
  /** All tags in the order of the text. */
  readonly tags: readonly Tag[]
}

/** At most so many syntax errors are told; the rest follow from the first. */
const MOST_SYNTAX_ERRORS = 20
/** After so many the rest of the text is not read. */
const MOST_COMPLAINTS = 200

/** Null when the text is no YAML (unless `lenient`) or too much; the Problems are in the report. */
export function readStream(text: string, report: Report, { lenient = false } = {}): Stream | null {
  if (utf8Length(text) > LIMITS.bytes) {
    report.add({
      rule: 'file-too-large',
      span: START,
      path: '',
      message: `the file is larger than ${LIMITS.bytes / 1024} KiB`,
    })
    return null
  }
  const tokens = readTokens(text, report)
  if (tokens === null) return null
  const tags: Tag[] = []
  const unclosed = { quotes: [], brackets: [] }
  if (!walkTokens(tokens, tags, unclosed, report)) return null
  const stream = compose(tokens, { tags, unclosed }, text, report)
  return stream.valid || lenient ? stream : null
}

const START: Span = { start: 0, end: 0 }

function readTokens(text: string, report: Report): CST.Token[] | null {
  const lexer = new Lexer()
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let count = 0
  let offset = 0
  let flow = 0
  for (const lexeme of lexer.lex(text)) {
    count += 1
    if (count > LIMITS.lexemes) {
      report.add({
        rule: 'too-many-nodes',
        span: at(offset),
        path: '',
        message: `the file holds more than ${LIMITS.lexemes.toLocaleString('en')} pieces of text`,
      })
      return null
    }
    if (lexeme === '[' || lexeme === '{') flow += 1
    else if (lexeme === ']' || lexeme === '}') flow = Math.max(0, flow - 1)
    if (flow > LIMITS.depth) return tooDeep(offset, report)
    offset += lexeme.length
    for (const token of parser.next(lexeme)) tokens.push(token)
    // The parser unwinds its stack recursively: of what is far too deep nothing more is read. The document is its first.
    if (parser.stack.length > 4 * LIMITS.depth) return tooDeep(parser.stack[LIMITS.depth + 1]?.offset ?? offset, report)
  }
  for (const token of parser.end()) tokens.push(token)
  return tokens
}

/** Depth, tags and what is never closed, without recursion: nothing recursive may run before the depth is known. */
function walkTokens(
  tokens: readonly CST.Token[],
  tags: Tag[],
  unclosed: { readonly quotes: Span[]; readonly brackets: Span[] },
  report: Report,
): boolean {
  const stack: { token: unknown; depth: number }[] = tokens.map(token => ({ token, depth: 0 }))
  while (stack.length > 0) {
    const top = stack.pop()
    if (top === undefined) break
    const token = top.token as CollectionLike | null | undefined
    if (token === null || token === undefined) continue
    if (token.type === 'tag')
      tags.push({ start: token.offset, end: token.offset + token.source.length, text: token.source })
    if (isUnclosedQuote(token)) unclosed.quotes.push(at(token.offset))
    if (token.type === 'flow-collection' && token.end?.length === 0) unclosed.brackets.push(at(token.offset))
    if (token.type === 'document') {
      stack.push({ token: token.value, depth: top.depth })
      for (const token_ of token.start) stack.push({ token: token_, depth: top.depth })
    }
    if (token.items === undefined) continue
    if (top.depth >= LIMITS.depth) {
      tooDeep(token.offset, report)
      return false
    }
    for (const item of token.items) {
      for (const property of item.start) stack.push({ token: property, depth: top.depth })
      for (const property of item.sep ?? []) stack.push({ token: property, depth: top.depth })
      stack.push({ token: item.key, depth: top.depth + 1 }, { token: item.value, depth: top.depth + 1 })
    }
  }
  tags.sort((a, b) => a.start - b.start)
  unclosed.quotes.sort((a, b) => a.start - b.start)
  // The innermost first: that is the one to close.
  unclosed.brackets.sort((a, b) => b.start - a.start)
  return true
}

function isUnclosedQuote({ type, source }: CollectionLike): boolean {
  const quote = type === 'double-quoted-scalar' ? '"' : type === 'single-quoted-scalar' ? "'" : null
  return quote !== null && (source.length === 1 || !source.endsWith(quote))
}

/** What the walk reads of any token. */
interface CollectionLike {
  readonly type: string
  readonly offset: number
  readonly source: string
  readonly value?: unknown
  readonly start: readonly unknown[]
  readonly end?: readonly unknown[]
  readonly items?: readonly { start: readonly unknown[]; sep?: readonly unknown[]; key?: unknown; value?: unknown }[]
}

function compose(
  tokens: CST.Token[],
  { tags, unclosed }: { readonly tags: readonly Tag[]; readonly unclosed: Unclosed },
  text: string,
  report: Report,
): Stream & { readonly valid: boolean } {
  const complaints = new Complaints()
  const composer = new Composer({ schema: 'core', version: '1.2', uniqueKeys: false, logLevel: 'silent' })
  // The composer's own list is not used: it makes an Error object of each of a hundred thousand complaints.
  const complaining = composer as unknown as { onError: OnError }
  complaining.onError = (source, code, message, warning) => {
    if (warning !== true && code !== 'MULTIPLE_DOCS') complaints.add(spanOf(source), message)
  }
  const documents: Document.Parsed[] = []
  try {
    for (const token of tokens) {
      if (token.type === 'error') complaints.add(spanOf(token), token.message)
    }
    const good = tokens.filter(token => token.type !== 'error')
    for (const document of composer.compose(good, true, text.length)) {
      documents.push(document as Document.Parsed)
      for (const { pos, message } of document.errors) complaints.add({ start: pos[0], end: pos[1] }, message)
      if (!isVersion12(document as Document.Parsed, text, report)) complaints.count += 1
      // Two are allowed; the third says enough.
      if (documents.length > 2) break
    }
  } catch (error) {
    if (!(error instanceof Enough)) throw error
  }
  complaints.tell(text, unclosed, report)
  return { documents, tags, valid: complaints.count === 0 }
}

/** Thrown through the composer to end it; nobody outside sees it. */
class Enough extends Error {}

/** What is wrong with the YAML, told in the order of the text. */
class Complaints {
  readonly all: Complaint[] = []
  count = 0

  add(span: Span, message: string): void {
    // The composer catches what is thrown and complains of it once more, a level higher: that is thrown on.
    if (this.count >= MOST_COMPLAINTS) throw new Enough()
    this.count += 1
    this.all.push({ span, message })
  }

  tell(text: string, unclosed: Unclosed, report: Report): void {
    const marker = this.count === 0 ? null : conflictMarker(text)
    if (marker !== null) {
      report.add(marker)
      return
    }
    const sorted = withoutTrailOfTab(
      text,
      [...this.all].sort((a, b) => a.span.start - b.span.start),
    )
    for (const [i, { span, message }] of sorted.entries()) {
      // What the parser stumbles over after a mistake is mostly that mistake again.
      if (i >= MOST_SYNTAX_ERRORS || (i > 0 && FOLLOWING.test(message))) continue
      report.add(syntaxFinding(text, span, message, unclosed))
    }
  }
}

function isVersion12(document: Document.Parsed, text: string, report: Report): boolean {
  const version = document.directives?.yaml
  if (!version?.explicit || version.version === '1.2') return true
  const span = at(Math.max(0, text.indexOf('%YAML')))
  report.add({ rule: 'yaml-version', span, path: '', message: 'only YAML 1.2 is read' })
  return false
}

/** The composer's own callback, which it hands to everything that it calls. */
type OnError = (source: Where, code: string, message: string, warning?: boolean) => void

type Where = number | readonly [number, number] | { readonly offset: number; readonly source?: string }

function spanOf(source: Where): Span {
  if (typeof source === 'number') return at(source)
  if ('offset' in source) return { start: source.offset, end: source.offset + Math.max(1, source.source?.length ?? 1) }
  return { start: source[0], end: source[1] }
}

const FOLLOWING = /^(Unexpected|Not a YAML token|Flow \w+ in block collection must)/

function tooDeep(offset: number, report: Report): null {
  report.add({
    rule: 'too-deep',
    span: at(offset),
    path: '',
    message: `lists and maps are nested deeper than ${LIMITS.depth}`,
  })
  return null
}

function at(offset: number): Span {
  return { start: offset, end: offset + 1 }
}

function utf8Length(text: string): number {
  if (text.length > LIMITS.bytes) return text.length
  let bytes = 0
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    // A surrogate pair is four bytes: two for each half.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3
  }
  return bytes
}

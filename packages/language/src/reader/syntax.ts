/**
 * What the YAML composer complains of, in the words of a person who wrote the file: what is wrong, where it begins, what to write
 * instead. Called by `stream` for every complaint; pure text, every pattern bounded to the line at hand (S7).
 */
import type { Finding, Span } from './source.ts'

/** Openers that nothing closes, found in the token tree. */
export interface Unclosed {
  readonly quotes: readonly Span[]
  readonly brackets: readonly Span[]
}

export function syntaxFinding(text: string, span: Span, message: string, unclosed: Unclosed): Finding {
  const line = lineAt(text, span.start)
  for (const understand of READERS) {
    const found = understand({ text, span, message, line, unclosed })
    if (found !== null) return { rule: 'yaml-syntax', span, path: '', message: sentence(message), ...found }
  }
  return { rule: 'yaml-syntax', span, path: '', message: sentence(message) }
}

/** The first marker of a merge that was never finished: all other complaints follow from it. */
export function conflictMarker(text: string): Finding | null {
  const marker = /^(<{7}|\|{7}|>{7}|={7})(?: [^\n]*)?$/m.exec(text)
  if (marker === null) return null
  const span = { start: marker.index, end: marker.index + marker[0].trimEnd().length }
  return {
    rule: 'yaml-syntax',
    span,
    path: '',
    message: 'a merge conflict was left in the file',
    hint: 'keep one of the two versions and take the lines with <<<<<<<, ======= and >>>>>>> out',
  }
}

interface Complaint {
  readonly text: string
  readonly span: Span
  readonly message: string
  readonly line: Line
  readonly unclosed: Unclosed
}

type Understood = Partial<Finding> | null

const READERS: readonly ((complaint: Complaint) => Understood)[] = [
  linkInFlow,
  oddBlank,
  blankAfterTag,
  blankAfterColon,
  ({ message }) => (message.startsWith('Tabs') ? { hint: 'indent with blanks' } : null),
  unclosedQuote,
  unclosedBracket,
  reserved,
  indentation,
  ({ message }) =>
    message.startsWith('Nested mappings are not allowed in compact')
      ? { hint: 'a text with `: ` in it is quoted; a map starts on a line of its own' }
      : null,
  ({ message }) =>
    message.startsWith('Invalid escape') ? { hint: "single quotes take \\ as it is: 'C:\\data'" } : null,
  ({ message }) => {
    const sign = CLOSERS[/^Unexpected (flow-\w+-end) token/.exec(message)?.[1] ?? '']
    return sign === undefined ? null : { message: `this \`${sign}\` closes nothing` }
  },
]

const CLOSERS: { readonly [token: string]: string } = { 'flow-map-end': '}', 'flow-seq-end': ']' }

/** YAML ends a plain text at a bracket inside of `{ }` and `[ ]`: the one mistake that links invite. */
function linkInFlow({ text, span, line }: Complaint): Understood {
  const offset = span.start
  const link = /(!(?:@|link|Link|call) +)([A-Za-z0-9_-]+)$/.exec(text.slice(line.start, offset))
  if (link === null || text[offset] !== '[') return null
  const rest = /^(\[[^[\]\n]*\])*[^\s,{}[\]]*/.exec(text.slice(offset, line.end))?.[0] ?? ''
  const message = 'a link with brackets must be quoted inside of { } and [ ]'
  const place = { start: offset - (link[2]?.length ?? 0), end: offset + rest.length }
  return { rule: 'link-syntax', span: place, message, hint: `${link[1]}"${link[2]}${rest}"` }
}

const BLANKS: { readonly [letter: string]: string } = {
  '\u00a0': 'a no-break space (U+00A0)',
  '\u2007': 'a figure space (U+2007)',
  '\u202f': 'a narrow no-break space (U+202F)',
  '\u3000': 'an ideographic space (U+3000)',
  '\u200b': 'a zero-width space (U+200B)',
  '\ufeff': 'a byte order mark (U+FEFF)',
}

/** Looks like a blank and is none: it comes with text that was copied from a page. */
export function oddBlankIn(text: string, span: Span): Pick<Finding, 'span' | 'message' | 'hint'> | null {
  const near = text.slice(span.start, span.end)
  const at = near.search(/[\u00a0\u2007\u202f\u3000\u200b\ufeff]/)
  if (at === -1) return null
  const start = span.start + at
  const message = `${BLANKS[near[at] ?? '']} stands here, which YAML does not take for a blank`
  return { span: { start, end: start + 1 }, message, hint: 'write a plain blank' }
}

/** The composer may notice a line later. */
function oddBlank({ text, span, line }: Complaint): Understood {
  const before = lineAt(text, Math.max(0, line.start - 1))
  return oddBlankIn(text, { start: before.start, end: Math.max(line.end, span.start) })
}

const OWN_TAG =
  /!(?:@|g|s|call|link|Link|choice|u?q?(?:log)?uniform|randint|lograndint|q?normal|cluster)$|![A-Za-z][\w.-]{0,99}$/

function blankAfterTag({ text, span, message, line }: Complaint): Understood {
  if (!message.startsWith('Tags and anchors must be separated')) return null
  const tag = OWN_TAG.exec(text.slice(Math.max(line.start, span.start - 120), span.start))?.[0]
  const next = text[span.start] ?? ''
  if (tag === undefined || !'[{"\'('.includes(next)) return { hint: 'write a blank behind the tag' }
  const place = { start: span.start - tag.length, end: span.start }
  return {
    span: place,
    message: `a blank is missing behind ${tag}`,
    hint: `${tag} ${text.slice(span.start, line.end).match(/^.[^\]}\n]{0,40}[\]}"')]?/)?.[0] ?? next}`,
  }
}

function blankAfterColon({ text, message, line, span }: Complaint): Understood {
  if (!/^Implicit (keys need to be on a single|map keys need)/.test(message)) return null
  const written = /^( *(?:- +)*)([\w-]{1,64}):([^\s:/][^\n]{0,200})/.exec(text.slice(line.start, line.end))
  if (written === null) return { hint: 'is a colon missing? a key is written `key: value`' }
  const [, lead = '', key = '', value = ''] = written
  const start = line.start + lead.length
  if (span.start > start + key.length) return null
  const hint = `${key}: ${value.trim().slice(0, 60)}`
  return { span: { start, end: start + key.length + 1 }, message: 'a blank is missing after the colon', hint }
}

function unclosedQuote({ text, message, unclosed }: Complaint): Understood {
  const quote = /^Missing closing ["'](?:single|double)?-?quote/i.test(message) ? unclosed.quotes[0] : undefined
  if (quote === undefined) return null
  const sign = text[quote.start] ?? '"'
  const hint = sign === "'" ? "close it with '; an apostrophe inside is written twice ('')" : 'close it with "'
  return { span: quote, message: `the quote ${sign} that opens here is never closed`, hint }
}

function unclosedBracket({ text, message, unclosed }: Complaint): Understood {
  const wanted = /^(?:Flow (?:map|sequence) in block collection|Expected flow (?:map|sequence)).* ([\]}])$/.exec(
    message,
  )
  if (wanted === null) return null
  const opener = wanted[1] === '}' ? '{' : '['
  const at = unclosed.brackets.find(({ start }) => text[start] === opener)
  if (at === undefined) return null
  const row = text.slice(0, at.start).split('\n').length
  const column = at.start - lineAt(text, at.start).start + 1
  const hint = `write \`${wanted[1]}\` before this`
  return { message: `the \`${opener}\` of line ${row}, column ${column} is not closed before this`, hint }
}

function reserved({ text, span, message, line }: Complaint): Understood {
  const sign = /^Plain value cannot start with .*(\S)$/.exec(message)?.[1]
  if (sign === undefined) return null
  const word = /^@ ?([\w.-]{1,64})/.exec(text.slice(span.start, line.end))?.[1]
  if (sign === '@' && word !== undefined) return { hint: `a link is written !@ ${word}, a text is quoted: "@${word}"` }
  return { hint: `a text that starts with ${sign} is quoted` }
}

/** Told where the composer gave up, which is the start of the line: the first letter is what stands wrong. */
function indentation({ text, span, message, line }: Complaint): Understood {
  if (!/^All (mapping|sequence) items must start at the same column/.test(message)) return null
  const lead = /^ */.exec(text.slice(line.start, line.end))?.[0].length ?? 0
  const start = Math.max(span.start, line.start + lead)
  return { span: { start, end: start + 1 }, hint: 'indent it as much as the lines that it belongs to' }
}

interface Line {
  readonly start: number
  /** Without the line break. */
  readonly end: number
}

function lineAt(text: string, offset: number): Line {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
  const end = text.indexOf('\n', offset)
  return { start, end: end === -1 ? text.length : end }
}

function sentence(message: string): string {
  const first = message.split('\n')[0] ?? ''
  return first.charAt(0).toLowerCase() + first.slice(1)
}

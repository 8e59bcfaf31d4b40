/**
 * What is being written at the cursor, judged by its line: a tag, a link, an alias, a key or a value; and the text with a mark in place of
 * the unfinished word, so that the rest can be understood. Called by `complete`.
 */

/** Stands for the unfinished word. */
export const MARK = 'zzcursorzz'

export interface Cursor {
  readonly kind: 'tag' | 'link' | 'anchor' | 'word'
  /** What completion replaces. */
  readonly from: number
  readonly to: number
  /** Of a link: all that stands there up to the cursor. */
  readonly typed: string
  readonly call: boolean
  readonly marked: string
}

const MOST_BEFORE = 1_000

/** Null inside of a comment, and where a word has no meaning. */
export function cursorAt(text: string, offset: number): Cursor | null {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  // Of a very long line, what is near says enough.
  const before = text.slice(Math.max(start, offset - MOST_BEFORE), offset)
  if (/(^|\s)#/.test(before.replace(/"[^"]*"|'[^']*'/g, ''))) return null
  const link = /!(@|link|Link|call) +["']?([\w\-.[\]]*)$/.exec(before)
  if (link !== null) return ofLink(text, offset, link[2] ?? '', link[1] === 'call')
  const tag = /(?:^|[\s,[{:])!([\w.-]*)$/.exec(before)
  if (tag !== null) return ofWord(text, offset, 'tag', tag[1] ?? '', '')
  const anchor = /(?:^|[\s,[{:])\*([\w-]*)$/.exec(before)
  if (anchor !== null) return ofWord(text, offset, 'anchor', anchor[1] ?? '', '')
  const word = /(?:^|[\s,[{"'])([\w.-]*)$/.exec(before)
  if (word === null) return null
  const typed = word[1] ?? ''
  const lead = before.slice(0, before.length - typed.length)
  const rest = text.slice(offset)
  // In block style a key needs its colon to be one; in flow style it is one without.
  const alone = /^\s*(?:- +)*$/.test(lead)
  const colon = alone && !/^[\w.-]*["']?\s*:/.test(rest) ? ':' : ''
  return ofWord(text, offset, 'word', typed, colon)
}

function ofWord(text: string, offset: number, kind: Cursor['kind'], typed: string, colon: string): Cursor {
  const from = offset - typed.length
  const to = offset + (/^[\w.-]*/.exec(text.slice(offset))?.[0].length ?? 0)
  const marked = `${text.slice(0, from)}${MARK}${colon}${text.slice(to)}`
  return { kind, from, to, typed, call: false, marked }
}

/** Only the part behind the last dot or bracket is replaced; for the tree the link is a mark as a whole. */
function ofLink(text: string, offset: number, typed: string, call: boolean): Cursor {
  const last = /[\w-]*$/.exec(typed)?.[0] ?? ''
  const tail = /^[\w\-.[\]]*/.exec(text.slice(offset))?.[0] ?? ''
  const to = offset + (/^[\w-]*/.exec(tail)?.[0].length ?? 0)
  const marked = `${text.slice(0, offset - typed.length)}${MARK}${text.slice(offset + tail.length)}`
  return { kind: 'link', from: offset - last.length, to, typed, call, marked }
}

/**
 * A Problem as lines for a terminal: what is wrong, where, the line with a caret, the hint. No colours: the caller
 * paints. Control characters of a user's text never reach the terminal.
 */
import type { Problem } from './problem.ts'

/** Columns of the source line that are shown; longer lines are cut around the caret. */
const WIDTH = 110

/**
 *     error: `a` links to `b`, which stands later in the pipeline [LINK_ORDER link-forward]
 *       --> x.yaml:4:13  pipeline.a.x
 *     4 |   a: !Model {input: !@ b}
 *       |                     ^^^^
 *       = move `b` before `a`
 */
export function formatProblem(problem: Problem, text: string): string[] {
  const margin = String(problem.line).length
  const blank = ' '.repeat(margin)
  const file = problem.file === '' ? '' : `${problem.file}:`
  const path = problem.path === '' ? '' : `  ${problem.path}`
  const lines = [
    `${problem.severity}: ${problem.message} [${problem.code} ${problem.rule}]`,
    `${blank} --> ${file}${problem.line}:${problem.column}${path}`,
  ]
  const source = text.split('\n')[problem.line - 1]?.replace(/\r$/, '')
  if (source !== undefined && source.trim() !== '') {
    const { shown, lead, marked } = excerpt(source, problem)
    lines.push(`${problem.line} | ${shown}`, `${blank} | ${blanks(lead)}${'^'.repeat(Math.max(1, width(marked)))}`)
  }
  if (problem.hint !== '') lines.push(`${blank} = ${problem.hint}`)
  return lines.map(harmless)
}

function excerpt(source: string, problem: Problem): { shown: string; lead: string; marked: string } {
  const start = Math.min(problem.column - 1, source.length)
  const end = problem.endLine > problem.line ? source.trimEnd().length : problem.endColumn - 1
  const from = source.length <= WIDTH ? 0 : Math.max(0, Math.min(start - WIDTH / 2, source.length - WIDTH))
  const to = source.length <= WIDTH ? source.length : from + WIDTH
  const before = from > 0 ? '…' : ''
  return {
    shown: `${before}${source.slice(from, to)}${to < source.length ? '…' : ''}`,
    lead: before + source.slice(from, start),
    marked: source.slice(start, Math.min(Math.max(end, start), to)),
  }
}

/** As wide as the text is, tabs kept. */
function blanks(text: string): string {
  return [...text].map(letter => (letter === '\t' ? '\t' : ' '.repeat(width(letter)))).join('')
}

/** Columns in a terminal: East Asian and emoji letters take two, combining ones none. */
function width(text: string): number {
  let columns = 0
  for (const letter of text) {
    const code = letter.codePointAt(0) ?? 0
    if (/\p{Mn}|\u200d|[\ufe00-\ufe0f]/u.test(letter)) continue
    columns += code >= 0x1100 && (/\p{Extended_Pictographic}/u.test(letter) || isWide(code)) ? 2 : 1
  }
  return columns
}

function isWide(code: number): boolean {
  return (
    (code <= 0x115f && code >= 0x1100) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1f64f) ||
    (code >= 0x20000 && code <= 0x3fffd)
  )
}

function harmless(line: string): string {
  return line.replace(/[^\t\P{Cc}]/gu, '\ufffd')
}

/**
 * Terminal output as spans of text with a look. Knows colours (16, 256, true colour), bold, dim, italic, underline, inverse; every
 * other escape sequence is dropped. The result is text for React to draw: nothing here ever becomes HTML (S6).
 */

import { afterReturn, ESCAPE, UNPRINTABLE } from '../format/plain.ts'

export interface AnsiStyle {
  readonly fg: string | null
  readonly bg: string | null
  readonly bold: boolean
  readonly dim: boolean
  readonly italic: boolean
  readonly underline: boolean
  readonly inverse: boolean
}

export interface AnsiSpan {
  readonly text: string
  readonly style: AnsiStyle
}

export const PLAIN: AnsiStyle = {
  fg: null,
  bg: null,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  inverse: false,
}

/** One line (without its line end) in the style that the lines before left behind; and the style that it leaves. */
export function ansiLine(
  line: string,
  style: AnsiStyle,
): { readonly spans: readonly AnsiSpan[]; readonly style: AnsiStyle } {
  const text = afterReturn(line)
  if (!text.includes('\u001b')) return { spans: plain(text, style), style }
  const spans: AnsiSpan[] = []
  let now = style
  let at = 0
  for (const match of text.matchAll(ESCAPE)) {
    spans.push(...plain(text.slice(at, match.index), now))
    at = match.index + match[0].length
    if (match[2] === 'm') now = select(now, match[1] ?? '')
  }
  spans.push(...plain(text.slice(at), now))
  return { spans, style: now }
}

/** The style that a line leaves; cheap for the many lines without escapes. */
export function styleAfter(line: string, style: AnsiStyle): AnsiStyle {
  return line.includes('\u001b') ? ansiLine(line, style).style : style
}

function plain(text: string, style: AnsiStyle): AnsiSpan[] {
  const clean = text.replace(UNPRINTABLE, '')
  return clean === '' ? [] : [{ text: clean, style }]
}

function select(style: AnsiStyle, codes: string): AnsiStyle {
  const list = (codes === '' ? '0' : codes).split(/[;:]/).map(Number)
  let now = style
  for (let i = 0; i < list.length; i += 1) {
    const code = list[i] ?? 0
    if (code === 38 || code === 48) {
      const [color, used] = extended(list.slice(i + 1))
      i += used
      if (color !== null) now = code === 38 ? { ...now, fg: color } : { ...now, bg: color }
    } else now = simple(now, code)
  }
  return now
}

function simple(style: AnsiStyle, code: number): AnsiStyle {
  if (code === 0) return PLAIN
  if (code === 1) return { ...style, bold: true }
  if (code === 2) return { ...style, dim: true }
  if (code === 3) return { ...style, italic: true }
  if (code === 4) return { ...style, underline: true }
  if (code === 7) return { ...style, inverse: true }
  if (code === 22) return { ...style, bold: false, dim: false }
  if (code === 23) return { ...style, italic: false }
  if (code === 24) return { ...style, underline: false }
  if (code === 27) return { ...style, inverse: false }
  if (code === 39) return { ...style, fg: null }
  if (code === 49) return { ...style, bg: null }
  if (code >= 30 && code <= 37) return { ...style, fg: named(code - 30) }
  if (code >= 90 && code <= 97) return { ...style, fg: named(code - 90) }
  if (code >= 40 && code <= 47) return { ...style, bg: named(code - 40) }
  if (code >= 100 && code <= 107) return { ...style, bg: named(code - 100) }
  return style
}

function named(index: number): string {
  return `var(--ansi-${index})`
}

/** `5;n` or `2;r;g;b`: the colour and how many codes it took. */
function extended(rest: readonly number[]): [string | null, number] {
  if (rest[0] === 5) return [indexed(rest[1] ?? 0), 2]
  if (rest[0] === 2) {
    const [r = 0, g = 0, b = 0] = rest.slice(1, 4).map(byte)
    return [`rgb(${r}, ${g}, ${b})`, 4]
  }
  return [null, 0]
}

function indexed(index: number): string {
  if (index < 16) return named(index % 8)
  if (index >= 232) {
    const grey = byte(8 + (index - 232) * 10)
    return `rgb(${grey}, ${grey}, ${grey})`
  }
  const cube = index - 16
  const level = (n: number) => (n === 0 ? 0 : 55 + n * 40)
  return `rgb(${level(Math.floor(cube / 36))}, ${level(Math.floor(cube / 6) % 6)}, ${level(cube % 6)})`
}

function byte(value: number): number {
  return Number.isFinite(value) ? Math.min(255, Math.max(0, Math.round(value))) : 0
}

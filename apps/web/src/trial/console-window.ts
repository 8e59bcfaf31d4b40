/**
 * The part of an output stream that the page holds: lines, and which bytes of the stream they are. Pure. Windows of the hub and
 * live pieces are joined by offset; what does not join is answered with a gap, to be read from the hub.
 */
import type { OutputView } from '../api/views.ts'

export interface ConsoleWindow {
  /** Bytes of the stream: from inclusive, to exclusive. */
  readonly from: number
  readonly to: number
  /** Bytes that there are in all. */
  readonly size: number
  /** Bytes that a quota dropped. */
  readonly dropped: number
  /** Split at line ends; the last one is open (empty when the text ends with a line end). */
  readonly lines: readonly string[]
}

/** Lines kept at most; the far end is let go, and read again when one scrolls there. */
export const MAX_LINES = 20_000

/** A window that starts in the middle of a line begins with its first whole line. */
export function openWindow(view: OutputView): ConsoleWindow {
  const cut = view.from === 0 ? 0 : view.text.indexOf('\n') + 1
  const text = view.text.slice(cut)
  return {
    from: view.from + (cut === 0 ? 0 : byteLength(view.text.slice(0, cut))),
    to: view.to,
    size: Math.max(view.size, view.to),
    dropped: view.dropped,
    lines: text.split('\n'),
  }
}

/** Earlier text in front; it must end where the window begins. */
export function prepend(window: ConsoleWindow, view: OutputView): ConsoleWindow {
  if (view.to !== window.from) return window
  const earlier = openWindow(view)
  // The earlier text ends with a line end, so its open line is empty.
  const lines = [
    ...earlier.lines.slice(0, -1),
    ...(earlier.lines.at(-1) === '' ? [] : [earlier.lines.at(-1) ?? '']),
    ...window.lines,
  ]
  const over = lines.length - MAX_LINES
  if (over <= 0) return { ...window, from: earlier.from, lines }
  const kept = lines.slice(0, MAX_LINES)
  const gone = byteLength(lines.slice(MAX_LINES).join('\n'))
  return { ...window, from: earlier.from, to: window.to - gone, lines: [...kept, ''] }
}

export type Joined = { readonly kind: 'joined'; readonly window: ConsoleWindow } | { readonly kind: 'gap' }

/** A later piece behind; pieces that are there already change nothing, pieces that leave a hole are a gap. */
export function append(window: ConsoleWindow, piece: { readonly from: number; readonly text: string }): Joined {
  const to = piece.from + byteLength(piece.text)
  if (to <= window.to) return { kind: 'joined', window: { ...window, size: Math.max(window.size, to) } }
  if (piece.from !== window.to) return { kind: 'gap' }
  const [first = '', ...rest] = piece.text.split('\n')
  const lines = [...window.lines.slice(0, -1), (window.lines.at(-1) ?? '') + first, ...rest]
  const grown = { ...window, to, size: Math.max(window.size, to), lines }
  return { kind: 'joined', window: trimFront(grown) }
}

/** Lines to draw: the open last line only when something stands in it. */
export function lineCount(window: ConsoleWindow): number {
  return window.lines.at(-1) === '' ? window.lines.length - 1 : window.lines.length
}

export function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

function trimFront(window: ConsoleWindow): ConsoleWindow {
  const over = window.lines.length - MAX_LINES
  // In steps, so that not every line that comes copies all of them.
  if (over < 2000) return window
  const gone = byteLength(window.lines.slice(0, over).join('\n')) + 1
  return { ...window, from: window.from + gone, lines: window.lines.slice(over) }
}

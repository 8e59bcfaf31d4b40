import { describe, expect, it } from 'vitest'
import type { OutputView } from '../api/views.ts'
import { append, byteLength, lineCount, MAX_LINES, openWindow, prepend } from './console-window.ts'

const view = (from: number, text: string, size?: number): OutputView => ({
  attempt: 'a',
  stream: 'stdout',
  from,
  to: from + byteLength(text),
  size: size ?? from + byteLength(text),
  text,
  dropped: 0,
})

describe('a window of output', () => {
  it('begins with a whole line', () => {
    const window = openWindow(view(10, 'rest of ä line\nnext\n'))
    expect(window.lines).toEqual(['next', ''])
    expect(window.from).toBe(10 + byteLength('rest of ä line\n'))
    expect(openWindow(view(0, 'first\n')).lines).toEqual(['first', ''])
  })

  it('keeps a window that is one long line', () => {
    expect(openWindow(view(5, 'abc')).lines).toEqual(['abc'])
  })

  it('joins live pieces by byte offset, also within a line and beyond ASCII', () => {
    const start = openWindow(view(0, 'épo'))
    const joined = append(start, { from: 4, text: 'que 1\nepoch 2' })
    expect(joined).toMatchObject({ kind: 'joined', window: { lines: ['époque 1', 'epoch 2'], to: 17 } })
  })

  it('takes a piece only once and tells of a hole', () => {
    const start = openWindow(view(0, 'one\n'))
    expect(append(start, { from: 0, text: 'one\n' })).toMatchObject({ kind: 'joined', window: { lines: ['one', ''] } })
    expect(append(start, { from: 9, text: 'three\n' })).toEqual({ kind: 'gap' })
  })

  it('puts earlier text in front', () => {
    const later = openWindow(view(8, 'x\nthree\n'))
    expect(later.from).toBe(10)
    const all = prepend(later, view(0, 'one\ntwo\nx\n'))
    expect(all.lines).toEqual(['one', 'two', 'x', 'three', ''])
    expect(all.from).toBe(0)
    expect(lineCount(all)).toBe(4)
  })

  it('refuses earlier text that does not reach the window', () => {
    const later = openWindow(view(0, 'x\n'))
    expect(prepend(later, view(100, 'y\n'))).toBe(later)
  })

  it('lets the far end go, and its bytes with it', () => {
    const many = 'line\n'.repeat(MAX_LINES + 3000)
    const joined = append(openWindow(view(0, '')), { from: 0, text: many })
    if (joined.kind !== 'joined') throw new Error('expected to join')
    expect(joined.window.lines).toHaveLength(MAX_LINES)
    expect(joined.window.to - joined.window.from).toBe(byteLength(joined.window.lines.join('\n')))
  })
})

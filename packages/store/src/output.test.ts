import { describe, expect, it } from 'vitest'
import { opened, text } from './testing/sample.ts'

const A = 'ex.train.1.1'

async function withOutput(...chunks: readonly (string | Buffer)[]) {
  const store = await opened()
  let offset = 0
  for (const chunk of chunks) {
    const data = Buffer.from(chunk as string)
    await store.append([text(A, offset, data)])
    offset += data.length
  }
  return (query: { from?: number; line?: number; tail?: boolean; bytes: number }) =>
    store.output({ attempt: A, stream: 'stdout', ...query })
}

describe('output', () => {
  it('reads a window over chunks and ends it at a line end', async () => {
    const read = await withOutput('one\ntw', 'o\nthr', 'ee\nfour')
    expect(await read({ bytes: 10 })).toMatchObject({ from: 0, to: 8, text: 'one\ntwo\n', line: 0, size: 18, lines: 3 })
    expect(await read({ from: 8, bytes: 10 })).toMatchObject({ from: 8, to: 18, text: 'three\nfour', line: 2 })
    expect(await read({ from: 18, bytes: 10 })).toMatchObject({ from: 18, to: 18, text: '' })
    expect(await read({ from: 99, bytes: 10 })).toMatchObject({ from: 18, to: 18, text: '' })
  })

  it('begins the tail at a line', async () => {
    const read = await withOutput('one\ntwo\nthree\nfour')
    expect(await read({ tail: true, bytes: 12 })).toMatchObject({ from: 8, to: 18, text: 'three\nfour', line: 2 })
    expect(await read({ tail: true, bytes: 18 })).toMatchObject({ from: 0, line: 0 })
  })

  it('finds a line by its number, in chunks without one too', async () => {
    const read = await withOutput('zero\n', 'on', 'e', '\ntwo\nthree\n', 'four')
    for (const [line, first] of ['zero', 'one', 'two', 'three', 'four'].entries())
      expect(await read({ line, bytes: 100 })).toMatchObject({ line, text: expect.stringMatching(`^${first}`) })
    expect(await read({ line: 9, bytes: 100 })).toMatchObject({ from: 23, text: '' })
  })

  it('cuts a line that is longer than the window, but no character', async () => {
    const read = await withOutput('äöü€😀'.repeat(3), '\n')
    let from = 0
    let all = ''
    for (;;) {
      const window = await read({ from, bytes: 7 })
      if (window.to === from) break
      expect(window.to - window.from).toBeLessThanOrEqual(7)
      expect(window.text).not.toContain('\uFFFD')
      all += window.text
      from = window.to
    }
    expect(all).toBe(`${'äöü€😀'.repeat(3)}\n`)
  })

  it('shows what is not UTF-8 as replacement characters instead of stopping', async () => {
    const read = await withOutput(Buffer.from([0xff, 0xfe, 0x80, 0x80, 0x80, 0x80, 0x80, 0x0a]))
    expect((await read({ bytes: 3 })).to).toBeGreaterThan(0)
    expect(await read({ bytes: 100 })).toMatchObject({ to: 8 })
  })

  it('is empty for an attempt without output, and refuses a window that is too large', async () => {
    const store = await opened()
    expect(await store.output({ attempt: A, stream: 'stderr', bytes: 1 })).toMatchObject({ size: 0, text: '' })
    await expect(store.output({ attempt: A, stream: 'stderr', bytes: 262_145 })).rejects.toMatchObject({
      code: 'INVALID',
    })
  })
})

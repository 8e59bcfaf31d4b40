/** Framing of records: what a torn or damaged file may and may not give back (G4). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32c, frame, record, unframe } from './index.ts'

const text = (s: string) => new TextEncoder().encode(s)
const join = (parts: readonly Uint8Array[]) => Uint8Array.from(parts.flatMap(p => [...p]))

describe('records', () => {
  it('uses CRC-32C: the check value of RFC 3720', () => {
    expect(crc32c(text('123456789'))).toBe(0xe3069283)
  })

  it('gives back the payloads that were framed', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 })), payloads => {
        const read = unframe(join(payloads.map(frame)))
        expect(read.stop).toBe('end')
        expect(read.payloads.map(p => [...p])).toEqual(payloads.map(p => [...p]))
      }),
    )
  })

  it('stops before a torn frame, wherever it is cut (G4)', () => {
    const frames = [frame(text('one')), frame(text('two')), frame(text('three'))]
    const all = join(frames)
    const ends = [0, 11, 22, 35]
    for (let cut = 0; cut <= all.length; cut++) {
      const read = unframe(all.subarray(0, cut))
      const whole = ends.filter(e => e > 0 && e <= cut).length
      expect(read.payloads.length).toBe(whole)
      expect(read.end).toBe(ends[whole])
    }
  })

  it('stops at a flipped bit, whichever it is (G4)', () => {
    const good = frame(text('a record that matters'))
    for (let bit = 0; bit < good.length * 8; bit++) {
      const bad = good.slice()
      bad[bit >> 3] = (bad[bit >> 3] as number) ^ (1 << (bit & 7))
      expect(unframe(bad).payloads.length, `bit ${bit}`).toBe(0)
    }
  })

  it('takes the zeros that a power loss leaves at the end for no records (G4)', () => {
    const good = frame(text('one'))
    expect(unframe(join([good, new Uint8Array(80)]))).toMatchObject({ end: good.length, stop: 'damaged' })
  })

  it('keeps a batch under its limit but always gives one record', () => {
    const frames = [frame(text('x'.repeat(100))), frame(text('y'.repeat(100)))]
    expect(unframe(join(frames), 150).payloads.length).toBe(1)
    expect(unframe(join(frames), 10).payloads.length).toBe(1)
    expect(unframe(join(frames), 216).payloads.length).toBe(2)
  })

  it('refuses a record of unknown kind', () => {
    expect(record.safeParse({ t: 'nonsense', time: 1 }).success).toBe(false)
  })
})

import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { Sha256 } from './sha256.ts'

const native = (data: Uint8Array) => createHash('sha256').update(data).digest('hex')

it('agrees with the platform at every length around the block size', () => {
  for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 127, 128, 1000]) {
    const data = randomBytes(length)
    expect(new Sha256().update(data).hex()).toBe(native(data))
  }
})

it('does not care how the bytes are cut', () => {
  const data = randomBytes(10_000)
  const hash = new Sha256()
  for (let at = 0; at < data.length; at += 77) hash.update(data.subarray(at, at + 77))
  expect(hash.hex()).toBe(native(data))
})

/** Names from the wire are labels: what must never reach a path (S5). */
import { describe, expect, it } from 'vitest'
import { manifest, manifestPath, up } from './index.ts'

describe('paths in manifests', () => {
  for (const bad of ['', '/etc/passwd', '../x', 'a/../../b', 'a//b', './a', 'a/.', 'a\\b', 'a\0b', 'x'.repeat(2000)])
    it(`refuses ${JSON.stringify(bad.slice(0, 20))} (S5)`, () =>
      expect(manifestPath.safeParse(bad).success).toBe(false))
  for (const good of ['a', 'a/b.bin', '.hidden/x', 'a b', 'ü/ñ'])
    it(`takes ${good}`, () => expect(manifestPath.safeParse(good).success).toBe(true))
  it('refuses a hash that is not one', () => {
    expect(manifest.safeParse({ kind: 'file', files: [{ path: 'a', sha256: '../../x', size: 1 }] }).success).toBe(false)
  })
})

describe('messages', () => {
  it('refuses a batch over its limit (S11)', () => {
    const message = { attempt: 'e1.b.1.1', stream: 'records', offset: 0, data: new Uint8Array(256 * 1024 + 1) }
    expect(up.append.message.safeParse(message).success).toBe(false)
    expect(up.append.message.safeParse({ ...message, data: new Uint8Array(10) }).success).toBe(true)
  })
  it('refuses an attempt id that is a path (S5)', () => {
    expect(up.accepted.message.safeParse({ attempt: '../../home' }).success).toBe(false)
  })
})

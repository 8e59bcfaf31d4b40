/** S10: secrets leave as asterisks, byte for byte, however a file grows and wherever it is cut into batches. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { frame, type Stream, unframe } from '@flambe/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Link } from '../link.ts'
import { maskOf } from './mask.ts'
import { openTail } from './tail.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flambe-mask-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const SECRETS = ['hush-hush-hush', 'pass"wörd\\1', 'aaaaaaaab']

/** A hub that takes what it is sent. */
function tail(stream: Stream, budget = Number.MAX_SAFE_INTEGER, quota = Number.MAX_SAFE_INTEGER) {
  const file = join(folder, stream)
  writeFileSync(file, '')
  const got: Buffer[] = []
  const ask = async (_: string, { offset, data }: { offset: number; data: Uint8Array }) => {
    expect(offset).toBe(got.reduce((sum, one) => sum + one.length, 0))
    got.push(Buffer.from(data))
    return { kind: 'answer', answer: { next: offset + data.length } }
  }
  const made = openTail({
    attempt: 'a',
    stream,
    file,
    offset: 0,
    quota,
    mask: maskOf(SECRETS),
    link: { ready: true, ask } as unknown as Link,
    budget: () => budget,
    spent: () => undefined,
    onAck: () => undefined,
    onRecords: () => undefined,
    onUnreadable: error => {
      throw error
    },
    onRefused: () => undefined,
  })
  const settle = () => new Promise(resolve => setTimeout(resolve, 5))
  return {
    async write(data: string | Uint8Array) {
      appendFileSync(file, data)
      made.pump()
      await settle()
    },
    async end() {
      await made.drained(new AbortController().signal)
      return Buffer.concat(got)
    },
  }
}

it.each([1, 3, 7, 1_000])('in what is printed, %s bytes at a time', async size => {
  const text = `to hush-hush-hush and hush-hush-hushhush-hush-hush, aaaaaaaaaab; pass"wörd\\1 hush-hush-hus`
  const masked = `to ************** and ****************************, aa*********; ************ hush-hush-hus`
  const made = tail('stdout', size)
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 5) await made.write(bytes.subarray(at, at + 5))
  expect((await made.end()).toString()).toBe(masked)
})

it('in a secret that the quota cuts off', async () => {
  const made = tail('stderr', Number.MAX_SAFE_INTEGER, 9)
  await made.write('to hush-hush-hush')
  expect((await made.end()).toString()).toBe('to ******')
})

it('in the texts of records, which stay whole records', async () => {
  const made = tail('records')
  const record = (text: string) => frame(Buffer.from(JSON.stringify({ t: 'text', time: 1, step: 1, tag: 'x', text })))
  for (const secret of SECRETS) await made.write(record(`is ${secret}.`))
  const { payloads, end } = unframe(new Uint8Array(await made.end()))
  const texts = payloads.map(payload => JSON.parse(Buffer.from(payload).toString()).text)
  expect(texts).toEqual(['is **************.', 'is **************.', 'is *********.'])
  expect(end).toBeGreaterThan(0)
})

it('in records as Python writes them, in ASCII', () => {
  const [payload] = unframe(
    maskOf(SECRETS)?.records([Buffer.from('{"text": "is pass\\"w\\u00f6rd\\\\1."}')]) ?? new Uint8Array(),
  ).payloads
  expect(Buffer.from(payload ?? []).toString()).toBe(`{"text": "is ${'*'.repeat(18)}."}`)
})

it('records that are no UTF-8 keep their length, or every offset after them would be wrong', () => {
  const payload = Buffer.concat([
    Buffer.from('{"text": "hush-hush-hush '),
    Buffer.from([0xff, 0xfe]),
    Buffer.from('"}'),
  ])
  expect(maskOf(SECRETS)?.records([payload]).length).toBe(frame(payload).length)
})

it('in why a trial failed', () => {
  expect(maskOf(SECRETS)?.text('no hush-hush-hush here')).toBe('no ************** here')
  expect(maskOf([])).toBe(null)
})

import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { record, unframe } from '@flambe/protocol'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { context, setContext } from './context.ts'
import { log, log_histogram, log_hparams, log_image, log_pr_curve, log_progress, log_scalars } from './log.ts'
import { openRecords, type RecordWriter } from './records.ts'

let dir = ''
let file = ''
let writer: RecordWriter
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-records-'))
  file = join(dir, 'records')
  writer = openRecords(file)
  setContext({ ...context(), write: r => writer.write(r), step: 3, prefix: 'b ' })
})
afterEach(() => {
  setContext(null)
  writer.close()
  vi.restoreAllMocks()
  rmSync(dir, { recursive: true })
})

/** What an agent would read, each checked against the wire's schema. */
function read() {
  writer.flush()
  const frames = unframe(readFileSync(file))
  expect(frames.stop).toBe('end')
  return frames.payloads.map(p => record.parse(JSON.parse(Buffer.from(p).toString())))
}

test('G4: a torn tail is cut off when the file is opened again, whole records stay', () => {
  log('loss', 1)
  writer.close()
  const whole = statSync(file).size
  appendFileSync(file, Buffer.from([40, 0, 0, 0, 1, 2, 3, 4, 123]))
  writer = openRecords(file)
  expect(statSync(file).size).toBe(whole)
  log('loss', 2)
  expect(read().map(r => (r.t === 'points' ? r.values : r))).toEqual([[1], [2]])
})

test('G4: records are in the file after a flush, before the writer is closed', () => {
  log('loss', 1)
  expect(statSync(file).size).toBe(0)
  writer.flush()
  expect(unframe(readFileSync(file)).payloads).toHaveLength(1)
})

test('log takes a number, a map of numbers or a text, at the step of the component', () => {
  vi.spyOn(Date, 'now').mockReturnValue(1)
  log('loss', 0.5)
  log('acc', { train: 1, val: Number.NaN }, 7)
  log('note', 'hello')
  log_progress(0.25, 'half of it')
  expect(read()).toEqual([
    { t: 'points', time: 1, step: 3, tags: ['b loss'], values: [0.5] },
    { t: 'points', time: 1, step: 7, tags: ['b acc/train', 'b acc/val'], values: [1, '.nan'] },
    { t: 'text', time: 1, step: 3, tag: 'b note', text: 'hello' },
    { t: 'progress', time: 1, step: 3, done: 0.25, note: 'half of it' },
  ])
})

test('values that cannot be plotted are warnings, never errors and never broken records', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  log('x', null as never)
  log('x', { a: 'text' as never, b: 1 })
  log('step', 1, Number.NaN)
  log('long', 'é'.repeat(200_000))
  log_image('i', [1, 2, 3], [2, 2])
  log_histogram('h', [Number.NaN])
  expect(warn).toHaveBeenCalledTimes(4)
  const records = read()
  expect(records.map(r => r.t)).toEqual(['points', 'points', 'text'])
  expect(records[1]).toMatchObject({ step: 3 })
})

test('more than 1,000 scalars of one moment become several records', () => {
  log_scalars(Object.fromEntries(Array.from({ length: 2_500 }, (_, i) => [`t${i}`, i])))
  expect(read().map(r => (r.t === 'points' ? r.tags.length : 0))).toEqual([1_000, 1_000, 500])
})

test('images, histograms, curves and hyper-parameters are small JSON', () => {
  log_image('i', [0, 0.5, 1, 0.25], [2, 2])
  log_histogram('h', [0, 1, 1, 2, Number.POSITIVE_INFINITY], 2)
  log_pr_curve('p', [1, 0, 1], [0.9, 0.4, 0.2], 3)
  log_hparams({ lr: 0.1, name: 'a', bad: Number.NaN })
  const [image, histogram, curve, hparams] = read()
  expect(image).toMatchObject({ t: 'media', kind: 'image', data: { width: 2, height: 2 } })
  expect(
    Buffer.from((image as unknown as { data: { png: string } }).data.png, 'base64')
      .subarray(1, 4)
      .toString(),
  ).toBe('PNG')
  expect(histogram).toMatchObject({
    kind: 'histogram',
    data: { min: 0, max: 2, count: 4, left_out: 1, counts: [1, 3] },
  })
  expect(curve).toMatchObject({
    kind: 'pr_curve',
    data: { precision: [2 / 3, 1, 1], recall: [1, 0.5, 0], tp: [2, 1, 0] },
  })
  expect(hparams).toMatchObject({ t: 'hparams', values: { lr: 0.1, name: 'a', bad: '.nan' } })
})

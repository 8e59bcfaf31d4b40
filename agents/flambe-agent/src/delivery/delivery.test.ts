/** How what a trial wrote comes to the hub, whatever happens to the connection: the ledger equals the files, byte for byte. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MAX_BATCH_BYTES, type Spec, type Up } from '@flambe/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, openHouse, specOf, until } from '../testing/house.ts'
import { wholeCharacters } from './tail.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

async function assign(params: Spec['params']): Promise<void> {
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', params) })
}

const ended = () => until(() => house.hub.ledger('a-1').ended)

function expectWhole(): void {
  const { bytes } = house.hub.ledger('a-1')
  for (const stream of ['records', 'stdout', 'stderr'] as const) {
    const written = readFileSync(join(house.folder, 'worker', 'attempts', 'a-1', stream))
    expect(Buffer.compare(Buffer.from(bytes[stream]), written), stream).toBe(0)
  }
}

test('G2 G3: connections that are cut again and again lose and repeat nothing', async () => {
  await house.agent()
  await assign({ steps: 120, width: 200, line: 500, pause: 4 })
  for (let cuts = 0; cuts < 8; cuts++) {
    await until(() => house.hub.connections() === 1)
    await sleep(25)
    house.hub.cut()
  }
  expect((await ended()).exit).toEqual({ kind: 'done' })
  expectWhole()
  expect(house.hub.ledger('a-1').records).toHaveLength(1 + 2 * 120)
})

test('a hub that throws the agent out gets it back', async () => {
  await house.agent()
  await assign({ steps: 60, pause: 5 })
  await until(() => house.hub.ledger('a-1').appends > 2)
  house.hub.throwOut()
  expect((await ended()).exit).toEqual({ kind: 'done' })
  expect(house.hub.state.hellos).toHaveLength(2)
  expectWhole()
})

test('G2: batches whose answer was lost are sent again and stored once', async () => {
  await house.agent()
  let lost = 0
  house.hub.state.refuse = event => (event === 'append' && lost++ < 2 ? 'lost answer' : null)
  await assign({ steps: 10 })
  await until(() => lost >= 2)
  house.hub.cut()
  await ended()
  expectWhole()
})

test('G5 G8: a trial goes on while the hub is away, and all arrives when it is back', async () => {
  await house.agent()
  await assign({ steps: 60, pause: 5 })
  await until(() => house.hub.ledger('a-1').appends > 2)
  await house.hub.close()
  const control = join(house.folder, 'worker', 'attempts', 'a-1', 'exit.json')
  await until(() => {
    try {
      return readFileSync(control)
    } catch {
      return null
    }
  })
  await house.reopenHub()
  expect((await ended()).exit).toEqual({ kind: 'done' })
  expectWhole()
})

test('G6: what has waited for a hub goes out at once in full batches, not one a flush', async () => {
  await house.agent({ timing: { flush: 1_000 } })
  await assign({ steps: 40, line: 100_000, pause: 1 })
  await until(() => house.hub.ledger('a-1').accepted > 0)
  await house.hub.close()
  await until(() => existsSync(join(house.folder, 'worker', 'attempts', 'a-1', 'exit.json')))
  const { bytes } = house.hub.ledger('a-1')
  const before = { appends: house.hub.ledger('a-1').appends, stdout: bytes.stdout.length }
  await house.reopenHub()
  expect((await ended()).exit).toEqual({ kind: 'done' })
  expectWhole()
  const rest = house.hub.ledger('a-1').bytes.stdout.length - before.stdout
  expect(rest).toBeGreaterThan(10 * MAX_BATCH_BYTES)
  // Beside the full ones: the last of each stream, and the first, which a cut may have made known to the hub only.
  expect(house.hub.ledger('a-1').appends - before.appends).toBeLessThanOrEqual(rest / MAX_BATCH_BYTES + 6)
})

test('a hub that is busy or full is waited for', async () => {
  await house.agent()
  let asked = 0
  house.hub.state.refuse = event =>
    event === 'append' && asked++ < 6 ? { code: 'DISK_FULL', message: 'no room', after: 10 } : null
  await assign({})
  await ended()
  expect(asked).toBeGreaterThan(6)
  expectWhole()
})

test('G3: a hub that misses bytes at the end is sent them again before the attempt counts as ended', async () => {
  await house.agent()
  let asked = 0
  house.hub.state.refuse = event => {
    if (event !== 'ended' || asked++ > 0) return null
    const account = house.hub.state.accounts.get('a-1')
    if (account !== undefined) account.bytes.records = account.bytes.records.subarray(0, 0)
    return null
  }
  await assign({})
  await ended()
  expect(asked).toBe(2)
  expectWhole()
})

test('G4: output beyond the quota is dropped and counted; records never are', async () => {
  await house.agent({ quota: 10_000 })
  await assign({ steps: 50, line: 1_000, pause: 1 })
  const { sizes, dropped } = await ended()
  const written = readFileSync(join(house.folder, 'worker', 'attempts', 'a-1', 'stdout'))
  const { bytes, records } = house.hub.ledger('a-1')
  expect(sizes.stdout).toBe(10_000)
  expect(dropped).toEqual({ stdout: written.length - 10_000, stderr: 0 })
  expect(Buffer.from(bytes.stdout).equals(written.subarray(0, 10_000))).toBe(true)
  expect(records).toHaveLength(101)
})

test('G4: output far beyond the quota does not stay on the disk, and is counted even so', async () => {
  await house.agent({ quota: 10_000 })
  await assign({ steps: 40, line: 1_000_000, pause: 5 })
  const { dropped } = await ended()
  const written = readFileSync(join(house.folder, 'worker', 'attempts', 'a-1', 'stdout'))
  expect(written.length).toBeLessThan(30e6)
  expect(dropped.stdout).toBeGreaterThan(written.length - 10_000)
  expect(dropped.stdout).toBeLessThanOrEqual(40 * 1_000_010)
})

test('G3: torn records at the end are not sent, and the attempt does not count as done', async () => {
  await house.agent()
  await assign({ torn: true })
  const { exit, sizes } = await ended()
  expect(exit).toMatchObject({ kind: 'failed', failure: { class: 'infrastructure' } })
  const written = readFileSync(join(house.folder, 'worker', 'attempts', 'a-1', 'records'))
  expect(sizes.records).toBe(written.length - 3)
})

test('G2: other bytes under the same offset are an error, not a retry without end', async () => {
  await house.agent()
  house.hub.state.refuse = (event, message) =>
    event === 'append' && (message as Up['append']).stream === 'stdout'
      ? { code: 'CONFLICT', message: 'other bytes' }
      : null
  await assign({})
  const { exit, sizes } = await ended()
  expect(exit).toMatchObject({ kind: 'failed', failure: { class: 'infrastructure' } })
  expect(sizes.stdout).toBe(0)
})

test('an attempt that is throttled sends no more than it may at a time, and the rest when it may', async () => {
  await house.agent()
  const batches: number[] = []
  house.hub.state.refuse = (event, message) => {
    const { stream, data } = message as Up['append']
    if (event === 'append' && stream === 'stdout') batches.push(data.length)
    return event === 'append' && !throttled ? { code: 'BUSY', message: 'not yet', after: 10 } : null
  }
  let throttled = false
  await assign({ steps: 1, line: 60_000, hang: true })
  await house.hub.send('throttle', { attempt: 'a-1', bytes_per_second: 1_000 })
  throttled = true
  batches.length = 0
  await until(() => batches.length > 3)
  expect(Math.max(...batches)).toBeLessThanOrEqual(1_000)
  await house.hub.send('throttle', { attempt: 'a-1', bytes_per_second: 0 })
  await until(() => house.hub.ledger('a-1').bytes.stdout.length > 60_000)
  await house.hub.send('end', { attempt: 'a-1', how: 'kill' })
  await ended()
})

test('a character of several bytes is never split over two batches, and nothing is held back at the end', async () => {
  await house.agent()
  const batches: Buffer[] = []
  house.hub.state.refuse = (event, message) => {
    const { stream, data } = message as Up['append']
    if (event === 'append' && stream === 'stdout') batches.push(Buffer.from(data))
    return null
  }
  await assign({ split: true, steps: 1 })
  await ended()
  expectWhole()
  const text = batches.map(batch => batch.toString('utf8'))
  expect(text.join('')).toContain('grün €1 🦉\nbye')
  // The last one: the trial's very last byte begins a character that never came.
  expect(text.slice(0, -1).join('')).not.toContain('\u{fffd}')
  expect(text.at(-1)?.match(/\u{fffd}/gu)).toHaveLength(1)
  // Each piece was there long enough for the tail to have sent it.
  expect(batches.length).toBeGreaterThan(3)
})

test.each([
  ['', ''],
  ['plain', 'plain'],
  ['c3', ''],
  ['61 c3', '61'],
  ['61 c3 bc', '61 c3 bc'],
  ['e2 82', ''],
  ['e2 82 ac', 'e2 82 ac'],
  ['61 f0 9f a6', '61'],
  ['f0 9f a6 89', 'f0 9f a6 89'],
  // No UTF-8: nothing to wait for.
  ['80 80 80', '80 80 80'],
  ['61 ff', '61 ff'],
])('whole characters of %s are %s', (given, whole) => {
  const bytes = (hex: string) => (hex === 'plain' ? Buffer.from(hex) : Buffer.from(hex.replaceAll(' ', ''), 'hex'))
  expect(wholeCharacters(bytes(given))).toEqual(bytes(whole))
})

test('heartbeats tell how the machine does', async () => {
  await house.agent()
  const beat = await until(() => house.hub.state.beats[2])
  expect(beat.cpu).toBeGreaterThanOrEqual(0)
  expect(beat.memory.total).toBeGreaterThan(beat.memory.used)
  expect(beat.disk.total).toBeGreaterThan(0)
})

test('G23: output that cannot be cut because the disk is full is cut later; the agent goes on', async () => {
  await house.agent({ quota: 10_000 })
  const folder = join(house.folder, 'worker', 'attempts', 'a-1')
  await assign({ steps: 3, pause: 400 })
  await until(() => house.hub.ledger('a-1').appends > 0)
  // Where the agent writes aside stands a folder: its next write fails.
  const inTheWay = join(folder, `delivery.json.${process.pid}.tmp`)
  mkdirSync(inTheWay)
  appendFileSync(join(folder, 'stdout'), Buffer.alloc(17 * 1024 * 1024, 'x'))
  await until(() => house.said().includes('cannot read what the trial wrote: EISDIR'))
  rmSync(inTheWay, { recursive: true })
  const { dropped } = await ended()
  expect(dropped.stdout).toBeGreaterThan(16 * 1024 * 1024)
})

import type { Spec, Up, Upload } from '@flambe/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, openHouse, specOf, until } from '../testing/house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const MIB = 1024 * 1024

async function assign(params: Spec['params']): Promise<void> {
  await house.hub.send('assign', { attempt: 'a-1', spec: specOf('a-1', params) })
}
const ended = () => until(() => house.hub.ledger('a-1').ended)

test('checkpoints are uploaded in order, each before it is called saved, all before the end', async () => {
  await house.agent()
  await assign({ steps: 6, save: 2, pause: 60 })
  await ended()
  const { saved } = house.hub.ledger('a-1')
  expect(saved.map(message => message.number)).toEqual([2, 4, 6])
  expect(saved[0]).toMatchObject({
    step: 2,
    metric: 0.5,
    manifest: { files: [{ path: 'model/state.bin', size: 1000 }] },
  })
})

test('G21: an upload that is cut goes on where it was and sends at most 8 MiB again', async () => {
  await house.agent()
  let cut = false
  house.hub.state.refuse = (event, message) => {
    if (event === 'blob-chunk' && !cut && (message as Upload['blob-chunk']).offset >= 8 * MIB) {
      cut = true
      house.hub.cut('uploads')
      return 'silence'
    }
    return null
  }
  await assign({ steps: 1, save: 1, bytes: 20 * MIB })
  await ended()
  expect(cut).toBe(true)
  expect(house.hub.ledger('a-1').saved).toHaveLength(1)
  expect(house.hub.state.received).toBeGreaterThanOrEqual(20 * MIB)
  expect(house.hub.state.received).toBeLessThanOrEqual(28 * MIB)
})

test('a small checkpoint does not wait behind the large one of another trial', async () => {
  await house.agent()
  await house.hub.send('assign', { attempt: 'a-2', spec: specOf('a-2', { steps: 1, save: 1, bytes: 40 * MIB }) })
  let large = 0
  house.hub.state.refuse = (event, message) => {
    // The large one is held in its middle until the small one is over.
    if (event !== 'blob-chunk' || (message as Upload['blob-chunk']).offset < 16 * MIB) return null
    large++
    return house.hub.ledger('a-1').saved.length > 0 ? null : { code: 'BUSY', message: 'slow', after: 50 }
  }
  await until(() => large > 0)
  await assign({ steps: 1, save: 1 })
  await ended()
  await until(() => house.hub.ledger('a-2').ended)
  expect(house.hub.ledger('a-1').saved).toHaveLength(1)
  expect(house.hub.ledger('a-2').saved).toHaveLength(1)
})

test('a slow upload delays neither records nor heartbeats', async () => {
  await house.agent()
  let free = false
  house.hub.state.refuse = event =>
    event === 'blob-begin' && !free ? { code: 'BUSY', message: 'slow', after: 50 } : null
  await assign({ steps: 30, save: 1, pause: 5 })
  await until(() => house.hub.ledger('a-1').records.length === 1 + 3 * 30)
  expect(house.hub.ledger('a-1').saved).toEqual([])
  expect(house.hub.state.beats.length).toBeGreaterThan(1)
  free = true
  await ended()
  expect(house.hub.ledger('a-1').saved.at(-1)?.number).toBe(30)
})

test('G20: a checkpoint whose files are not those of its manifest is never called saved, and the attempt not done', async () => {
  await house.agent()
  await assign({ steps: 2, save: 2, spoil: true })
  expect((await ended()).exit).toMatchObject({
    kind: 'failed',
    failure: { class: 'infrastructure', message: expect.stringContaining('checkpoint 2 is damaged') },
  })
  expect(house.hub.ledger('a-1').saved).toEqual([])
})

test('a checkpoint that the hub refuses for good does not leave the attempt hanging', async () => {
  await house.agent()
  house.hub.state.refuse = event => (event === 'blob-begin' ? { code: 'TOO_LARGE', message: 'at most 10 bytes' } : null)
  await assign({ steps: 2, save: 2 })
  expect((await ended()).exit).toMatchObject({
    kind: 'failed',
    failure: { class: 'infrastructure', message: 'blob-begin refused: TOO_LARGE: at most 10 bytes' },
  })
})

test('a hub that misses a blob at `saved` gets it again', async () => {
  await house.agent()
  let refused = 0
  house.hub.state.refuse = (event, message) => {
    if (event !== 'saved' || refused > 0) return null
    refused++
    for (const file of (message as Up['saved']).manifest.files) house.hub.state.blobs.delete(file.sha256)
    return null
  }
  await assign({ steps: 1, save: 1 })
  await ended()
  expect(refused).toBe(1)
  expect(house.hub.ledger('a-1').saved).toHaveLength(1)
})

import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { SMALL } from './testing/files.ts'
import { type House, openHouse, raw } from './testing/house.ts'

let house: House

beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

it('an address in a file is never fetched by the hub, whether it is planned or submitted (S9)', async () => {
  let asked = 0
  const server = createServer((_, res) => {
    asked++
    res.end('data')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.csv`
  const text = `${SMALL}resources:\n  data: ${url}\n`
  await house.api.experiments.plan.query({ text, limit: 1 })
  await house.api.experiments.submit.mutate({ text, resources: {}, command: 'command-1' })
  await house.hub.services.driver.idle()
  expect(asked).toBe(0)
  await new Promise(resolve => server.close(resolve))
})

it('an archive that is uploaded stays the bytes that it was: the hub extracts nothing (S9)', async () => {
  const bomb = gzipSync(Buffer.alloc(20_000_000))
  const sha256 = createHash('sha256').update(bomb).digest('hex')
  const headers = { authorization: `Bearer ${house.hub.localToken()}` }
  const put = await raw(`${house.url}/api/blobs/${sha256}`, { method: 'PUT', headers, body: bomb })
  expect(JSON.parse(put.body)).toEqual({ sha256, size: bomb.length })
  expect((await house.hub.services.store.blob(sha256))?.size).toBe(bomb.length)
})

import type { ServerResponse } from 'node:http'
import { Writable } from 'node:stream'
import type { OpenStore } from '@flambe/store'
import { expect, it } from 'vitest'
import type { Request } from '../http/routes.ts'
import type { Committed } from '../rows/committed.ts'
import { exportRoutes } from './exports.ts'

it('G6: whoever downloads a long output leaves the loop to others after each window', async () => {
  const windows = 50
  // A store that answers at once and a reader that takes all at once: neither gives a reason to wait.
  const store = {
    output: async ({ from = 0 }: { from?: number }) => ({ from, to: Math.min(from + 1, windows), text: 'x' }),
  } as unknown as OpenStore
  const rows = { attempts: new Map([['e.b.1.1', {}]]) } as unknown as Committed
  let taken = 0
  const reader = new Writable({
    write(_chunk, _encoding, done) {
      taken++
      done()
    },
  })
  const res = Object.assign(reader, { setHeader: () => undefined }) as unknown as ServerResponse
  const route = exportRoutes(store, rows).find(one => one.name === 'GET /api/attempts/<id>/<stream>')
  // The most that went out between two turns of the loop.
  let most = 0
  let before = 0
  let over = false
  const look = () => {
    most = Math.max(most, taken - before)
    before = taken
    if (!over) setImmediate(look)
  }
  setImmediate(look)
  await route?.run({ res, params: ['e.b.1.1', 'stdout'] } as unknown as Request)
  over = true
  most = Math.max(most, taken - before)
  expect(taken).toBe(windows)
  expect(most).toBeLessThanOrEqual(2)
})

import { FLUSH_EVERY } from '@flambe/protocol'
import { expect, it } from 'vitest'
import { DEFAULT_LIMITS } from './limits.ts'

it('leaves half of the second from log() to the page for work: all fixed waits on the way together are shorter (G6)', () => {
  expect(FLUSH_EVERY + DEFAULT_LIMITS.live_every).toBeLessThanOrEqual(500)
})

it('calls an agent lost after five minutes at most, and looks often enough for the 30 s that are left (G10)', () => {
  expect(DEFAULT_LIMITS.suspect_after).toBe(20_000)
  expect(DEFAULT_LIMITS.disconnected_after).toBe(60_000)
  expect(DEFAULT_LIMITS.lost_after).toBe(300_000)
  expect(DEFAULT_LIMITS.sweep_every + DEFAULT_LIMITS.ack_timeout + DEFAULT_LIMITS.outbox_retry).toBeLessThan(30_000)
})

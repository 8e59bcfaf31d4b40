import { FLUSH_EVERY, MAX_BATCH_BYTES } from '@flambe/protocol'
import { expect, test } from 'vitest'
import { backOff, TIMING } from './timing.ts'

test('G25: agents that lost their hub in the same moment come back spread out, and none waits for more than 10 s', () => {
  for (const tries of [0, 1, 3, 50]) {
    const waits = Array.from({ length: 500 }, () => backOff(TIMING.reconnect, tries))
    const [least, most] = [Math.min(...waits), Math.max(...waits)]
    expect(most).toBeLessThanOrEqual(10_000)
    // Over half of the longest wait, with 500 draws; the same for all would be a crowd at one door.
    expect(most - least).toBeGreaterThan(most * 0.4)
    expect(new Set(waits).size).toBeGreaterThan(400)
  }
})

test('G6: what a trial writes waits for a quarter of a second or for a full batch, whichever comes first', () => {
  expect(TIMING.flush).toBeLessThanOrEqual(250)
  expect(TIMING.flush).toBe(FLUSH_EVERY)
  expect(MAX_BATCH_BYTES).toBe(256 * 1024)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { compareKilled, trainings } from './testing/killed.ts'

// Many processes one after the other; on a busy machine each takes seconds. Ten kills each: `node packages/components/scripts/exact-resume.ts`.
vi.setConfig({ testTimeout: 300_000 })

const dir = mkdtempSync(join(tmpdir(), 'flambe-killed-'))
afterAll(() => rmSync(dir, { recursive: true }))

describe('G11: a training whose process is killed with -9 at drawn points ends bit for bit as one that ran through', () => {
  test.concurrent.each(trainings(60).map((training, i) => ({ ...training, i })))(
    '$name',
    async ({ i, ...training }) => {
      const { differences, kills, resumed } = await compareKilled(
        join(dir, String(i)),
        training,
        i === 0 ? 4 : 1,
        i + 1,
      )
      expect(differences).toEqual([])
      expect(kills).toBe(i === 0 ? 4 : 1)
      expect(resumed.length).toBeGreaterThan(0)
      if (i === 0) expect(new Set(resumed).size).toBeGreaterThan(1)
    },
  )
})

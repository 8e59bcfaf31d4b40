/** The same trials on two machines, which differ in where everything lies. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, plan, resolve, variants } from '@flambe/language'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { catalogue } from '../catalogue/index.ts'
import { makeAttempt } from './testing/folder.ts'

// Four processes; on a busy machine each takes seconds.
vi.setConfig({ testTimeout: 180_000 })

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-machines-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

test('equal trials give equal checkpoints, byte for byte, wherever their resources lie (G11)', async () => {
  const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url))
  const { experiment } = parse(readFileSync(join(examples, 'iris.yaml'), 'utf8'))
  const made = experiment === null ? null : plan(experiment, { catalogue }).plan
  if (made === null) expect.unreachable()
  const config = (block: string) => {
    const [variant] = [...variants(made, block)]
    return variant === undefined ? expect.unreachable() : resolve(made, variant)
  }

  const machine = async (name: string) => {
    const flowers = join(dir, name, 'somewhere', 'iris.csv')
    cpSync(join(examples, 'data/iris.csv'), flowers)
    const here = { resources: { flowers } }
    const data = makeAttempt(join(dir, name, 'dataset'), config('dataset'), {}, here)
    expect(await data.run().ended).toBe(0)
    const inputs = { dataset: data.state(data.checkpoints().at(-1)?.number ?? 0) }
    const train = makeAttempt(join(dir, name, 'train'), config('train'), {}, { ...here, inputs })
    expect(await train.run().ended).toBe(0)
    return [data, train].map(attempt => attempt.checkpoints().at(-1)?.manifest.files)
  }
  const one = await machine('one')
  expect(one.flat().filter(file => file?.path.endsWith('config.json')).length).toBeGreaterThan(3)
  expect(await machine('another')).toEqual(one)
})

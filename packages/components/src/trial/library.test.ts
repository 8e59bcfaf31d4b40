import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, plan, resolve, variantAt } from '@flambe/language'
import { expect, test, vi } from 'vitest'
import { catalogue } from '../catalogue/index.ts'
import { type Attempt, goOn, makeAttempt, until } from './testing/folder.ts'

// Every test starts several processes; on a busy machine each takes seconds.
vi.setConfig({ testTimeout: 180_000 })

const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url))

test('G11: a real training that was paused and resumed ends with the same results and weights as one that ran through', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'flambe-library-'))
  try {
    const { experiment } = parse(readFileSync(join(examples, 'iris.yaml'), 'utf8'))
    const made = experiment === null ? null : plan(experiment, { catalogue }).plan
    if (made === null) expect.unreachable()
    const resources = Object.fromEntries(made.resources.map(r => [r.name, join(examples, r.location)]))
    const config = (block: string) => {
      const variant = variantAt(made, block, 0)
      if (variant === undefined) expect.unreachable()
      return resolve(made, variant)
    }
    const state = (a: Attempt) => a.state(a.checkpoints().at(-1)?.number ?? -1)
    const dataset = makeAttempt(join(dir, 'dataset'), config('dataset'), {}, { resources })
    expect(await dataset.run().ended).toBe(0)
    const here = { resources, inputs: { dataset: state(dataset) } }

    const whole = makeAttempt(join(dir, 'whole'), config('train'), {}, here)
    expect(await whole.run().ended).toBe(0)

    const first = makeAttempt(join(dir, 'first'), config('train'), {}, here)
    const { ended } = first.run()
    await until(() => first.results().length > 2)
    first.wish('pause')
    expect(await ended).toBe(0)
    const second = goOn(first, config('train'), join(dir, 'second'), {}, here)
    expect(await second.run().ended).toBe(0)

    expect([...first.results(), ...second.results()]).toEqual(whole.results())
    for (const part of ['model/encoder', 'model/output_layer/mlp', 'optimizer', '.'])
      for (const file of ['state.json', 'state.tensors'])
        expect(read(state(second), part, file), `${part}/${file}`).toEqual(read(state(whole), part, file))
  } finally {
    rmSync(dir, { recursive: true })
  }
})

function read(...path: string[]): string | null {
  try {
    return readFileSync(join(...path)).toString('base64')
  } catch {
    return null // a component without tensors has no such file, in both
  }
}

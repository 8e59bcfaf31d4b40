/** The reference of components: printed, as JSON schema, and as a page of the docs that is in step with the catalogue. */
import { readFileSync } from 'node:fs'
import { catalogue } from '@flambe/hub/plan'
import { afterEach, describe, expect, it } from 'vitest'
import { run, tidy } from '../testing/command.ts'
import { componentsPage } from './page.ts'
import { tagsOf } from './schema.ts'

afterEach(tidy)

it('docs/components.md is in step with the catalogue: `pnpm generate` writes it', () => {
  const page = readFileSync(new URL('../../../../docs/components.md', import.meta.url), 'utf8')
  expect(page).toBe(componentsPage(catalogue))
  for (const tag of Object.keys(catalogue.components)) expect(page).toContain(`### !${tag}\n`)
})

describe('flambe components', () => {
  it('prints every component, by itself and in the list', async () => {
    const { code, stdout } = await run(['components'], { NO_COLOR: '1' })
    expect(code).toBe(0)
    for (const [tag, { description, params }] of Object.entries(catalogue.components)) {
      expect(stdout).toContain(`!${tag}`)
      const one = await run(['components', tag], { NO_COLOR: '1' })
      expect([one.code, one.stderr]).toEqual([0, ''])
      expect(one.stdout.replaceAll(/\s/g, '')).toContain(description.replaceAll(/\s/g, ''))
      for (const { name } of params) expect(one.stdout.replace(/\s/g, '')).toContain(name)
    }
  })

  it('gives a JSON schema of each, of factories too', async () => {
    const { $defs } = JSON.parse((await run(['components', '--json'])).stdout)
    expect(Object.keys($defs).sort()).toEqual(tagsOf(catalogue).sort())
    const { code, stdout } = await run(['components', '!Adam', '--json'])
    expect([code, JSON.parse(stdout)]).toMatchObject([
      0,
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        title: 'Adam',
        type: 'object',
        properties: { lr: { type: 'number', default: 0.001 } },
        additionalProperties: false,
        'x-tag': '!Adam',
      },
    ])
    const factory = JSON.parse((await run(['components', 'TabularDataset.from_path', '--json'])).stdout)
    expect(factory).toMatchObject({ title: 'TabularDataset.from_path', required: ['train_path'] })
    const script = JSON.parse((await run(['components', 'Script', '--json'])).stdout)
    expect(script.allOf).toEqual([{ oneOf: [{ required: ['script'] }, { required: ['command'] }] }])
  })

  it('knows what was meant', async () => {
    const { code, stderr } = await run(['components', 'Trainr'])
    expect([code, stderr]).toEqual([
      2,
      'there is no component !Trainr; did you mean !Trainer? `flambe components` lists them\n',
    ])
  })
})

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { embedded } from '../../scripts/python.ts'
import { Component } from '../core/component.ts'
import { component, shipped } from '../core/params.ts'
import { registered } from '../core/registry.ts'
import '../library/index.ts'
import { FLAMBE_PY } from '../script/flambe-py.ts'
import '../script/index.ts'
import { describe, describeAll } from './describe.ts'
import { catalogue } from './index.ts'

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

test('the catalogue in the repository is that of the classes (run `pnpm generate` in packages/components)', () => {
  expect(catalogue).toEqual(JSON.parse(JSON.stringify(describeAll(registered()))))
})

test('the embedded Python helper is python/flambe.py (run `pnpm generate` in packages/components)', () => {
  const python = readFileSync(at('python/flambe.py'), 'utf8')
  expect(FLAMBE_PY).toBe(python)
  expect(readFileSync(at('src/script/flambe-py.ts'), 'utf8')).toBe(embedded(python))
})

test('reading the catalogue loads neither components nor TensorFlow.js', () => {
  const program = `import { catalogue } from ${JSON.stringify(at('src/catalogue/index.ts'))}
    const { default: Module } = await import('node:module')
    console.log(Object.keys(catalogue.components).includes('Script'), Object.keys(Module._cache).filter(f => !f.endsWith('.json')).length)`
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
  expect(out.trim()).toBe('true 0')
})

test('a class with params gives schemas, kinds, marks and defaults', () => {
  class Thing extends Component {
    static override readonly params = z.object({
      data: component('Dataset').describe('What to read'),
      extra: component('Metric').nullable().default(null),
      path: shipped().optional(),
      size: z.number().int().min(1).default(8),
    })
    static override readonly factories = { small: ({ data }: { data: Component }) => new Thing(data) }
    static override readonly callable = ['again']
    static override readonly lower_is_better = true
    data: unknown
    constructor(data: unknown) {
      super()
      this.data = data
    }
  }
  const entry = describe('ext.Thing', Thing)
  expect(entry).toMatchObject({
    tag: 'ext.Thing',
    open: false,
    attributes: null,
    callable: ['again'],
    lower_is_better: true,
    kinds: ['Component'],
  })
  expect(entry.params).toEqual([
    { name: 'data', required: true, description: 'What to read', component: 'Dataset' },
    { name: 'extra', required: false, description: '', default: null, component: 'Metric' },
    { name: 'path', required: false, description: '', schema: { type: 'string', minLength: 1 }, path: 'shipped' },
    { name: 'size', required: false, description: '', default: 8, schema: { type: 'integer', minimum: 1 } },
  ])
  expect(entry.factories.small?.params).toEqual([{ name: 'data', required: true, description: '' }])
  expect(Object.keys(entry.factories)).toEqual(['small', 'load_from_path'])
})

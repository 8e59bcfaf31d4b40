/** Extensions in real trial processes: a folder of somebody else's runs like a built-in component. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parse, plan, type ResolvedConfig, resolve, variantAt } from '@flambe/language'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { goOn, makeAttempt } from '../trial/testing/folder.ts'
import { startSpare } from '../trial/testing/spare.ts'
import { entryOf } from './entry.ts'
import { HOOKS } from './host.ts'

// Every test starts several processes; on a busy machine each takes seconds.
vi.setConfig({ testTimeout: 180_000 })

const TRIAL = fileURLToPath(new URL('../trial/main.ts', import.meta.url))

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-extension-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

function folder(files: { readonly [path: string]: string }): string {
  const made = mkdtempSync(join(dir, 'ext-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(made, path)), { recursive: true })
    writeFileSync(join(made, path), text)
  }
  return made
}

const COUNTER = `
import { Component, log, Trainer } from '@flambe/components'
import { z } from 'zod'
if (!(Trainer.prototype instanceof Component)) throw new Error('a second copy')
export class Count extends Component {
  static uses_backend = false
  static state = ['total']
  static tags = ['counting']
  static lower_is_better = true
  static params = z.object({ by: z.number().default(1), steps: z.number() })
  static factories = { twice: ({ steps }) => new Count({ by: 2, steps }) }
  constructor({ by, steps }) { super(); this.by = by; this.steps = steps; this.total = 0; this.taken = 0 }
  run() { this.total += this.by; this.taken++; log('total', this.total); return this.taken < this.steps }
  metric() { return this.total }
}
export const nothing = 3
`

const describeIt = (path: string) =>
  JSON.parse(
    execFileSync(process.execPath, [TRIAL, '--describe', 'ext', path], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .at(-1) ?? '',
  )

function configOf(pipeline: string, pieces: never): ResolvedConfig {
  const { experiment } = parse(`ext: ./ext\n---\n!Experiment\nname: t\nseed: 1\npipeline:\n  ${pipeline}\n`)
  if (experiment === null) throw new Error('does not parse')
  const planned = plan(experiment, { catalogue: { components: {} }, extensions: { ext: pieces } })
  if (planned.plan === null) throw new Error(JSON.stringify(planned.problems))
  return resolve(planned.plan, variantAt(planned.plan, planned.plan.blocks.at(-1)?.id ?? '', 0))
}

test('is described from its named exports: keywords, factories, aliases, direction', () => {
  const { components } = describeIt(folder({ 'index.js': `console.log('hello')\n${COUNTER}` }))
  expect(Object.keys(components)).toEqual(['ext.Count', 'ext.counting'])
  expect(components['ext.Count']).toMatchObject({
    params: [
      { name: 'by', required: false, default: 1 },
      { name: 'steps', required: true },
    ],
    lower_is_better: true,
    kinds: ['Component'],
  })
  expect(Object.keys(components['ext.Count'].factories)).toContain('twice')
})

test.each([
  ['a mistake in its text', { 'index.js': 'export class {' }, /cannot be loaded: SyntaxError/],
  ['a missing import', { 'index.js': "import 'not-there'" }, /cannot be loaded: .*not-there/],
  ['no component', { 'index.js': 'export const a = 1' }, /has no component/],
  ['no file to import', { 'readme.md': '' }, /no index\.js/],
])('says what is wrong with it: %s', (_, files, words) => {
  expect(describeIt(folder(files as never)).problem).toMatch(words)
})

test('runs as a trial, saves the state of its class, and another attempt goes on from there', async () => {
  const ext = folder({ 'package.json': '{"type": "module", "main": "./src/all.js"}', 'src/all.js': COUNTER })
  const config = configOf('a: !ext.Count {by: 2, steps: 3}', describeIt(ext) as never)
  const here = { resources: { 'extension:ext': ext } }
  const first = makeAttempt(join(dir, 'a'), config, {}, here)
  expect(await first.run().ended).toBe(0)
  expect(first.exit()).toEqual({ kind: 'done' })
  expect(first.results()).toEqual([1, 2, 3].map(step => [step, step * 2]))
  const later = goOn(first, config, join(dir, 'b'), {}, here)
  expect(await later.run().ended).toBe(0)
  expect(later.results()).toEqual([
    [4, 8],
    [5, 10],
    [6, 12],
  ])
})

test('runs again in a process that ran it before', async () => {
  const ext = folder({ 'index.js': COUNTER })
  const config = configOf('a: !ext.counting.twice {steps: 1}', describeIt(ext) as never)
  const here = { resources: { 'extension:ext': ext } }
  const spare = await startSpare()
  try {
    for (const name of ['a', 'b']) {
      const attempt = makeAttempt(join(dir, name), config, {}, here)
      expect(await spare.run(attempt)).toMatchObject({ word: 'left' })
      expect(attempt.results()).toEqual([[1, 2]])
    }
  } finally {
    spare.child.kill('SIGKILL')
    await spare.ended
  }
})

test('that cannot be loaded fails its trial as a configuration error', async () => {
  const ext = folder({ 'index.js': COUNTER })
  const config = configOf('a: !ext.Count {steps: 1}', describeIt(ext) as never)
  writeFileSync(join(ext, 'index.js'), 'throw new Error("boom")')
  const attempt = makeAttempt(join(dir, 'a'), config, {}, { resources: { 'extension:ext': ext } })
  await attempt.run().ended
  expect(attempt.exit()).toMatchObject({ failure: { class: 'configuration', message: expect.stringMatching(/boom/) } })
})

test('has no second copy of its host, whatever lies in its node_modules', async () => {
  const files = {
    'package.json': '{"type": "module"}',
    'index.js': COUNTER,
    'node_modules/@flambe/components/package.json': '{"type": "module", "exports": "./index.js"}',
    'node_modules/@flambe/components/index.js': 'export class Component {}; export class Trainer extends Component {}',
  }
  expect(Object.keys(describeIt(folder(files)).components)).toContain('ext.Count')
})

test('the hooks of an older Node.js give the same modules', () => {
  const sources = { '@flambe/components': 'export const Component = 7' }
  const program = `
    import module from 'node:module'
    module.register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(HOOKS)}`)}, { data: ${JSON.stringify(sources)} })
    const { Component } = await import(${JSON.stringify(pathToFileURL(join(folder({ 'a.mjs': "export { Component } from '@flambe/components'" }), 'a.mjs')).href)})
    console.log(Component)`
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })).toBe('7\n')
})

test('its entry is what package.json says, never a file outside of the folder', () => {
  const ext = folder({
    'package.json': JSON.stringify({
      exports: { '.': { import: '../../x.js', default: './b.ts' } },
      main: './lib/a.ts',
    }),
    'lib/a.js': '',
  })
  expect(entryOf(ext)).toBe(join(ext, 'lib/a.js'))
})

/** Which files an extension may have, how they find each other, and what a packed folder is. In real processes of the runtime. */
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HOOKS } from './host.ts'
import { packInPlace } from './pack.ts'

vi.setConfig({ testTimeout: 120_000 })

const TRIAL = fileURLToPath(new URL('../trial/main.ts', import.meta.url))

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-pack-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

function write(files: { readonly [path: string]: string }): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
}
const lastLine = (...args: string[]) =>
  JSON.parse(
    execFileSync(process.execPath, [TRIAL, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .trim()
      .split('\n')
      .at(-1) ?? '',
  )
const describeIt = () => lastLine('--describe', 'ext', dir)

const COMPONENT = (lines: string, sum: string) => `import { Component } from '@flambe/components'
${lines}
export class A extends Component { static uses_backend = false; static description = String(${sum}); constructor({ x = 1 }) { super() } }
`

test('files find each other without an ending, by a folder, by what they were called, and across kinds of module', () => {
  write({
    'index.ts': COMPONENT(
      `import { a } from './lib/a'
import { b } from './lib'
import { c } from './lib/c.mts'
import { d } from './lib/d.js'
import e from './lib/e.cts'
import { f } from './lib/f.mjs'
const { g } = await import('./lib/g')`,
      '[a, b, c, d, e.e, f, g].join()',
    ),
    'lib/index.ts': "export const b: string = 'b'",
    'lib/a.ts': "import { d } from './d'\nexport const a: string = 'a' + d",
    'lib/c.mts': "export const c: string = 'c'",
    'lib/d.ts': "export const d: string = 'd'",
    'lib/e.cts': "const { h } = require('./h.cts')\nconst e: string = 'e' + h\nmodule.exports = { e }",
    'lib/h.cts': "module.exports = { h: 'h' as string }",
    'lib/f.mjs': "export const f = 'f'",
    'lib/g.js': "export const g = 'g'",
  })
  expect(lastLine('--pack', dir)).toEqual({ packed: true })
  expect(readdirSync(join(dir, 'lib')).sort()).toEqual([
    'a.js',
    'c.mjs',
    'd.js',
    'e.cjs',
    'f.mjs',
    'g.js',
    'h.cjs',
    'index.js',
  ])
  expect(describeIt().components['ext.A'].description).toBe('ad,b,c,d,eh,f,g')
})

test('a file that is not there is not found, and neither is one of a package by a wrong name', () => {
  write({ 'index.js': COMPONENT("import './gone'", '1') })
  expect(describeIt().problem).toMatch(/Cannot find module .*gone/)
  write({
    'index.js': COMPONENT("import 'dep'", '1'),
    'node_modules/dep/package.json': '{"type": "module", "exports": "./index.js"}',
    'node_modules/dep/index.js': "import './other'",
    'node_modules/dep/other.js': '',
  })
  expect(describeIt().problem).toMatch(/Cannot find module .*other/)
})

test('a CommonJS extension has its host, and its exports are found however they are made', () => {
  write({
    'package.json': '{"main": "main.js"}',
    'main.js': `const { Component } = require('@flambe/components')
const made = {}
for (const name of ['A', 'B']) made[name] = class extends Component { static uses_backend = false }
module.exports = made`,
  })
  expect(Object.keys(describeIt().components)).toEqual(['ext.A', 'ext.B'])
})

test.each([
  ['two classes for one tag', 'static tags = ["B"]', /two classes for !ext\.B/],
  ['a tag that nobody can write', 'static tags = ["b.c"]', /cannot have the tag "b\.c"/],
])('says what is wrong with its tags: %s', (_, line, words) => {
  write({
    'index.js': `import { Component } from '@flambe/components'
export class A extends Component { ${line} }
export class B extends Component {}`,
  })
  expect(describeIt().problem).toMatch(words)
})

test('what is no code of it is left out; a folder without package.json is one of modules', () => {
  write({
    'index.js': '',
    'a.d.ts': '',
    '.gitignore': 'x',
    '.git/config': '',
    'node_modules/dep/index.ts': 'enum X {}',
    'data.json': '{}',
  })
  expect(packInPlace(dir)).toEqual({ packed: true })
  expect(readdirSync(dir).sort()).toEqual(['data.json', 'index.js', 'package.json'])
  expect(readFileSync(join(dir, 'package.json'), 'utf8')).toBe('{"type":"module"}\n')
})

test.each([
  ['TypeScript that is none', { 'a.ts': 'const a: = 1' }, /cannot be packed: a\.ts: /],
  ['one file under two names', { 'a.mts': '', 'a.mjs': '' }, /a\.mts and a\.mjs/],
])('cannot pack %s, and says where', (_, files, words) => {
  write(files as never)
  expect(packInPlace(dir)).toMatchObject({ problem: expect.stringMatching(words), elsewhere: false })
})

test('a link is no file of an extension', () => {
  write({ 'index.js': '' })
  symlinkSync('/etc/passwd', join(dir, 'passwd'))
  expect(packInPlace(dir)).toMatchObject({ problem: expect.stringMatching(/passwd is no file/) })
  expect(existsSync('/etc/passwd')).toBe(true)
})

test('the hooks of an older Node.js find the same files', () => {
  write({
    'package.json': '{"type":"module"}',
    'index.js':
      "import { a } from './lib/a'\nimport { b } from './lib'\nimport { c } from './c.mts'\nconsole.log(a, b, c)",
    'lib/a.js': "export const a = 'a'",
    'lib/index.js': "export const b = 'b'",
    'c.mjs': "export const c = 'c'",
  })
  const program = `
    import module from 'node:module'
    module.register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(HOOKS)}`)}, { data: {} })
    await import(${JSON.stringify(pathToFileURL(join(dir, 'index.js')).href)})`
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })).toBe('a b c\n')
})

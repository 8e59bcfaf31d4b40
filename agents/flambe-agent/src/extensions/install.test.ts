/** Extensions on an agent's disk: by content, once, with what they need from npm. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '@flambe/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type House, openHouse, specOf, until } from '../testing/house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

function manifest(files: { readonly [path: string]: string }): Manifest {
  return {
    kind: 'folder',
    files: Object.entries(files).map(([path, text]) => {
      const data = Buffer.from(text)
      const sha256 = createHash('sha256').update(data).digest('hex')
      house.hub.state.blobs.set(sha256, data)
      return { path, sha256, size: data.length }
    }),
  }
}

async function runWith(attempt: string, extension: Manifest) {
  const resources = { 'extension:ext': { kind: 'blobs', manifest: extension } } as const
  await house.hub.send('assign', { attempt, spec: specOf(attempt, {}, { resources }) })
  return until(() => house.hub.ledger(attempt).ended)
}
const placed = (attempt: string): string =>
  JSON.parse(readFileSync(join(house.folder, 'worker', 'attempts', attempt, 'places.json'), 'utf8')).resources[
    'extension:ext'
  ]

test('an extension is installed once for all attempts, another content beside it', async () => {
  await house.agent()
  const one = manifest({ 'index.js': 'export const a = 1', 'lib/b.js': '' })
  for (const attempt of ['a-1', 'a-2']) expect((await runWith(attempt, one)).exit).toEqual({ kind: 'done' })
  expect(placed('a-2')).toBe(placed('a-1'))
  expect(placed('a-1').startsWith(join(house.folder, 'worker', 'extensions'))).toBe(true)
  expect(readdirSync(placed('a-1')).sort()).toEqual(['index.js', 'lib'])
  await runWith('a-3', manifest({ 'index.js': 'export const a = 2' }))
  expect(placed('a-3')).not.toBe(placed('a-1'))
  expect(readdirSync(join(house.folder, 'worker', 'extensions', 'parts'))).toEqual([])
})

test('what it needs from npm stands beside it, and no script of a package has run', async () => {
  await house.agent()
  const dep = { name: 'dep', version: '1.0.0', scripts: { install: 'touch ran', postinstall: 'touch ran' } }
  const extension = manifest({
    'package.json': JSON.stringify({
      name: 'ext',
      dependencies: { dep: 'file:./dep' },
      scripts: { install: 'touch ran' },
    }),
    'dep/package.json': JSON.stringify(dep),
    'dep/index.js': '',
  })
  expect((await runWith('a-1', extension)).exit).toEqual({ kind: 'done' })
  expect(statSync(join(placed('a-1'), 'node_modules', 'dep', 'index.js')).isFile()).toBe(true)
  for (const place of ['', 'dep']) expect(existsSync(join(placed('a-1'), place, 'ran'))).toBe(false)
})

test('a trial whose extension npm cannot complete fails as infrastructure, and nothing half done is left', async () => {
  await house.agent()
  const extension = manifest({ 'package.json': JSON.stringify({ dependencies: { gone: 'file:./gone.tgz' } }) })
  const { exit } = await runWith('a-1', extension)
  expect(exit).toMatchObject({
    failure: {
      class: 'infrastructure',
      message: expect.stringMatching(/npm could not install what the extension ext/),
    },
  })
  expect(readdirSync(join(house.folder, 'worker', 'extensions')).sort()).toEqual(['parts', 'used'])
})

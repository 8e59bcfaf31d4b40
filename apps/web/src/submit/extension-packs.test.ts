import type { Catalogue, CatalogueEntry } from '@flambe/language'
import { expect, it } from 'vitest'
import type { ExtensionView } from '../api/views.ts'
import { catalogueWith, type Pack, packsOf, resourcesOf } from './extension-packs.ts'

const tags = (...all: string[]): Catalogue => ({
  components: Object.fromEntries(all.map(tag => [tag, { tag } as CatalogueEntry])),
})
const pack = (location: string, ...all: string[]): Pack => ({
  location,
  manifest: { kind: 'folder', files: [] },
  catalogue: tags(...all),
})
const view = (name: string, location: string): ExtensionView => ({
  name,
  location,
  kind: 'folder',
  sha256: null,
  state: 'needed',
})

it('keeps a folder only for the name and location that it was chosen for', () => {
  const packs = { ext: pack('./ext'), other: pack('./other') }
  expect(Object.keys(packsOf(packs, [view('ext', './ext'), view('other', './moved')]))).toEqual(['ext'])
  expect(packsOf(packs, [view('constructor', './x')])).toEqual({})
  expect(Object.keys(resourcesOf(packs))).toEqual(['extension:ext', 'extension:other'])
})

it('lets an extension bring tags of its own name only', () => {
  const all = catalogueWith(tags('Trainer'), { ext: pack('./ext', 'ext.Net', 'Trainer', 'extra.Net') })
  expect(Object.keys(all?.components ?? {})).toEqual(['Trainer', 'ext.Net'])
  expect(all?.components.Trainer).toEqual({ tag: 'Trainer' })
  expect(catalogueWith(undefined, {})).toBeUndefined()
})

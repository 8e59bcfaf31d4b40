import { expect, it } from 'vitest'
import { codeOf, pickedOf } from './upload.ts'

const file = (name: string, folder = '', size = 3) =>
  Object.assign(new File(['x'.repeat(size)], name), { webkitRelativePath: folder === '' ? '' : `${folder}/${name}` })

it('names the files of a folder relative to it, in order', () => {
  const picked = pickedOf([file('b.csv', 'data/sub'), file('a.csv', 'data')], 'folder')
  expect(picked?.name).toBe('data')
  expect(picked?.files.map(one => one.path)).toEqual(['a.csv', 'sub/b.csv'])
  expect(picked?.bytes).toBe(6)
})

it('takes one file as a file', () => {
  expect(pickedOf([file('x.json')], 'file')).toMatchObject({ kind: 'file', name: 'x.json', bytes: 3 })
  expect(pickedOf([], 'file')).toBeNull()
})

it('sends of an extension neither its installed packages nor its history', () => {
  const picked = pickedOf(
    [
      file('package.json', 'ext'),
      file('index.js', 'ext/src'),
      file('a.js', 'ext/node_modules/b'),
      file('c.js', 'ext/src/node_modules/d'),
      file('HEAD', 'ext/.git'),
      file('.gitignore', 'ext'),
    ],
    'folder',
  )
  const code = picked && codeOf(picked)
  expect(typeof code === 'object' && code?.files.map(one => one.path)).toEqual([
    '.gitignore',
    'package.json',
    'src/index.js',
  ])
  expect(code).toMatchObject({ bytes: 9 })
})

it('says why a folder is no extension', () => {
  const many = Array.from({ length: 5_001 }, (_, i) => ({ path: `${i}`, file: new Blob() }))
  expect(codeOf({ kind: 'folder', name: 'e', files: many, bytes: 0 })).toMatch(/5,001 files, and may have 5,000/)
  expect(codeOf({ kind: 'folder', name: 'e', files: [], bytes: 0 })).toBe('is an empty folder')
  const large = { path: 'weights', file: { size: 2 ** 30 } as Blob }
  expect(codeOf({ kind: 'folder', name: 'e', files: [large], bytes: 2 ** 30 })).toMatch(/may have 100 MiB/)
})

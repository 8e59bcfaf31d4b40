import { expect, it } from 'vitest'
import { pickedOf } from './upload.ts'

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

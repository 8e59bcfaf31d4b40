import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Entry, readTensors, writeTensors } from './tensors.ts'

let dir = ''
let file = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-tensors-'))
  file = join(dir, 'state.tensors')
})
afterEach(() => rmSync(dir, { recursive: true }))

const entries = new Map<string, Entry>([
  ['bytes', { dtype: 'U8', shape: [3], data: new Uint8Array([1, 2, 255]) }],
  ['weights.0', { dtype: 'F32', shape: [2, 2], data: new Float32Array([Number.NaN, -0, 1e-40, 3]) }],
  ['double', { dtype: 'F64', shape: [], data: new Float64Array([Math.PI]) }],
  ['empty', { dtype: 'F32', shape: [0, 4], data: new Float32Array(0) }],
])

test('arrays come back bit for bit, also scalars and empty ones', () => {
  writeTensors(file, entries)
  const back = readTensors(file)
  expect(new Set(back.keys())).toEqual(new Set(entries.keys()))
  for (const [name, entry] of entries) {
    expect(back.get(name)?.shape).toEqual(entry.shape)
    expect(Buffer.from(back.get(name)?.data.buffer as ArrayBuffer)).toEqual(Buffer.from(entry.data.buffer))
  }
})

test('the same arrays give the same bytes, in whatever order they come', () => {
  writeTensors(file, entries)
  const first = readFileSync(file)
  writeTensors(file, new Map([...entries].reverse()))
  expect(readFileSync(file)).toEqual(first)
})

test('the layout is that of safetensors: a reader in another language finds the numbers', () => {
  writeTensors(file, entries)
  const program = `
import json, struct, sys
b = open(sys.argv[1], 'rb').read()
n = struct.unpack('<Q', b[:8])[0]
h = json.loads(b[8:8 + n])
at = lambda k: b[8 + n + h[k]['data_offsets'][0]:8 + n + h[k]['data_offsets'][1]]
ends = sorted(tuple(v['data_offsets']) for v in h.values())
assert n % 8 == 0 and ends[0][0] == 0 and all(a[1] == c[0] for a, c in zip(ends, ends[1:])) and 8 + n + ends[-1][1] == len(b)
print(struct.unpack('<d', at('double'))[0], list(at('bytes')), h['weights.0']['dtype'], struct.unpack('<4f', at('weights.0'))[3])`
  expect(execFileSync('python3', ['-c', program, file], { encoding: 'utf8' }).trim()).toBe(
    `${Math.PI} [1, 2, 255] F32 3.0`,
  )
})

test('a damaged file is a LoadError that says so', () => {
  writeTensors(file, entries)
  truncateSync(file, readFileSync(file).length - 1)
  expect(() => readTensors(file)).toThrow('damaged')
  writeFileSync(file, Buffer.from([255, 255, 255, 255, 0, 0, 0, 0, 1]))
  expect(() => readTensors(file)).toThrow('damaged')
  writeFileSync(file, 'abc')
  expect(() => readTensors(file)).toThrow('damaged: too short')
})

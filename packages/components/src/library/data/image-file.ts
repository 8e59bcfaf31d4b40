/** Folders of PNG and JPEG images, one sub-folder a class. Names are read at once, pixels when a split is first used. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import jpeg from 'jpeg-js'
import { PNG } from 'pngjs'
import { cells } from './column.ts'
import type { Labelled } from './labelled.ts'

const ENDINGS = ['.png', '.jpg', '.jpeg']

/** @throws Error when there is no image; unreadable or differently sized ones are errors when they are decoded. */
export function readImageFolder(path: string, channels: 1 | 3): Labelled {
  const classes = readdirSync(path)
    .sort()
    .filter(name => statSync(join(path, name)).isDirectory())
  const found = classes.flatMap(label =>
    readdirSync(join(path, label))
      .sort()
      .filter(name => ENDINGS.includes(extname(name).toLowerCase()))
      .map(name => ({ label, file: join(path, label, name) })),
  )
  const [first] = found
  if (first === undefined) throw new Error(`${path}: no sub-folder with .png or .jpg images`)
  const { width, height } = decode(first.file)
  const size = width * height * channels
  let decoded: Uint8Array | undefined
  const pixels = () => {
    if (decoded !== undefined) return decoded
    decoded = new Uint8Array(found.length * size)
    for (const [i, { file }] of found.entries()) {
      const image = decode(file)
      if (image.width !== width || image.height !== height)
        throw new Error(`${file}: ${image.width} x ${image.height} where ${first.file} is ${width} x ${height}`)
      paint(image.data, channels, decoded.subarray(i * size, (i + 1) * size))
    }
    return decoded
  }
  return {
    images: { kind: 'images', length: found.length, shape: [height, width, channels], pixels },
    labels: cells(found.map(image => image.label)),
  }
}

/** RGBA, whatever the file holds. */
function decode(file: string): { width: number; height: number; data: Uint8Array } {
  const bytes = readFileSync(file)
  try {
    if (extname(file).toLowerCase() === '.png') return PNG.sync.read(bytes)
    return jpeg.decode(bytes, { useTArray: true, formatAsRGBA: true })
  } catch (error) {
    throw new Error(`${file}: not a readable image (${(error as Error).message})`)
  }
}

/** Grey is luma (ITU-R BT.601). Transparency is ignored. */
function paint(rgba: Uint8Array, channels: 1 | 3, out: Uint8Array): void {
  for (let from = 0, to = 0; from < rgba.length; from += 4) {
    const [r = 0, g = 0, b = 0] = [rgba[from], rgba[from + 1], rgba[from + 2]]
    if (channels === 1) out[to++] = Math.round(0.299 * r + 0.587 * g + 0.114 * b)
    else {
      out[to++] = r
      out[to++] = g
      out[to++] = b
    }
  }
}

/** Images with their labels: what IDX files and folders of images come to before they are cut into splits. */
import type { Cell, CellColumn, ImageColumn } from './column.ts'
import { cells } from './column.ts'
import { readIdx } from './idx.ts'

export interface Labelled {
  readonly images: ImageColumn
  readonly labels: CellColumn
}

/** @throws Error when a file is not what it should be, or their lengths differ. */
export function readLabelledIdx(images: string, labels: string): Labelled {
  const pixels = readIdx(images)
  const names = readIdx(labels)
  const [count = 0, height = 0, width = 0, channels = 1] = pixels.sizes
  if (pixels.sizes.length !== 3 && pixels.sizes.length !== 4)
    throw new Error(`${images}: images have 3 or 4 sizes (count, height, width, channels), not ${pixels.sizes.length}`)
  if (names.sizes.length !== 1) throw new Error(`${labels}: labels have one size, not ${names.sizes.length}`)
  if (names.sizes[0] !== count) throw new Error(`${labels}: ${names.sizes[0]} labels for ${count} images`)
  return {
    images: { kind: 'images', length: count, shape: [height, width, channels], pixels: () => pixels.values },
    labels: cells(Array.from(names.values)),
  }
}

/** A part of it, in the given order; pixels are copied when first asked for. */
export function pick(all: Labelled, rows: readonly number[]): Labelled {
  const size = all.images.shape.reduce((a, b) => a * b, 1)
  let copied: Uint8Array | undefined
  const pixels = () => {
    if (copied !== undefined) return copied
    const from = all.images.pixels()
    copied = new Uint8Array(rows.length * size)
    for (const [i, row] of rows.entries()) copied.set(from.subarray(row * size, (row + 1) * size), i * size)
    return copied
  }
  return {
    images: { kind: 'images', length: rows.length, shape: all.images.shape, pixels },
    labels: cells(rows.map(row => all.labels.values[row] as Cell)),
  }
}

export const nothing = (like: Labelled): Labelled => pick(like, [])

/**
 * `log` and its family: what a component tells the world while it runs. Everything becomes records of the attempt folder;
 * nothing here waits for a network (G5). Values that cannot be plotted are refused with a warning, never with an error.
 */
import type { Record as WireRecord } from '@flambe/protocol'
import { PNG } from 'pngjs'
import { context } from './context.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

const MAX_TAG = 500
const MAX_SCALARS = 1_000
const MAX_PNG_BYTES = 150_000

/** NaN and infinities as the wire writes them; JSON has none. */
export const wire = (v: number): number | '.nan' | '.inf' | '-.inf' =>
  Number.isNaN(v) ? '.nan' : v === Number.POSITIVE_INFINITY ? '.inf' : v === Number.NEGATIVE_INFINITY ? '-.inf' : v

/** A scalar (number), several (map of numbers), or a text, under `tag`, at `step` (default: the component's step). */
export function log(
  tag: string,
  value: number | string | { readonly [name: string]: number },
  step = context().step,
): void {
  if (typeof value === 'number') log_scalars({ [tag]: value }, step)
  else if (typeof value === 'string') log_text(tag, value, step)
  else if (value !== null && typeof value === 'object')
    log_scalars(Object.fromEntries(Object.entries(value).map(([name, v]) => [`${tag}/${name}`, v])), step)
  else refuse(tag, 'neither a number, a text nor a map of numbers')
}

/** Several scalars of one moment in one record. */
export function log_scalars(values: { readonly [tag: string]: number }, step = context().step): void {
  const points: [string, ReturnType<typeof wire>][] = []
  for (const [tag, value] of Object.entries(values)) {
    if (typeof value === 'number') points.push([prefixed(tag), wire(value)])
    else refuse(tag, 'not a number')
  }
  for (let from = 0; from < points.length; from += MAX_SCALARS) {
    const part = points.slice(from, from + MAX_SCALARS)
    emit({ t: 'points', time: Date.now(), step, tags: part.map(p => p[0]), values: part.map(p => p[1]) })
  }
}

export function log_text(tag: string, text: string, step = context().step): void {
  emit({ t: 'text', time: Date.now(), step, tag: prefixed(tag), text: short(text) })
}

/** Progress inside a long step: `done` in 0..1. */
export function log_progress(done: number, note = '', step = context().step): void {
  if (Number.isFinite(done)) emit({ t: 'progress', time: Date.now(), step, done, note: note.slice(0, 200) })
}

/**
 * An image of `height` x `width` with 1 (grey), 3 (RGB) or 4 (RGBA) values a pixel in row order: floats in 0..1, or bytes
 * in 0..255 when `pixels` is a Uint8Array. Read a tensor with `await t.data()` first. At most 150 kB as PNG.
 */
export function log_image(
  tag: string,
  pixels: ArrayLike<number>,
  [height, width, channels = 1]: readonly [number, number, number?],
  step = context().step,
): void {
  if (pixels.length !== height * width * channels || ![1, 3, 4].includes(channels) || pixels.length === 0) {
    refuse(tag, `${pixels.length} values are not an image of ${height} x ${width} x ${channels}`)
    return
  }
  const scale = pixels instanceof Uint8Array || pixels instanceof Uint8ClampedArray ? 1 : 255
  const png = new PNG({ width, height })
  const byte = (at: number) => Math.max(0, Math.min(255, Math.round((pixels[at] ?? 0) * scale)))
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) png.data[i * 4 + c] = byte(i * channels + (channels === 1 ? 0 : c))
    png.data[i * 4 + 3] = channels === 4 ? byte(i * 4 + 3) : 255
  }
  const bytes = PNG.sync.write(png, { colorType: channels === 4 ? 6 : 2 })
  if (bytes.length > MAX_PNG_BYTES) refuse(tag, `an image of ${bytes.length} bytes (at most ${MAX_PNG_BYTES})`)
  else media(tag, 'image', { png: bytes.toString('base64'), width, height }, step)
}

/** Counts of `values` in `bins` equal bins between their minimum and maximum; values that are not finite are left out. */
export function log_histogram(tag: string, values: ArrayLike<number>, bins = 30, step = context().step): void {
  const n = Math.max(1, Math.min(1_000, Math.floor(bins)))
  let [count, low, high, sum, squares] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number
    if (!Number.isFinite(v)) continue
    count++
    low = Math.min(low, v)
    high = Math.max(high, v)
    sum += v
    squares += v * v
  }
  if (count === 0) {
    refuse(tag, 'a histogram of nothing')
    return
  }
  const width = (high - low) / n || 1
  const counts = new Array<number>(n).fill(0)
  for (let i = 0; i < values.length; i++) {
    const v = values[i] as number
    if (!Number.isFinite(v)) continue
    const bin = Math.min(n - 1, Math.floor((v - low) / width) || 0)
    counts[bin] = (counts[bin] as number) + 1
  }
  const left_out = values.length - count
  media(tag, 'histogram', { min: low, max: high, count, sum, sum_squares: wire(squares), left_out, counts }, step)
}

/**
 * Precision and recall of scores in 0..1 against binary labels, at `thresholds` (at most 127) equal steps of the threshold.
 * Where nothing is predicted, precision is 1; where nothing is positive, recall is 0.
 */
export function log_pr_curve(
  tag: string,
  labels: ArrayLike<number | boolean>,
  predictions: ArrayLike<number>,
  thresholds = 127,
  step = context().step,
): void {
  if (labels.length !== predictions.length || labels.length === 0) {
    refuse(tag, `${labels.length} labels and ${predictions.length} predictions`)
    return
  }
  const n = Math.max(2, Math.min(127, Math.floor(thresholds)))
  const [tp, fp, fn, tn] = Array.from({ length: 4 }, () => new Array<number>(n).fill(0)) as [
    number[],
    number[],
    number[],
    number[],
  ]
  const add = (counts: number[], at: number) => {
    counts[at] = (counts[at] as number) + 1
  }
  for (let i = 0; i < labels.length; i++) {
    const positive = Boolean(labels[i])
    for (let k = 0; k < n; k++) {
      const predicted = (predictions[i] as number) >= k / (n - 1)
      add(positive ? (predicted ? tp : fn) : predicted ? fp : tn, k)
    }
  }
  const precision = tp.map((t, k) => (t + (fp[k] as number) === 0 ? 1 : t / (t + (fp[k] as number))))
  const recall = tp.map((t, k) => (t + (fn[k] as number) === 0 ? 0 : t / (t + (fn[k] as number))))
  media(tag, 'pr_curve', { thresholds: n, precision, recall, tp, fp, fn, tn }, step)
}

/** Values that belong to the whole trial: one row of the hyper-parameter table. */
export function log_hparams(values: { readonly [name: string]: null | boolean | number | string }): void {
  const kept = Object.fromEntries(
    Object.entries(values).map(([name, v]) => [name.slice(0, 200), typeof v === 'number' ? wire(v) : v]),
  )
  if (JSON.stringify(kept).length > 50_000) refuse('hparams', 'more than 50,000 characters')
  else context().write({ t: 'hparams', time: Date.now(), values: kept })
}

function media(
  tag: string,
  kind: 'image' | 'histogram' | 'pr_curve',
  data: { readonly [k: string]: Json },
  step: number,
): void {
  emit({ t: 'media', time: Date.now(), step, tag: prefixed(tag), kind, data: data as never })
}

/** A step that is no number would make the whole record unreadable. */
function emit(record: WireRecord & { readonly step: number }): void {
  context().write(Number.isFinite(record.step) ? record : { ...record, step: context().step })
}

/** At most 100,000 characters, and short enough for one record in any script. */
const short = (text: string) =>
  Buffer.byteLength(text.slice(0, 100_000)) > 200_000 ? text.slice(0, 60_000) : text.slice(0, 100_000)

const prefixed = (tag: string) => (context().prefix + tag).slice(0, MAX_TAG)

function refuse(tag: string, why: string): void {
  console.warn(`log(${JSON.stringify(tag)}): ${why}; not plotted`)
}

// The order of numbers in a known range: a radix sort of three passes over 32-bit keys, stable, much faster than comparing.
// Numbers nearer than 2^-32 of the range count as equal.

/** Indexes of `values` from the least to the largest; equal ones in the order in which they stand. */
export function orderOf(values: Float64Array, low: number, high: number): Uint32Array {
  const n = values.length
  const scale = high > low ? 0xffffffff / (high - low) : 0
  const keys = new Uint32Array(n)
  for (let at = 0; at < n; at++) keys[at] = ((values[at] as number) - low) * scale
  let from = new Uint32Array(n)
  for (let at = 0; at < n; at++) from[at] = at
  let to = new Uint32Array(n)
  for (let shift = 0; shift < 33; shift += 11) {
    const starts = new Uint32Array(2049)
    for (let at = 0; at < n; at++) {
      const digit = ((keys[at] as number) >>> shift) & 2047
      starts[digit + 1] = (starts[digit + 1] as number) + 1
    }
    for (let digit = 0; digit < 2048; digit++)
      starts[digit + 1] = (starts[digit + 1] as number) + (starts[digit] as number)
    for (let at = 0; at < n; at++) {
      const index = from[at] as number
      const digit = ((keys[index] as number) >>> shift) & 2047
      const place = starts[digit] as number
      starts[digit] = place + 1
      to[place] = index
    }
    ;[from, to] = [to, from]
  }
  return from
}

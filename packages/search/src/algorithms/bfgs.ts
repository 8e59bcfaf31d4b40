// Minimisation of a smooth function in a box: BFGS on the free coordinates with projection and halving steps
// (Nocedal and Wright, 2006, chapters 6 and 16). Small problems: a few dozen coordinates.

export interface Slope {
  readonly value: number
  readonly gradient: Float64Array
}

export interface BfgsOptions {
  readonly low: number
  readonly high: number
  /** Evaluations of the function at most. */
  readonly evaluations: number
  /** Ends when the largest free slope is below; default 1e-4. */
  readonly tolerance?: number
}

export function bfgs(
  start: Float64Array,
  slope: (x: Float64Array) => Slope,
  { low, high, evaluations, tolerance = 1e-4 }: BfgsOptions,
): { readonly x: Float64Array; readonly value: number } {
  const d = start.length
  let x = start.map(value => Math.min(Math.max(value, low), high))
  let here = slope(x)
  let spent = 1
  let h = identity(d)
  while (spent < evaluations) {
    const held = holds(x, here.gradient, low, high)
    const free = here.gradient.map((g, at) => (held[at] ? 0 : g))
    if (free.every(g => Math.abs(g) < tolerance)) break
    let direction = free.map((_, i) => (held[i] ? 0 : -row(h, i, free)))
    let downhill = dot(direction, free)
    if (!(downhill < 0)) {
      h = identity(d)
      direction = free.map(g => -g)
      downhill = dot(direction, free)
    }
    // The first step has no curvature yet: it may not leave a quarter of the box.
    const longest = direction.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    let step = Math.min(1, (high - low) / 4 / longest)
    let next = x
    let there = here
    let found = false
    while (spent < evaluations && !found && step > 1e-8) {
      next = x.map((value, at) => Math.min(Math.max(value + step * (direction[at] ?? 0), low), high))
      there = slope(next)
      spent++
      found = Number.isFinite(there.value) && there.value <= here.value + 1e-4 * step * downhill
      if (!found) step *= 0.3
    }
    if (!found) break
    h = updated(h, sub(next, x), sub(there.gradient, here.gradient))
    const gained = here.value - there.value
    x = next
    here = there
    if (gained < 1e-9 * (1 + Math.abs(here.value))) break
  }
  return { x, value: here.value }
}

/** At an end of the box, with the slope pointing outwards. */
function holds(x: Float64Array, gradient: Float64Array, low: number, high: number): boolean[] {
  return Array.from(x, (value, at) => {
    const g = gradient[at] ?? 0
    return (value <= low && g > 0) || (value >= high && g < 0)
  })
}

function updated(h: Float64Array[], s: Float64Array, y: Float64Array): Float64Array[] {
  const sy = dot(s, y)
  if (!(sy > 1e-12)) return h
  const hy = Float64Array.from(h, r => dot(r, y))
  const scale = (1 + dot(y, hy) / sy) / sy
  return h.map((r, i) =>
    r.map(
      (value, j) =>
        value + scale * (s[i] ?? 0) * (s[j] ?? 0) - ((hy[i] ?? 0) * (s[j] ?? 0) + (s[i] ?? 0) * (hy[j] ?? 0)) / sy,
    ),
  )
}

function identity(d: number): Float64Array[] {
  return Array.from({ length: d }, (_, at) => Float64Array.from({ length: d }, (_, other) => (at === other ? 1 : 0)))
}

function row(h: readonly Float64Array[], at: number, x: Float64Array): number {
  return dot(h[at] ?? x, x)
}

function sub(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => value - (b[at] ?? 0))
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number)
  return sum
}

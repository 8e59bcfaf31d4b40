/**
 * What a chart draws from bucketed series: smoothing, the value at a step, and the table of all curves by step (which is also
 * the CSV). Pure. Missing values are null, never interpolated.
 */

export interface Curve {
  readonly id: string
  readonly label: string
  readonly number: number
  readonly steps: readonly number[]
  readonly values: readonly (number | null)[]
  readonly mins: readonly (number | null)[]
  readonly maxs: readonly (number | null)[]
}

/**
 * Exponential moving average with bias correction, as TensorBoard does it: s = w s + (1 - w) x, shown as s / (1 - w^n).
 * `weight` 0 changes nothing; missing values stay missing and do not count.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values]
  let sum = 0
  let count = 0
  return values.map(value => {
    if (value === null || !Number.isFinite(value)) return value
    count += 1
    sum = sum * weight + (1 - weight) * value
    return sum / (1 - weight ** count)
  })
}

/** True when some bucket holds more than one value: then there is a band to draw. */
export function isBucketed(curve: Pick<Curve, 'mins' | 'maxs'>): boolean {
  return curve.mins.some((min, i) => min !== null && min !== curve.maxs[i])
}

/** Index of the last step that is not after x; -1 when all are. `steps` ascend. */
export function indexAt(steps: readonly number[], x: number): number {
  let low = 0
  let high = steps.length
  while (low < high) {
    const mid = (low + high) >> 1
    if ((steps[mid] as number) <= x) low = mid + 1
    else high = mid
  }
  return low - 1
}

/** Index of the step nearest to x; -1 when there is none. */
export function indexNear(steps: readonly number[], x: number): number {
  const before = indexAt(steps, x)
  const after = before + 1
  if (before < 0) return steps.length === 0 ? -1 : 0
  if (after >= steps.length) return before
  return x - (steps[before] as number) <= (steps[after] as number) - x ? before : after
}

export interface StepRow {
  readonly step: number
  /** One value a curve, in the curves' order. */
  readonly values: readonly (number | null)[]
}

/** Joins curves by step: one row a step that any of them has, ascending. */
export function joinBySteps(curves: readonly Pick<Curve, 'steps' | 'values'>[]): StepRow[] {
  const steps = [...new Set(curves.flatMap(curve => curve.steps))].sort((a, b) => a - b)
  const places = curves.map(curve => new Map(curve.steps.map((step, i) => [step, curve.values[i] ?? null])))
  return steps.map(step => ({ step, values: places.map(place => place.get(step) ?? null) }))
}

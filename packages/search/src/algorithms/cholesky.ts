// Dense symmetric positive definite systems on flat row-major arrays: what a Gaussian process needs, and no more.

/** The lower factor of `a` (n x n, its lower half is read), in place of a new array; null when not positive definite. */
export function cholesky(a: Float64Array, n: number): Float64Array | null {
  const l = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let j = 0; j <= i; j++) {
      const other = j * n
      const sum = (a[row + j] as number) - dot(l, row, l, other, j)
      if (i > j) l[row + j] = sum / (l[other + j] as number)
      else if (sum > 0) l[row + j] = Math.sqrt(sum)
      else return null
    }
  }
  return l
}

/** The inverse of L, lower and row-major. */
export function inverseLower(l: Float64Array, n: number): Float64Array {
  // Column j of the inverse as row j of its transpose, so that every inner loop walks along a row.
  const t = new Float64Array(n * n)
  for (let j = 0; j < n; j++) {
    const column = j * n
    t[column + j] = 1 / (l[column + j] as number)
    for (let i = j + 1; i < n; i++) {
      const row = i * n
      t[column + i] = -dot(l, row + j, t, column + j, i - j) / (l[row + i] as number)
    }
  }
  const inverse = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) inverse[i * n + j] = t[j * n + i] as number
  return inverse
}

/** The inverse of L L^T from the inverse of L, whole and symmetric. */
export function inverseOf(inverse: Float64Array, n: number): Float64Array {
  const t = new Float64Array(n * n)
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) t[j * n + i] = inverse[i * n + j] as number
  const whole = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const sum = dot(t, i * n + i, t, j * n + i, n - i)
      whole[i * n + j] = sum
      whole[j * n + i] = sum
    }
  return whole
}

/** A x for a symmetric A. */
export function times(a: Float64Array, x: Float64Array): Float64Array {
  const n = x.length
  const y = new Float64Array(n)
  for (let i = 0; i < n; i++) y[i] = dot(a, i * n, x, 0, n)
  return y
}

/** The product of `length` numbers of each, from these places on; four sums at a time, since each waits for its last. */
export function dot(a: Float64Array, from: number, b: Float64Array, other: number, length: number): number {
  let s = 0
  let t = 0
  let u = 0
  let v = 0
  let k = 0
  for (; k + 3 < length; k += 4) {
    s += (a[from + k] as number) * (b[other + k] as number)
    t += (a[from + k + 1] as number) * (b[other + k + 1] as number)
    u += (a[from + k + 2] as number) * (b[other + k + 2] as number)
    v += (a[from + k + 3] as number) * (b[other + k + 3] as number)
  }
  for (; k < length; k++) s += (a[from + k] as number) * (b[other + k] as number)
  return s + t + (u + v)
}

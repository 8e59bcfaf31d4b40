// Dense symmetric positive definite systems on flat row-major arrays: what a Gaussian process needs, and no more.

/** The lower factor of `a` (n x n, its lower half is read), in place of a new array; null when not positive definite. */
export function cholesky(a: Float64Array, n: number): Float64Array | null {
  const l = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    const row = i * n
    for (let j = 0; j <= i; j++) {
      const other = j * n
      let sum = a[row + j] as number
      for (let k = 0; k < j; k++) sum -= (l[row + k] as number) * (l[other + k] as number)
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
      let sum = 0
      for (let k = j; k < i; k++) sum += (l[row + k] as number) * (t[column + k] as number)
      t[column + i] = -sum / (l[row + i] as number)
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
      let sum = 0
      for (let k = i; k < n; k++) sum += (t[i * n + k] as number) * (t[j * n + k] as number)
      whole[i * n + j] = sum
      whole[j * n + i] = sum
    }
  return whole
}

/** A x for a symmetric A. */
export function times(a: Float64Array, x: Float64Array): Float64Array {
  const n = x.length
  const y = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let k = 0, row = i * n; k < n; k++) sum += (a[row + k] as number) * (x[k] as number)
    y[i] = sum
  }
  return y
}

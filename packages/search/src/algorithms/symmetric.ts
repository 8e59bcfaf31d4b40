// Eigenvalues and eigenvectors of a small symmetric matrix by Jacobi's rotations (cyclic, as in Golub and Van Loan).
// Used by CMA-ES; a few dozen rows at most.

export type Matrix = readonly (readonly number[])[]

/** `vectors[k]` belongs to `values[k]`. */
export function eigen(matrix: Matrix): { readonly values: number[]; readonly vectors: number[][] } {
  const n = matrix.length
  const a = matrix.map(row => [...row])
  const v = a.map((_, at) => a.map((_, other) => (at === other ? 1 : 0)))
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) off += at(a, p, q) ** 2
    if (off < 1e-300) break
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, p, q)
  }
  return { values: a.map((_, k) => at(a, k, k)), vectors: v }
}

function rotate(a: number[][], v: number[][], p: number, q: number): void {
  const apq = at(a, p, q)
  if (apq === 0) return
  const theta = (at(a, q, q) - at(a, p, p)) / (2 * apq)
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (const row of a) turn(row, p, q, c, s)
  turnRows(a, p, q, c, s)
  turnRows(v, p, q, c, s)
}

function turn(row: number[], p: number, q: number, c: number, s: number): void {
  const x = row[p] ?? 0
  const y = row[q] ?? 0
  row[p] = c * x - s * y
  row[q] = s * x + c * y
}

function turnRows(rows: number[][], p: number, q: number, c: number, s: number): void {
  const x = rows[p] ?? []
  const y = rows[q] ?? []
  for (let k = 0; k < x.length; k++) {
    const above = x[k] ?? 0
    const below = y[k] ?? 0
    x[k] = c * above - s * below
    y[k] = s * above + c * below
  }
}

function at(a: Matrix, p: number, q: number): number {
  return a[p]?.[q] ?? 0
}

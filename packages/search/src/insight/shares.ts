// Importances as shares that sum to 1, the largest first.

export interface Importance {
  readonly name: string
  /** In [0, 1]; all are 0 when nothing can be told. */
  readonly share: number
}

export function shares(raw: readonly { readonly name: string; readonly raw: number }[]): Importance[] {
  const total = raw.reduce((sum, { raw: value }) => sum + value, 0)
  return raw
    .map(({ name, raw: value }) => ({ name, share: total > 0 ? value / total : 0 }))
    .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1))
}

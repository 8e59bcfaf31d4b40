// The one-sided Wilcoxon signed-rank test with zeros split, as scipy.stats.wilcoxon(alternative='greater', zero_method='zsplit'):
// exact up to 50 differences without zeros or ties, else the normal approximation with the correction for ties.

/** How likely differences this large, or larger, are when there is none; 1 for no differences. */
export function signedRankP(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs)
  const count = differences.length
  if (count === 0) return 1
  const order = sizes.map((_, at) => at).sort((a, b) => (sizes[a] ?? 0) - (sizes[b] ?? 0))
  const ranks = new Array<number>(count).fill(0)
  let ties = 0
  for (let from = 0; from < count; ) {
    let to = from
    while (to < count && sizes[order[to] ?? 0] === sizes[order[from] ?? 0]) to++
    for (let at = from; at < to; at++) ranks[order[at] ?? 0] = (from + to + 1) / 2
    ties += (to - from) ** 3 - (to - from)
    from = to
  }
  const sum = differences.reduce((all, difference, at) => {
    const rank = ranks[at] ?? 0
    return all + (difference > 0 ? rank : difference === 0 ? rank / 2 : 0)
  }, 0)
  const plain = ties === 0 && !sizes.includes(0)
  return plain && count <= 50 ? exact(count, sum) : approximate(count, sum, ties)
}

/** The share of the 2^count sign patterns whose positive ranks sum to at least `sum`. */
function exact(count: number, sum: number): number {
  const most = (count * (count + 1)) / 2
  let ways = [1]
  for (let rank = 1; rank <= count; rank++) {
    const more = new Array<number>(Math.min(most, ways.length + rank - 1) + 1).fill(0)
    for (const [at, number] of ways.entries()) {
      more[at] = (more[at] ?? 0) + number / 2
      more[at + rank] = (more[at + rank] ?? 0) + number / 2
    }
    ways = more
  }
  let share = 0
  for (let at = sum; at <= most; at++) share += ways[at] ?? 0
  return Math.min(share, 1)
}

function approximate(count: number, sum: number, ties: number): number {
  const middle = (count * (count + 1)) / 4
  const spread = Math.sqrt((count * (count + 1) * (2 * count + 1) - ties / 2) / 24)
  if (spread === 0) return 1
  return upperTail((sum - middle) / spread)
}

/** Of the standard normal (Abramowitz and Stegun, 1964, 26.2.17; absolute error below 1e-7). */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z))
  const series = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))))
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series
  return z >= 0 ? tail : 1 - tail
}

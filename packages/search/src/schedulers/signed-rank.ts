// The one-sided Wilcoxon signed-rank test with zeros split, as scipy.stats.wilcoxon(alternative='greater', zero_method='zsplit'):
// exact up to 50 differences, 13 where some are zero or tied, else the normal approximation with the correction for ties.

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
  if (plain && count <= 50) return exact(count, sum)
  if (plain || count > 13) return approximate(count, sum, ties)
  // Ranks of ties are halves, so they are counted twice; the share of zeros is the same in every pattern.
  const doubled = ranks.filter((_, at) => sizes[at] !== 0).map(rank => 2 * rank)
  const ofZeros = ranks.filter((_, at) => sizes[at] === 0).reduce((all, rank) => all + rank / 2, 0)
  return tailsOf(doubled)[2 * (sum - ofZeros)] ?? 0
}

/** The share of the 2^count sign patterns whose positive ranks sum to at least `sum`. */
function exact(count: number, sum: number): number {
  const known = tails.get(count) ?? tailsOf(Array.from({ length: count }, (_, at) => at + 1))
  tails.set(count, known)
  return known[sum] ?? 0
}

/** By count: for each sum, the share of patterns that reach it. Made once, since it follows from the count alone. */
const tails = new Map<number, readonly number[]>()

function tailsOf(ranks: readonly number[]): number[] {
  let shares = [1]
  for (const rank of ranks) {
    const more = new Array<number>(shares.length + rank).fill(0)
    for (const [at, share] of shares.entries()) {
      more[at] = (more[at] ?? 0) + share / 2
      more[at + rank] = (more[at + rank] ?? 0) + share / 2
    }
    shares = more
  }
  for (let at = shares.length - 2; at >= 0; at--) shares[at] = (shares[at] ?? 0) + (shares[at + 1] ?? 0)
  return shares.map(share => Math.min(share, 1))
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

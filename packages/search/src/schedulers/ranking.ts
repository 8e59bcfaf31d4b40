// A persistent ranking of trials by score, best first, ties by trial number: chunks of at most 128 entries, so that an entry
// costs one chunk and the list of chunks, and the ranking before it stays as it was. Scores are finite: the worst possible
// never enters. Rung tables, medians and populations are rankings.

export type Entry = readonly [score: number, trial: number]
export type Ranking = readonly (readonly Entry[])[]

const MOST = 128

export const emptyRanking: Ranking = []

export function withEntry(ranking: Ranking, score: number, trial: number): Ranking {
  const entry: Entry = [score, trial]
  const found = chunkFor(ranking, entry)
  const chunk = ranking[found]
  if (chunk === undefined) return [[entry]]
  const at = placeIn(chunk, entry)
  const grown = [...chunk.slice(0, at), entry, ...chunk.slice(at)]
  const parts = grown.length <= MOST ? [grown] : [grown.slice(0, MOST / 2), grown.slice(MOST / 2)]
  return [...ranking.slice(0, found), ...parts, ...ranking.slice(found + 1)]
}

/** The same ranking when it holds no such entry. */
export function withoutEntry(ranking: Ranking, score: number, trial: number): Ranking {
  const entry: Entry = [score, trial]
  const found = chunkFor(ranking, entry)
  const chunk = ranking[found]
  if (chunk === undefined) return ranking
  const at = placeIn(chunk, entry)
  const there = chunk[at]
  if (there === undefined || there[0] !== score || there[1] !== trial) return ranking
  const rest = [...chunk.slice(0, at), ...chunk.slice(at + 1)]
  return [...ranking.slice(0, found), ...(rest.length === 0 ? [] : [rest]), ...ranking.slice(found + 1)]
}

export function sizeOf(ranking: Ranking): number {
  let size = 0
  for (const chunk of ranking) size += chunk.length
  return size
}

/** How many entries stand strictly before this one: 0 for the best; ties by trial number. */
export function placeOf(ranking: Ranking, score: number, trial: number): number {
  const entry: Entry = [score, trial]
  let place = 0
  for (const chunk of ranking) {
    const last = chunk[chunk.length - 1]
    if (last !== undefined && before(last, entry)) place += chunk.length
    else return place + placeIn(chunk, entry)
  }
  return place
}

/** How many scores are strictly better. */
export function betterThan(ranking: Ranking, score: number): number {
  return placeOf(ranking, score, Number.NEGATIVE_INFINITY)
}

export function entryAt(ranking: Ranking, place: number): Entry | undefined {
  let left = place
  for (const chunk of ranking) {
    if (left < chunk.length) return chunk[left]
    left -= chunk.length
  }
  return undefined
}

/** Linear interpolation between neighbours; `share` of the way from the best to the worst. Undefined for nobody. */
export function quantileOf(ranking: Ranking, share: number): number | undefined {
  const place = share * (sizeOf(ranking) - 1)
  const above = entryAt(ranking, Math.floor(place))?.[0]
  const below = entryAt(ranking, Math.ceil(place))?.[0]
  if (above === undefined || below === undefined) return undefined
  return above + (below - above) * (place - Math.floor(place))
}

function before(a: Entry, b: Entry): boolean {
  return a[0] > b[0] || (a[0] === b[0] && a[1] < b[1])
}

/** The first chunk whose last entry is not before this one; the last chunk when all are. */
function chunkFor(ranking: Ranking, entry: Entry): number {
  let low = 0
  let high = ranking.length - 1
  while (low < high) {
    const middle = (low + high) >>> 1
    const chunk = ranking[middle]
    const last = chunk?.[chunk.length - 1]
    if (last !== undefined && before(last, entry)) low = middle + 1
    else high = middle
  }
  return low
}

function placeIn(chunk: readonly Entry[], entry: Entry): number {
  let low = 0
  let high = chunk.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const there = chunk[middle]
    if (there !== undefined && before(there, entry)) low = middle + 1
    else high = middle
  }
  return low
}

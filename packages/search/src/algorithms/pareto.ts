// Several objectives: who dominates whom, and how much space a set of points covers. Larger is better everywhere here.

export type Point = readonly number[]

/** At least as good everywhere and better somewhere. */
export function dominates(a: Point, b: Point): boolean {
  let better = false
  for (let at = 0; at < a.length; at++) {
    const x = a[at] ?? Number.NEGATIVE_INFINITY
    const y = b[at] ?? Number.NEGATIVE_INFINITY
    if (x < y) return false
    if (x > y) better = true
  }
  return better
}

/** The front of each point, 0 for the best: efficient non-dominated sorting (Zhang et al., 2015), by binary search. */
export function frontsOf(points: readonly Point[]): number[] {
  const order = points.map((_, at) => at).sort((a, b) => byAxes(points[b] ?? [], points[a] ?? []) || a - b)
  const fronts: Point[][] = []
  const ranks = new Array<number>(points.length).fill(0)
  for (const at of order) {
    const point = points[at] ?? []
    let low = 0
    let high = fronts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (fronts[middle]?.some(other => dominates(other, point))) low = middle + 1
      else high = middle
    }
    ranks[at] = low
    // Newest first: the member that dominates the next point is most likely near it.
    const front = fronts[low]
    if (front === undefined) fronts.push([point])
    else front.unshift(point)
  }
  return ranks
}

/** The volume between the points and a reference that is worse everywhere: WFG (While, Bradstreet and Barone, 2012). */
export function hypervolume(points: readonly Point[], reference: Point): number {
  const inside = points.filter(point => point.every((x, at) => x > (reference[at] ?? 0)))
  return reference.length === 2 ? area(inside, reference) : volume(frontOf(inside), reference)
}

/** Indexes of `count` points that cover much volume together, taken greedily; (1 - 1/e) of the best (Guerreiro 2021). */
export function spread(points: readonly Point[], count: number, reference: Point): number[] {
  const chosen: number[] = []
  const gains = points.map(point => hypervolume([point], reference))
  let covered = 0
  while (chosen.length < Math.min(count, points.length)) {
    // Gains only shrink as more is covered, so a stale gain is an upper bound: only the leader is computed anew.
    let best = -1
    for (;;) {
      let leader = -1
      for (let at = 0; at < points.length; at++)
        if (!chosen.includes(at) && (leader < 0 || (gains[at] ?? 0) > (gains[leader] ?? 0))) leader = at
      if (leader === best) break
      best = leader
      gains[leader] =
        hypervolume(
          [...chosen, leader].map(at => points[at] ?? []),
          reference,
        ) - covered
    }
    chosen.push(best)
    covered += gains[best] ?? 0
  }
  return chosen
}

/** A little beyond the worst of each axis, so that the ends of a front count too. */
export function referenceOf(points: readonly Point[]): number[] {
  return (points[0] ?? []).map((_, at) => {
    const axis = points.map(point => point[at] ?? 0).filter(Number.isFinite)
    const worst = Math.min(...axis)
    const margin = (Math.max(...axis) - worst) * 0.1
    return axis.length === 0 ? 0 : worst - (margin > 0 ? margin : 1e-12 + Math.abs(worst) * 1e-9)
  })
}

function frontOf(points: readonly Point[]): Point[] {
  const ranks = frontsOf(points)
  return points.filter((_, at) => ranks[at] === 0)
}

function byAxes(a: Point, b: Point): number {
  for (let at = 0; at < a.length; at++) {
    const x = a[at] ?? 0
    const y = b[at] ?? 0
    if (x !== y) return x < y ? -1 : 1
  }
  return 0
}

function area(points: readonly Point[], reference: Point): number {
  const sorted = [...points].sort((a, b) => (b[0] ?? 0) - (a[0] ?? 0))
  let covered = 0
  let height = reference[1] ?? 0
  for (const point of sorted) {
    const y = point[1] ?? 0
    if (y <= height) continue
    covered += ((point[0] ?? 0) - (reference[0] ?? 0)) * (y - height)
    height = y
  }
  return covered
}

function volume(points: readonly Point[], reference: Point): number {
  return points.reduce((sum, point, at) => {
    const own = point.reduce((product, x, axis) => product * (x - (reference[axis] ?? 0)), 1)
    const limited = points.slice(at + 1).map(other => other.map((x, axis) => Math.min(x, point[axis] ?? x)))
    return sum + own - (limited.length === 0 ? 0 : volume(frontOf(limited), reference))
  }, 0)
}

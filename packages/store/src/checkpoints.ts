/**
 * Which checkpoints of a trial stay: the newest `keep`, the newest one saved at the best step (checkpoints are taken at every
 * new best), and the one that the trial itself points at. Pure.
 */

export interface Kept {
  readonly number: number
  readonly step: number
  /** Best step of the trial so far; null before the first metric. */
  readonly best_step: number | null
}

/** Numbers of those that stay. */
export function keptCheckpoints(
  checkpoints: readonly Kept[],
  policy: { readonly keep: number; readonly newest: number | null },
): ReadonlySet<number> {
  const ordered = [...checkpoints].sort((a, b) => b.number - a.number)
  const kept = new Set(ordered.slice(0, Math.max(1, policy.keep)).map(c => c.number))
  const best = ordered.find(c => c.step === c.best_step)
  if (best) kept.add(best.number)
  if (policy.newest !== null) kept.add(policy.newest)
  return kept
}

/**
 * When more trials of a search are not worth their cost: `patience` and `plateau` of the experiment's budget (the rules of Ax and of Ray
 * Tune's ExperimentPlateauStopper). Pure over the history, so that a hub start finds the same; called before a trial is proposed.
 */
import type { PlannedBlock, Settings } from '@flambe/language'
import { type History, type Mode, objectivesOf, type Report, score, type TrialRecord } from '@flambe/search'

/** Ray Tune's `top`. */
const TOP = 10

/** Why nothing more is proposed, in words; null while something may. A trial that failed or was lost counts for neither rule. */
export function exhausted({ search, mode }: PlannedBlock, budget: Settings['budget'], history: History): string | null {
  const { patience, plateau } = budget
  if (search === null || (patience === undefined && plateau === undefined)) return null
  const modes = objectivesOf(search.tag, search.params, mode).map(own => own.mode)
  const ended = history.filter(({ status }) => status === 'complete' || status === 'stopped')
  if (patience !== undefined && sinceBetter(ended, modes) >= patience)
    return `${patience} trials in a row were no better than those before (patience)`
  // The spread of several objectives at once means nothing.
  if (plateau === undefined || modes.length > 1 || ended.length < TOP) return null
  const top = ended
    .map(trial => bestOf(trial, modes)[0] ?? Number.NEGATIVE_INFINITY)
    .sort((a, b) => b - a)
    .slice(0, TOP)
  const spread = deviation(top)
  return spread <= plateau
    ? `the best ${TOP} trials lie within a standard deviation of ${Number(spread.toPrecision(2))} (plateau)`
    : null
}

/** Trials, in the order of their numbers, since the last that was better, or with several objectives worse than none before. */
function sinceBetter(ended: History, modes: readonly Mode[]): number {
  let front: readonly (readonly number[])[] = []
  let since = 0
  for (const trial of ended) {
    const own = bestOf(trial, modes)
    since++
    if (own.every(value => value === Number.NEGATIVE_INFINITY) || front.some(other => coversIt(other, own))) continue
    front = [...front.filter(other => !coversIt(own, other)), own]
    since = 0
  }
  return since
}

/** Scores, larger is better: the best report, or with several objectives the last. */
function bestOf({ reports }: TrialRecord, modes: readonly Mode[]): readonly number[] {
  const [first = 'min'] = modes
  if (modes.length === 1) return [reports.reduce((most, { value }) => Math.max(most, score(value, first)), -Infinity)]
  const last: Report | undefined = reports.at(-1)
  return modes.map((mode, i) => score(last?.values?.[i] ?? null, mode))
}

const coversIt = (one: readonly number[], other: readonly number[]): boolean =>
  one.every((value, i) => value >= (other[i] ?? Number.NEGATIVE_INFINITY))

/** NaN, so never within bounds, when some of them have no finite value. */
function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

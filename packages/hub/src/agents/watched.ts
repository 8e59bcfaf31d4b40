/** Which logged scalars the search of an attempt's block looks at (`metric`, `constraints`), for the intake of its records. */
import { type AttemptRow, watchedTags } from '@flambe/engine'
import type { Committed } from '../rows/committed.ts'

export function watchedBy(rows: Committed, attempt: AttemptRow): readonly string[] {
  const block = rows.trials.get(attempt.trial)?.block
  const planned = rows.experiments.get(attempt.experiment)?.plan.blocks.find(({ id }) => id === block)
  return planned === undefined ? [] : watchedTags(planned)
}

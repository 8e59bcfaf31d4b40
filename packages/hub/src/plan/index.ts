/**
 * YAML text to a Plan with everything that this build knows: components, search algorithms and schedulers. What `@flambe/search`
 * says of a block's space stands among the Problems, at its entry. The one way for hub and command; pure, loads no server.
 */
import {
  type ExtensionPieces,
  entryProblem,
  inOrder,
  type Plan,
  type Planned,
  type PlannedScheduler,
  type PlannedSearch,
  type Problem,
  parse,
  plan,
  searchEntries,
} from '@flambe/language'
import { type Space, schedulerProblems, searchProblems } from '@flambe/search'
import { catalogue } from './catalogue.ts'

export { catalogue } from './catalogue.ts'
export { type TuningView, tuningOf } from './tuning.ts'

export interface PlanTextOptions {
  /** For messages. */
  readonly file: string
  /** Wins over the file's. */
  readonly seed: number | null
  /** Taken when neither says one. */
  readonly fallbackSeed: number
  /** Results of this name are to be removed: the file may not resume them. */
  readonly force?: boolean
  /** What is known of the extensions; absent: their tags are not checked. */
  readonly extensions?: ExtensionPieces
  /** Whether a local resource is there; absent: not asked. */
  readonly resourceExists?: (location: string) => boolean
}

/** Never throws on what a user wrote. `written`: the seed that stands in the file. */
export function planText(text: string, options: PlanTextOptions): Planned & { readonly written: number | null } {
  const parsed = parse(text, { file: options.file })
  if (parsed.experiment === null) return { plan: null, problems: parsed.problems, written: null }
  const written = parsed.experiment.seed
  const planned = plan(parsed.experiment, {
    catalogue,
    fallbackSeed: options.fallbackSeed,
    force: options.force === true,
    ...(options.seed === null ? {} : { seed: options.seed }),
    ...(options.extensions === undefined ? {} : { extensions: options.extensions }),
    ...(options.resourceExists === undefined ? {} : { resourceExists: options.resourceExists }),
  })
  const tuning = planned.plan === null ? [] : tuningProblems(planned.plan, options.file)
  return {
    plan: tuning.length === 0 ? planned.plan : null,
    problems: inOrder([...parsed.problems, ...planned.problems, ...tuning]),
    written,
  }
}

function tuningProblems(made: Plan, file: string): Problem[] {
  // A budget of the experiment ends a search too, on each of its four grounds.
  const bounded = Object.values(made.settings.budget).some(limit => limit !== null)
  return searchEntries(made).flatMap(({ search, scheduler, space }) => {
    const searched = search === null ? [] : searchProblems(search.tag, counted(search), space as Space, { bounded })
    const scheduled =
      scheduler === null
        ? []
        : schedulerProblems(scheduler.tag, scheduler.params, search === null ? null : (space as Space))
    return [
      ...searched.map(words => entryProblem(search as PlannedSearch, words, file)),
      ...scheduled.map(words => entryProblem(scheduler as PlannedScheduler, words, file)),
    ]
  })
}

/** `n_trials` was taken out by the language; the algorithm's own checks count by it. */
const counted = ({ params, n_trials }: PlannedSearch) => (n_trials === null ? params : { ...params, n_trials })

/** A trial's variant, from its row: what `resolve` of the language turns into the configuration that the trial builds. */
import {
  ancestries,
  isEnumerable,
  type Plan,
  type Variant,
  variantAt,
  variantFrom,
  variantOf,
  variants,
  variantsUpon,
} from '@flambe/language'
import type { Draft } from '../draft.ts'
import type { TrialRow } from '../rows.ts'

/** How plans become variants: the language's functions of these names; tests of the engine bring their own. */
export interface VariantSource {
  readonly all: typeof variants
  readonly at: typeof variantAt
  readonly upon: typeof variantsUpon
  readonly of: typeof variantOf
  readonly from: typeof variantFrom
  readonly ancestries: typeof ancestries
  readonly enumerable: typeof isEnumerable
}

export const languageVariants: VariantSource = {
  all: variants,
  at: variantAt,
  upon: variantsUpon,
  of: variantOf,
  from: variantFrom,
  ancestries,
  enumerable: isEnumerable,
}

/** Throws when the row does not fit the plan. */
export function variantOfRow(source: VariantSource, plan: Plan, trial: TrialRow): Variant {
  return trial.drawn ? source.from(plan, trial.block, trial.drawn) : source.at(plan, trial.block, trial.variant_index)
}

export const variantOfTrial = (draft: Draft, trial: TrialRow): Variant =>
  variantOfRow(draft.variants, draft.experiment(trial.experiment).plan, trial)

export const drawnOf = ({ choices, values }: Variant): NonNullable<TrialRow['drawn']> => ({ choices, values })

// `!Grid`.

import type { SearchDefinition } from '../../catalogue/definition.ts'
import { gridProblems, gridSearch } from '../grid.ts'

export const grid: SearchDefinition = {
  kind: 'search',
  tag: 'Grid',
  description: 'Every combination of choices, integer and stepped ranges, once each.',
  source: 'exhaustive enumeration in canonical order',
  params: [],
  exhaustive: true,
  problems: (_params, space) => gridProblems(space),
  build: (_params, { space }) => gridSearch({ space }),
}

// `!Random`.

import type { SearchDefinition } from '../../catalogue/definition.ts'
import { randomSearch } from '../random.ts'

export const random: SearchDefinition = {
  kind: 'search',
  tag: 'Random',
  description: 'An independent draw of the whole space for every trial.',
  source: 'Bergstra and Bengio, 2012',
  params: [],
  build: (_params, { space, seed, block }) => randomSearch({ space, seed, block }),
}

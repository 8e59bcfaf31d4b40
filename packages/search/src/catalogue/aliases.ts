// Names of other engines that users of Flambé write, and what they mean here. The registry and the catalogue read them.

import type { AliasDefinition } from './definition.ts'
import { raySchedulers } from './ray-schedulers.ts'
import { raySearches } from './ray-searches.ts'

export const aliases: readonly AliasDefinition[] = [...raySearches, ...raySchedulers]

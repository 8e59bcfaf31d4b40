// Every search algorithm that has a tag, in the order of the README's table.

import type { SearchDefinition } from '../../catalogue/definition.ts'
import { bohb } from './bohb.ts'
import { cmaes } from './cmaes.ts'
import { evolution } from './evolution.ts'
import { gp } from './gp.ts'
import { grid } from './grid.ts'
import { nsga2 } from './nsga2.ts'
import { random } from './random.ts'
import { sobol } from './sobol.ts'
import { tpe } from './tpe.ts'

export const searchDefinitions: readonly SearchDefinition[] = [
  grid,
  random,
  sobol,
  tpe,
  gp,
  cmaes,
  bohb,
  nsga2,
  evolution,
]

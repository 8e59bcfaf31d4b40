// Every scheduler that has a tag, in the order of the README's table.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { asha } from './asha.ts'
import { fifo } from './fifo.ts'

export const schedulerDefinitions: readonly SchedulerDefinition[] = [fifo, asha]

// Every scheduler that has a tag, in the order of the README's table.

import type { SchedulerDefinition } from '../../catalogue/definition.ts'
import { asha } from './asha.ts'
import { fifo } from './fifo.ts'
import { hyperband } from './hyperband.ts'
import { median } from './median.ts'
import { patience } from './patience.ts'
import { pb2 } from './pb2.ts'
import { pbt } from './pbt.ts'
import { percentile } from './percentile.ts'
import { replay } from './replay.ts'
import { syncHyperband } from './sync-hyperband.ts'
import { threshold } from './threshold.ts'
import { wilcoxon } from './wilcoxon.ts'

export const schedulerDefinitions: readonly SchedulerDefinition[] = [
  fifo,
  asha,
  hyperband,
  syncHyperband,
  median,
  percentile,
  threshold,
  patience,
  wilcoxon,
  pbt,
  pb2,
  replay,
]

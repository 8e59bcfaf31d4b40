// No early stopping: every trial runs to its own end.

import type { Scheduler } from '../contract.ts'
import { unmoved } from './unmoved.ts'

export function fifo(): Scheduler<null> {
  return { initial: null, judge: state => ({ state, verdict: { kind: 'continue' } }), ...unmoved }
}

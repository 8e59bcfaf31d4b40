/**
 * The base of learning-rate schedules: the rate from the optimizer's own rate and from how far training is. The Trainer
 * advances a `scheduler` once a step and an `iter_scheduler` once an update; when both are given, the second sees the
 * first's rate. All that a schedule knows is in its state.
 */
import { Component } from '../../core/component.ts'

export abstract class LRScheduler extends Component {
  static override readonly uses_backend: boolean = false
  static override readonly state: readonly string[] = ['count']

  /** Steps (or updates) that are behind. */
  count = 0

  /** The rate to use now. */
  abstract rate(base: number): number

  /** `loss`: of the val split, NaN where there is none (an `iter_scheduler`). */
  advance(_loss: number): void {
    this.count += 1
  }
}

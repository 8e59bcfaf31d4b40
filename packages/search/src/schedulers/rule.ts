// The one rule for bad values and for the end of a trial, around every scheduler that `createScheduler` builds:
// a report at `max_t` or later ends the trial as complete; a bad value (missing, NaN, infinite) never reaches the rule inside:
// before `grace` it is passed over, from then on it stops the trial, is passed over, or fails the trial (`on_nan`). Only a rule
// around another one hands bad values on (`inner`), as null whatever they were: the one inside has a grace of its own.

import type { Scheduler, Verdict } from '../contract.ts'
import type { Json } from '../json.ts'

export interface TrialRule {
  readonly grace: number
  readonly max_t: number | null
  readonly on_nan: 'stop' | 'ignore' | 'fail' | 'inner'
}

export function withTrialRule<State extends Json>(inner: Scheduler<State>, rule: TrialRule): Scheduler<State> {
  return {
    ...inner,
    judge(state, result, history) {
      const bad = result.value === null || !Number.isFinite(result.value)
      const verdict = badValue(bad && result.step >= rule.grace, result.step, rule) ?? fullLength(result.step, rule)
      if (verdict !== null) return { state, verdict }
      if (bad && rule.on_nan !== 'inner') return { state, verdict: { kind: 'continue' } }
      return inner.judge(state, bad ? { ...result, value: null } : result, history)
    },
  }
}

function badValue(bad: boolean, step: number, { on_nan }: TrialRule): Verdict | null {
  if (!bad || on_nan === 'ignore' || on_nan === 'inner') return null
  const reason = `diverged: no finite metric at step ${step}`
  return on_nan === 'fail' ? { kind: 'stop', reason, as: 'failed' } : { kind: 'stop', reason }
}

function fullLength(step: number, { max_t }: TrialRule): Verdict | null {
  if (max_t === null || step < max_t) return null
  return { kind: 'stop', reason: `reached its ${max_t} steps`, as: 'complete' }
}

/**
 * Actions as messages to agents, made when they are sent, and what happens when one cannot be delivered. Between the outbox
 * (which knows no rows) and the driver.
 */
import type { Action } from '@flambe/engine'
import type { OpenStore } from '@flambe/store'
import { type Committed, isLive } from '../rows/committed.ts'
import type { Driver } from './driver.ts'
import type { Message } from './outbox.ts'
import { InputDamaged, resumeOf } from './resume.ts'
import { buildSpec } from './spec.ts'

/** Null when there is nothing to send any more. An assignment that cannot be built fails the attempt, as the hub's fault. */
export async function downMessage(
  store: OpenStore,
  rows: Committed,
  action: Action,
  hub: string,
  driver: Driver,
  onError: (error: unknown) => void,
): Promise<Message | null> {
  const { attempt } = action
  switch (action.type) {
    case 'end':
      return { event: 'end', message: { attempt, how: action.how } }
    case 'forget':
      return { event: 'forget', message: { attempt } }
    case 'assign': {
      const row = rows.attempts.get(attempt)
      if (row === undefined || !isLive(row)) return null
      try {
        const trial = rows.trials.get(row.trial)
        const resume = trial === undefined ? null : await resumeOf(store, rows, trial, row.epoch)
        return { event: 'assign', message: { attempt, spec: buildSpec(rows, attempt, hub, resume) } }
      } catch (error) {
        onError(error)
        if (error instanceof InputDamaged) {
          await fail(driver, attempt, 'configuration', error.message)
          return null
        }
        const message = `the hub could not put the trial together: ${error instanceof Error ? error.message : error}`
        await fail(driver, attempt, 'hub', message)
        return null
      }
    }
  }
}

export async function undeliverable(rows: Committed, action: Action, why: string, driver: Driver): Promise<void> {
  const row = rows.attempts.get(action.attempt)
  if (action.type !== 'assign' || row === undefined || !isLive(row)) return
  // No fault of the machine's: the engine gives it nothing more until its next hello.
  await fail(driver, action.attempt, 'preempted', `the agent refused the trial: ${why}`)
}

const fail = (driver: Driver, attempt: string, reason: 'hub' | 'preempted' | 'configuration', message: string) =>
  driver.record({
    type: 'attempt-ended',
    attempt,
    exit: { kind: 'failed', failure: { class: reason, message: message.slice(0, 10_000), stack: null } },
  })

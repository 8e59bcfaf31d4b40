/**
 * The step loop: run, metric, result record, the agent's wishes, checkpoints; until the component is done or somebody wishes
 * the end. Knows nothing of how the component was built.
 */
import { setImmediate } from 'node:timers/promises'
import type { Exit, Spec } from '@flambe/protocol'
import type { Component } from '../core/component.ts'
import type { Context } from '../core/context.ts'
import { externalOf } from '../core/external.ts'
import { wire } from '../core/log.ts'
import type { Random } from '../core/random.ts'
import type { RecordWriter } from '../core/records.ts'
import type { Checkpoints } from './checkpoints.ts'
import type { Wishes } from './wishes.ts'

export interface Running {
  readonly component: Component
  readonly context: Context
  readonly random: Random
  readonly records: RecordWriter
  readonly checkpoints: Checkpoints
  readonly wishes: Wishes
  readonly policy: Spec['checkpoint']
  readonly mode: Spec['mode']
  /** Where the trial stands: fresh, or what its checkpoint said. */
  readonly from: { readonly step: number; readonly best: number | null }
}

/** ms of computing after which timers and watchers get their turn. */
const BREATHE_EVERY = 20

export async function runSteps(running: Running): Promise<Exit> {
  const { component, context, records, checkpoints, wishes, policy, mode } = running
  const outside = externalOf(component)
  let { step, best } = running.from
  let metric: number | undefined
  /** The last metric was the best so far. */
  let isBest = false
  let saved = { step, time: performance.now() }
  let breath = performance.now()

  const take = async (final: boolean) => {
    // A script's files may be older than its last report: the trial goes on from there.
    const at = outside === undefined || final ? step : outside.savedSteps()
    const random = running.random.state
    await checkpoints.take(component, { snapshot: { step: at, random, best }, metric, best: isBest })
    saved = { step: at, time: performance.now() }
  }

  outside?.resumed(step)
  if (outside !== undefined) wishes.onEnd(wish => outside.interrupt(wish))
  wishes.look()
  let over = false
  // What runs outside is told by `interrupt` and ends by itself, so that nothing that it still says is lost.
  while (!over && (wishes.end() === null || outside !== undefined)) {
    context.step = step + 1
    over = (await component.run()) !== true
    isBest = false
    if (outside?.stepped() !== false) {
      step++
      metric = valid(component)
      records.write({ t: 'result', time: Date.now(), step, metric: metric === undefined ? null : wire(metric) })
      isBest = better(metric, best, mode)
      if (isBest) best = metric as number
    }
    records.flush()
    if (performance.now() - breath > BREATHE_EVERY) {
      await setImmediate()
      breath = performance.now()
    }
    wishes.look()
    const wished = wishes.checkpoint()
    if (over || wishes.end() !== null) continue
    const due =
      policy.steps === null ? performance.now() - saved.time >= policy.seconds * 1_000 : step % policy.steps === 0
    // A script's checkpoint is worth keeping when it is new, and belongs to the best step when it was made there.
    const fresh = outside === undefined || outside.savedSteps() > saved.step
    const atBest = isBest && (outside === undefined || outside.savedSteps() === step)
    if (wished || atBest || (due && fresh)) await take(false)
  }

  const wish = outside === undefined && over ? null : wishes.end()
  if (wish !== 'pause') await component.ended?.()
  await take(wish !== 'pause')
  return { kind: wish === null ? 'done' : wish === 'pause' ? 'paused' : 'stopped' }
}

function valid(component: Component): number | undefined {
  const metric: unknown = component.metric()
  if (metric === undefined || typeof metric === 'number') return metric
  throw new TypeError(
    `metric() of ${component.constructor.name} gave ${typeof metric}: it must be a number or undefined`,
  )
}

/** Strictly: ties keep the earlier. NaN is never better. */
function better(metric: number | undefined, best: number | null, mode: 'min' | 'max'): boolean {
  if (metric === undefined || !Number.isFinite(metric)) return false
  return best === null || (mode === 'max' ? metric > best : metric < best)
}

/** experiment-submitted: rows for the experiment and its blocks. Blocks that depend on nothing are started by `settle`. */
import type { Draft } from './draft.ts'
import type { Event } from './event.ts'
import { illegal, type Refusal } from './refusal.ts'
import { tunerProblems } from './search/tuner.ts'

export function experimentSubmitted(
  draft: Draft,
  event: Extract<Event, { type: 'experiment-submitted' }>,
): Refusal | null {
  const { experiment: id, plan } = event
  if (draft.experiments.get(id)) return illegal(`experiment ${id} exists already`)
  for (const block of plan.blocks) {
    const [problem] = tunerProblems(block)
    if (problem !== undefined) return illegal(`block ${block.id}: ${problem}`)
  }
  draft.putExperiment({
    kind: 'experiment',
    id,
    name: plan.name,
    user: event.user,
    plan,
    state: event.paused ? 'paused' : 'running',
    reason: null,
    resources: event.resources,
    earlier: event.earlier ?? { finished: [], searched: {} },
    wish: event.paused ? 'pause' : 'run',
    created: draft.time,
    started: event.paused ? null : draft.time,
    ended: null,
  })
  plan.blocks.forEach((block, index) => {
    draft.putBlock({
      kind: 'block',
      experiment: id,
      id: block.id,
      index,
      state: 'pending',
      reason: null,
      ranking: null,
      search: null,
      started: null,
      ended: null,
    })
  })
  draft.touched.add(id)
  return null
}

/**
 * Follows one experiment on a hub until it ends: first watches the feed, then reads, then applies changes, so that nothing
 * falls between; after a reset or a long cut it reads again. Keeps the newest views and tells the caller what changed.
 */
import type { ExperimentDetail, TrialView } from '@flambe/hub'
import type { ClientToHub, HubToClient, LiveChange } from '@flambe/hub/live'
import { io, type Socket } from 'socket.io-client'
import { explain, type HubConnection } from './connect.ts'

export interface Watched {
  readonly experiment: ExperimentDetail
  readonly trials: ReadonlyMap<string, TrialView>
}

export interface Watch {
  /** Newest views; the same object is updated. */
  readonly now: Watched
  /** Resolves when the experiment's state is final; rejects when the hub refuses. */
  readonly ended: Promise<void>
  close(): void
}

export const FINAL = new Set(['success', 'failure', 'cancelled'])
const LIVE_PATH = '/live'

export async function watchExperiment(
  hub: HubConnection,
  id: string,
  onChange: (now: Watched, changed: readonly TrialView[]) => void,
): Promise<Watch> {
  const trials = new Map<string, TrialView>()
  const now: { experiment: ExperimentDetail; trials: Map<string, TrialView> } = {
    experiment: await readExperiment(hub, id),
    trials,
  }
  const ended = Promise.withResolvers<void>()
  let position: number | null = null
  // Changes that arrive while the views are being read wait here; null = apply at once.
  let held: LiveChange[] | null = []

  const socket: Socket<HubToClient, ClientToHub> = io(hub.address.url, {
    path: LIVE_PATH,
    transports: ['websocket'],
    auth: { token: hub.address.token },
  })

  const apply = (changes: readonly LiveChange[]) => {
    const touched: TrialView[] = []
    for (const change of changes) {
      if (change.kind === 'trial' && change.row.experiment === id) {
        trials.set(change.row.id, change.row)
        touched.push(change.row)
      } else if (change.kind === 'block' && change.experiment === id)
        now.experiment = {
          ...now.experiment,
          block_list: now.experiment.block_list.map(b => (b.id === change.row.id ? change.row : b)),
        }
      else if (change.kind === 'experiment' && change.row.id === id)
        now.experiment = { ...now.experiment, ...change.row }
    }
    onChange(now, touched)
    if (FINAL.has(now.experiment.state)) ended.resolve()
  }

  const read = async () => {
    held = []
    now.experiment = await readExperiment(hub, id)
    const all = await readTrials(hub, id)
    for (const t of all) trials.set(t.id, t)
    const waiting: LiveChange[] = held
    held = null
    onChange(now, all)
    apply(waiting)
  }

  socket.on('changes', batch => {
    position = batch.position
    if (held === null) apply(batch.changes)
    else held.push(...batch.changes)
  })
  socket.on('connect', () => {
    socket.emit('watch', { topics: [`experiment:${id}`], after: position }, answer => {
      if (!answer.ok) return ended.reject(new Error(answer.message))
      if (position !== null && !answer.reset) return
      position = answer.position
      read().catch(ended.reject)
    })
  })
  return { now, ended: ended.promise, close: () => socket.close() }
}

async function readExperiment(hub: HubConnection, id: string): Promise<ExperimentDetail> {
  return hub.api.experiments.get.query({ id }).catch(explain)
}

/** Every trial of the experiment, page by page. */
export async function readTrials(hub: HubConnection, experiment: string): Promise<TrialView[]> {
  const all: TrialView[] = []
  for (;;) {
    const { items, total } = await hub.api.trials.list
      .query({ experiment, offset: all.length, limit: 1000 })
      .catch(explain)
    all.push(...items)
    if (items.length === 0 || all.length >= total) return all
  }
}

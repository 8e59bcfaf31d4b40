/**
 * Keeps the output folder up to date while a run goes on: a trial's folder as soon as it has ended, progress.json at most
 * once a second, both again at the end. Writes run one after another; the first error ends the run.
 */
import type { TrialDetail, TrialView } from '@flambe/hub'
import type { HubConnection } from '../client/connect.ts'
import type { Watched } from '../client/watch.ts'
import { writeProgress, writeTrial } from './folder.ts'

const ENDED = new Set(['success', 'pruned', 'failure', 'cancelled', 'masked'])

export class Recorder {
  readonly #hub: HubConnection
  readonly #dir: string
  readonly #details = new Map<string, TrialDetail>()
  /** `<state>.<epoch>.<kept>` that was written: a retried trial, or one that reduce has judged, is written again. */
  readonly #written = new Map<string, string>()
  #queue: Promise<void> = Promise.resolve()
  #error: unknown = null
  #nextProgress = 0

  constructor(hub: HubConnection, dir: string) {
    this.#hub = hub
    this.#dir = dir
  }

  changed(now: Watched, trials: readonly TrialView[]): void {
    for (const trial of trials) if (ENDED.has(trial.state)) this.#add(() => this.#trial(trial))
    if (Date.now() < this.#nextProgress) return
    this.#nextProgress = Date.now() + 1000
    this.#add(() => writeProgress(this.#dir, now.experiment, [...now.trials.values()], this.#details))
  }

  /** Everything of the ended experiment is on disk when this resolves. */
  async finish(now: Watched): Promise<void> {
    for (const trial of now.trials.values()) this.#add(() => this.#trial(trial))
    this.#add(() => writeProgress(this.#dir, now.experiment, [...now.trials.values()], this.#details))
    await this.#queue
    if (this.#error !== null) throw this.#error
  }

  async #trial(trial: TrialView): Promise<void> {
    const mark = `${trial.state}.${trial.epoch}.${trial.kept}`
    if (this.#written.get(trial.id) === mark) return
    this.#details.set(trial.id, await writeTrial(this.#hub, this.#dir, trial))
    this.#written.set(trial.id, mark)
  }

  #add(work: () => Promise<void>): void {
    this.#queue = this.#queue
      .then(() => (this.#error === null ? work() : undefined))
      .catch(error => {
        this.#error ??= error
      })
  }
}

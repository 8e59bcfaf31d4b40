/**
 * Keeps the output folder up to date while a run goes on: a trial's folder as soon as it has ended, progress.json at most
 * once a second, both again at the end. Writes run one after another; the first error ends the run. `breakOff` writes the
 * last progress.json of a run that does not end by itself.
 */
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TrialDetail, TrialView } from '@flambe/hub'
import { explain, type HubConnection } from '../client/connect.ts'
import { fileTrouble } from '../client/file-trouble.ts'
import { Refused } from '../client/refused.ts'
import type { Watched } from '../client/watch.ts'
import { writeAside, writeTrial } from './folder.ts'
import { brokenOff, type Progress, progressText } from './progress-file.ts'

const ENDED = new Set(['success', 'pruned', 'failure', 'cancelled', 'masked'])
/** ms that a write under way has to end when a run is broken off. */
const LAST_WRITE = 1000

export class Recorder {
  readonly #hub: HubConnection
  readonly #dir: string
  readonly #details = new Map<string, TrialDetail>()
  /** `<state>.<epoch>.<kept>` that was written: a retried trial, or one that reduce has judged, is written again. */
  readonly #written = new Map<string, string>()
  /** `<epoch>.<failures>` of which the attempts were read. */
  readonly #read = new Map<string, string>()
  #queue: Promise<void> = Promise.resolve()
  #error: unknown = null
  #nextProgress = 0
  #over = false

  constructor(hub: HubConnection, dir: string) {
    this.#hub = hub
    this.#dir = dir
  }

  changed(now: Watched, trials: readonly TrialView[]): void {
    for (const trial of trials) this.#add(() => (ENDED.has(trial.state) ? this.#trial(trial) : this.#attempts(trial)))
    if (Date.now() < this.#nextProgress) return
    this.#nextProgress = Date.now() + 1000
    this.#add(() => this.#progress(now))
  }

  /** Everything of the ended experiment is on disk when this resolves. Throws Refused when the disk does not take it. */
  async finish(now: Watched): Promise<void> {
    for (const trial of now.trials.values()) this.#add(() => this.#trial(trial))
    this.#add(() => this.#progress(now))
    await this.#queue
    this.#over = true
    if (this.#error === null) return
    const why = fileTrouble(this.#error)
    throw why === null ? this.#error : new Refused(`cannot write into ${this.#dir}: ${why}`, 3, 'folder-unusable')
  }

  /** Nothing is written after this. A run that has finished stays as it is. */
  async breakOff(now: Watched): Promise<void> {
    if (this.#over) return
    this.#over = true
    await Promise.race([this.#queue, sleep(LAST_WRITE)])
    const last = progressText(brokenOff(this.#state(now), Date.now()))
    writeFileSync(join(this.#dir, 'progress.json.last'), last)
    renameSync(join(this.#dir, 'progress.json.last'), join(this.#dir, 'progress.json'))
  }

  #state(now: Watched): Progress {
    return { experiment: now.experiment, trials: [...now.trials.values()], details: this.#details }
  }

  async #progress(now: Watched): Promise<void> {
    await writeAside(join(this.#dir, 'progress.json'), progressText(this.#state(now)))
  }

  async #trial(trial: TrialView): Promise<void> {
    const mark = `${trial.state}.${trial.epoch}.${trial.kept}`
    if (this.#written.get(trial.id) === mark) return
    this.#details.set(trial.id, await writeTrial(this.#hub, this.#dir, trial))
    this.#written.set(trial.id, mark)
  }

  /** Attempts of a trial that goes on, read when one was added or has failed. */
  async #attempts(trial: TrialView): Promise<void> {
    const mark = `${trial.epoch}.${trial.failures}`
    if (trial.epoch === 0 || this.#read.get(trial.id) === mark) return
    this.#details.set(trial.id, await this.#hub.api.trials.get.query({ id: trial.id }).catch(explain))
    this.#read.set(trial.id, mark)
  }

  #add(work: () => Promise<void>): void {
    this.#queue = this.#queue
      .then(() => (this.#error === null && !this.#over ? work() : undefined))
      .catch(error => {
        this.#error ??= error
      })
  }
}

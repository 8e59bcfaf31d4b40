/**
 * What surrounds the running trial: one per process. The trial process sets it before any component is built; reading it
 * without one (in a plain script or a test) gives a local context, so that components work outside of trials too.
 */
import type { Record as WireRecord } from '@flambe/protocol'

export interface Env {
  readonly experiment: string
  readonly block: string
  readonly trial_id: string
  readonly trial_number: number
  readonly attempt: number
  readonly agent: string
  readonly hub: string
  readonly devices: { readonly cpu: number; readonly gpus: readonly number[] }
  readonly seed: number
  readonly user: string
}

export interface Context {
  readonly env: Env
  readonly trial_dir: string
  /** Save folder of each ancestor block's checkpoint; absent outside of a trial. */
  readonly inputs?: { readonly [block: string]: string }
  /** Tags of points get this prefix (`merge_plot: false` gives `<block> `). */
  readonly prefix: string
  /** Appends one record to the attempt folder. Cheap: buffered, written within 250 ms, and before every step's end. */
  write(record: WireRecord): void
  /** Step that the running component is in: the default step of `log`. */
  step: number
}

const local: Context = {
  env: {
    experiment: 'local',
    block: 'local',
    trial_id: 'local',
    trial_number: 1,
    attempt: 1,
    agent: 'local',
    hub: '',
    devices: { cpu: 1, gpus: [] },
    seed: 1,
    user: '',
  },
  trial_dir: '.',
  prefix: '',
  write: () => undefined,
  step: 0,
}

let current: Context = local

export const context = (): Context => current
export const setContext = (next: Context | null): void => {
  current = next ?? local
}

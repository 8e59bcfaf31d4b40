/**
 * An experiment made in TypeScript, with the parameters of the file. It becomes YAML text first and then goes the way of every
 * file: the same checks, the same plan, and no hub ever runs user code.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { dump, type Plan, type Problem } from '@flambe/language'
import { run } from '../cli/run.ts'
import { hasErrors, localPath, type PlannedFile, planWritten } from '../client/experiment-file.ts'
import type { Args, Node, Value } from './builders.ts'
import { ParsingExperimentError, UnsuccessfulRunError } from './errors.ts'
import { experimentText } from './yaml.ts'

export interface ExperimentOptions {
  readonly name: string
  readonly pipeline: { readonly [block: string]: Node }
  readonly resume?: true | string | readonly string[]
  readonly devices?: Args
  readonly save_path?: string
  readonly resources?: { readonly [name: string]: string | Node }
  readonly search?: { readonly [block: string]: Node }
  readonly schedulers?: { readonly [block: string]: Node }
  readonly reduce?: { readonly [block: string]: number | { readonly k: number; readonly mode?: 'min' | 'max' } }
  readonly max_failures?: number
  readonly stop_on_failure?: boolean
  readonly merge_plot?: boolean
  readonly seed?: number
  readonly overlap?: 'blocks' | 'none' | 'trials'
  readonly reuse?: boolean
  readonly max_trials?: number
  readonly budget?: { readonly trials?: number; readonly hours?: number }
  readonly backend?: Plan['settings']['backend']
  readonly checkpoint?: { readonly every?: string; readonly keep?: number }
  readonly notes?: string
  readonly tags?: readonly string[]
  /** Gives the user's name; default: who runs this process. */
  readonly user_provider?: () => string
}

export class Experiment {
  /** The YAML text that this experiment is. */
  readonly text: string
  readonly #user: () => string

  constructor({ user_provider, ...keys }: ExperimentOptions) {
    this.text = experimentText(keys as { readonly [key: string]: Value | undefined })
    this.#user = user_provider ?? (() => userInfo().username)
  }

  getUser(): string {
    return this.#user()
  }

  /** The checked plan and its warnings; relative paths start at `folder`. Throws ParsingExperimentError with all problems. */
  parse(folder = '.'): { readonly plan: Plan; readonly problems: readonly Problem[] } {
    const { plan, problems } = this.#planned(folder)
    return { plan, problems }
  }

  /** The file that runs this very experiment again from anywhere: seed and draws filled in, local paths absolute. */
  dumpExperimentFile(path: string, folder = '.'): void {
    const { plan, file } = this.#planned(folder)
    writeFileSync(path, dump(plan, { relocate: location => localPath(file, location) }))
  }

  /** As `flambe run`. Throws UnsuccessfulRunError when it did not succeed, ParsingExperimentError before anything is touched. */
  async run(options: { readonly force?: boolean; readonly verbose?: boolean; readonly debug?: boolean } = {}) {
    const aside = mkdtempSync(join(tmpdir(), 'flambe-experiment-'))
    try {
      const file = join(aside, 'experiment.yaml')
      this.dumpExperimentFile(file)
      const saved = this.#planned('.').plan.settings.save_path
      const code = await run(file, {
        ...(options.force ? { force: true } : {}),
        ...(options.verbose ? { verbose: true } : {}),
        ...(options.debug ? { debug: true } : {}),
        // Relative to where the program runs, not to the file beside.
        savePath: resolve(saved ?? './flambe-output'),
        debugPort: 9229,
      })
      if (code !== 0) throw new UnsuccessfulRunError(code)
    } finally {
      rmSync(aside, { recursive: true, force: true })
    }
  }

  #planned(folder: string): PlannedFile & { readonly plan: Plan } {
    const planned = planWritten(this.text, join(resolve(folder), 'experiment.yaml'))
    const { plan, problems } = planned
    if (plan === null || hasErrors(problems)) throw new ParsingExperimentError(problems, this.text)
    return { ...planned, plan }
  }
}

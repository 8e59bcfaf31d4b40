/**
 * An experiment made in TypeScript, with the parameters of the file. It becomes YAML text first and then goes the way of every
 * file: the same checks, the same plan, and no hub ever runs user code.
 */
import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { dump, type Plan, type Problem } from '@flambe/language'
import type { RunOptions } from '../cli/run.ts'
import { hasErrors, localPath, type PlannedFile } from '../client/experiment-file.ts'
import { planWithExtensions } from '../extensions/read.ts'
import { hasResults, resultsOf } from '../output/folder.ts'
import { warnOfResume } from '../output/resume.ts'
import type { Node, Value } from './builders.ts'
import { ExperimentError, inTerms, ParsingExperimentError, UnsuccessfulRunError } from './errors.ts'
import type {
  ExperimentOptions,
  Extensions,
  ParseOptions,
  RemoteEnvironment,
  RunFlags,
  SetupOptions,
} from './options.ts'
import { outcomeIn } from './outcome.ts'
import { processResources } from './resources.ts'
import { experimentText } from './yaml.ts'

export class Experiment {
  readonly #keys: { readonly [key: string]: Value | undefined }
  readonly #user: (() => string) | null
  /** Drawn once, so that every plan of this experiment is the same. */
  readonly #seed: number | undefined
  #extensions: Extensions
  #env: ExperimentOptions['env']

  constructor({ user_provider, env, extensions, ...keys }: ExperimentOptions) {
    this.#keys = keys as { readonly [key: string]: Value | undefined }
    this.#user = user_provider ?? null
    this.#extensions = extensions ?? {}
    this.#env = env
    // What is resumed lends its own.
    this.#seed = keys.seed === undefined && keys.resume === undefined ? randomInt(1, 2 ** 31) : undefined
    // Throws TypeError for what no file can say.
    experimentText(this.#keys, this.#extensions)
  }

  /** The YAML text that this experiment is. */
  get text(): string {
    return experimentText(this.#keys, this.#extensions)
  }

  /** Where it runs; null: on this machine. */
  get env(): ExperimentOptions['env'] | null {
    return this.#env ?? null
  }

  /** The user's name: who set it up, what the provider says, or who runs this process. */
  getUser(): string {
    if (this.#env !== undefined && 'local_user' in this.#env) return this.#env.local_user
    return this.#user === null ? userInfo().username : this.#user()
  }

  /** The checked plan and its warnings. Extensions are packed and described. Throws ParsingExperimentError with all problems. */
  async parse(options: ParseOptions = {}): Promise<{ readonly plan: Plan; readonly problems: readonly Problem[] }> {
    const { plan, problems } = await this.#planned(options)
    return { plan, problems }
  }

  /** Writes the file that runs this very experiment again from anywhere: seed, draws, versions of extensions, absolute paths. */
  async dumpExperimentFile(path: string, options: ParseOptions = {}): Promise<void> {
    const { plan, file, extensions } = await this.#planned(options)
    const pinned = Object.fromEntries((extensions?.found ?? []).map(found => [found.name, found]))
    writeFileSync(path, dump(plan, { relocate: location => localPath(file, location), pinned }))
  }

  /**
   * Resources as paths of this machine: local ones checked and made absolute, those of `http(s)://` fetched into `folder` under
   * their names. `s3://` and `cluster(...)` stay what they are: agents fetch them. Throws ResourceError.
   */
  async processResources(
    resources: { readonly [name: string]: string | Node } = (this.#keys.resources ?? {}) as { [name: string]: string },
    folder = '.',
  ): Promise<{ readonly [name: string]: string | Node }> {
    return await inTerms('setup', () => processResources(resources, folder))
  }

  /**
   * Makes a running hub and its agents ready (setup.ts has the steps): from then on `run` starts it there. Throws
   * ParsingExperimentError, ResultsError, ClusterError; after an error nothing of it waits on the hub.
   */
  async setup({ extensions, ...options }: SetupOptions = {}): Promise<RemoteEnvironment> {
    const { setUp } = await import('./setup.ts')
    this.#extensions = { ...this.#extensions, ...extensions }
    const planned = await this.#planned({ ...options, force: options.force ?? false })
    const made = await inTerms('setup', () => setUp(planned, options, this.getUser(), this.#env?.hub))
    this.#env = made
    return made
  }

  /** As `flambe run`. Throws UnsuccessfulRunError when it did not succeed, ParsingExperimentError before anything is touched. */
  async run({ force, verbose, debug, install, slots, secrets }: RunFlags = {}): Promise<void> {
    const env = this.#env
    if (env === undefined && !NODE_RUNS_HUBS) throw new ExperimentError(TOO_OLD, 'check')
    // Loaded when called, hub and all: whoever only makes files needs none of it.
    const [{ carryOut, planToRun, prepare }, { seedOf }] = await Promise.all([
      import('../cli/run.ts'),
      import('./setup.ts'),
    ])
    const options: RunOptions = {
      ...(force ? { force } : {}),
      ...(verbose ? { verbose } : {}),
      ...(debug ? { debug } : {}),
      ...(slots === undefined ? {} : { slots }),
      ...(secrets === undefined ? {} : { secrets }),
      ...(env === undefined ? {} : { hub: env.hub }),
      debugPort: 9229,
    }
    const submitted = env !== undefined && 'experiment' in env ? env.experiment : null
    const seed =
      submitted === null ? this.#seed : await inTerms('check', () => seedOf(options.hub as string, submitted))
    const planned = await this.#checked(() =>
      planToRun(this.#source('.'), {
        ...options,
        ...(seed === undefined ? {} : { seed }),
        ...(install ? { install } : {}),
      }),
    )
    const out = (line: string) => process.stdout.write(`${line}\n`)
    const { code, dir } = await inTerms('run', async () => {
      const ready = await prepare(planned, options, out, { submitted, user: this.getUser() })
      return { code: await carryOut(ready, options, out), dir: ready.dir }
    })
    if (code === 0) return
    const { state, failed } = outcomeIn(dir)
    throw new UnsuccessfulRunError(code, state, failed)
  }

  #source(folder: string): { readonly file: string; readonly text: string } {
    return { file: join(resolve(folder), 'experiment.yaml'), text: this.text }
  }

  #planned({ folder = '.', ...options }: ParseOptions & { readonly force?: boolean }) {
    return this.#checked(async () => {
      const planned = await planWithExtensions(this.#source(folder), { ...options, seed: this.#seed })
      // What a hub has is asked there.
      return this.#env === undefined ? warnOfResume(planned, hasResults(resultsOf(planned))) : planned
    })
  }

  async #checked(make: () => Promise<PlannedFile>): Promise<PlannedFile & { readonly plan: Plan }> {
    const planned = await inTerms('check', make)
    const { plan, problems } = planned
    if (plan === null || hasErrors(problems)) throw new ParsingExperimentError(problems, planned.text)
    return { ...planned, plan }
  }
}

/** The hub's SQLite needs it; everything else runs on Node.js 20. */
const NODE_RUNS_HUBS = Number(process.versions.node.split('.')[0]) >= 22
const TOO_OLD = `a run on this machine needs Node.js 22 or newer, this is ${process.version}: dump the experiment and call \`flambe run FILE\`, which brings its own, or run it on a hub`

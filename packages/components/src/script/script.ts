/**
 * `!Script`: any program as a block. Each metric that it reports is one step of the trial, so schedulers, pause, resume and
 * reduce work as for a component. The program runs in the trial's process group; nothing is started before `run`.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { Component, type State } from '../core/component.ts'
import { context } from '../core/context.ts'
import { EXTERNAL, type External } from '../core/external.ts'
import { ConfigurationError } from '../core/failure.ts'
import { FILE } from '../core/folder.ts'
import { log_progress, log_scalars, log_text } from '../core/log.ts'
import { shipped } from '../core/params.ts'
import { type Child, type ChildEvent, startChild } from './child.ts'
import { argumentsFor, type Command, cannotStart, commandFor } from './command.ts'
import { FLAMBE_PY } from './flambe-py.ts'
import type { Report } from './reports.ts'

const params = z.object({
  script: shipped()
    .optional()
    .describe('Program file: .py, .js, .ts, .sh, or anything executable. Inside `code` if that is given.'),
  command: z.array(z.string()).min(1).optional().describe('Program and first arguments, instead of `script`.'),
  code: shipped().optional().describe('Folder that is sent with the experiment; the program starts in a copy of it.'),
  args: z.array(z.unknown()).default([]).describe('Arguments, as text.'),
  kwargs: z.record(z.string(), z.unknown()).default({}).describe('Arguments `--name value`; null leaves one out.'),
  metric: z.string().optional().describe("Which reported value is the trial's metric."),
  mode: z.enum(['min', 'max']).default('max').describe('Direction of the metric.'),
  output_dir_arg: z.string().optional().describe('Name of an argument that gets a folder for results.'),
})

/** ms that a script has to end after SIGTERM; below the agent's own grace of 30 s. */
const GRACE = 20_000

export class Script extends Component {
  static override readonly description: string =
    'Runs a program in any language; what it reports are steps of the trial.'
  static override readonly params = params
  static override readonly one_of = [['script', 'command']]
  static override readonly attributes = ['files', 'metrics']
  static override readonly state = ['metrics']
  static override readonly uses_backend: boolean = false

  /** Folder of the last checkpoint, or of the results; null when there is none. */
  files: string | null = null
  /** Last reported values. */
  metrics: { [name: string]: number } = {}

  readonly #given: z.output<typeof params>
  readonly #command: Command
  #child: Child | null = null
  #steps = 0
  #saved = 0
  #stepped = true
  #finished = false
  #wish: 'pause' | 'stop' | null = null

  constructor(given: z.output<typeof params>) {
    super()
    if (given.script !== undefined && given.command !== undefined)
      throw new ConfigurationError('Script takes "script" or "command", not both')
    this.#given = given
    this.#command = commandFor(given.script, given.command)
  }

  override async run(): Promise<boolean> {
    this.#stepped = false
    if (this.#wish !== null && this.#child === null) return false
    this.#child ??= this.#start()
    for (;;) {
      const event = await this.#child.next()
      if (event.kind !== 'report') return this.#end(event)
      this.#take(event)
      if (event.report.metrics === undefined) continue
      // A checkpoint that was told right behind its step belongs to it.
      for (
        let next = this.#child.peek();
        next?.kind === 'report' && next.report.metrics === undefined;
        next = this.#child.peek()
      )
        this.#take((await this.#child.next()) as Extract<ChildEvent, { kind: 'report' }>)
      return true
    }
  }

  override metric(): number | undefined {
    const { metric } = this.#given
    return metric !== undefined && Object.hasOwn(this.metrics, metric) ? this.metrics[metric] : undefined
  }

  override setState(state: State): void {
    this.metrics = { ...(state.metrics as { [name: string]: number }) }
  }

  override saveFiles(dir: string): void {
    const output = this.#outputDir()
    const from = this.files ?? (this.#finished && output !== null && existsSync(output) ? output : null)
    if (from !== null) cpSync(from, dir, { recursive: true })
  }

  override loadFiles(dir: string): void {
    this.files = dir
  }

  override dispose(): void {
    this.#child?.kill()
  }

  get [EXTERNAL](): External {
    return {
      interrupt: wish => {
        const first = this.#wish === null
        this.#wish = wish
        if (first) this.#child?.stop(GRACE)
      },
      stepped: () => this.#stepped,
      savedSteps: () => this.#saved,
      resumed: steps => {
        this.#steps = steps
        this.#saved = steps
      },
    }
  }

  #take({ report, checkpoint }: Extract<ChildEvent, { kind: 'report' }>): void {
    if (report.metrics !== undefined) {
      this.#steps++
      this.#stepped = true
      this.metrics = report.metrics
    }
    if (checkpoint === null) return
    const before = this.files
    this.files = checkpoint
    this.#saved = this.#steps
    if (before !== null && dirname(before) === dirname(checkpoint)) rmSync(before, { recursive: true, force: true })
  }

  #end(event: Exclude<ChildEvent, { kind: 'report' }>): false {
    const { script } = this.#given
    if (event.kind === 'not-started') throw cannotStart(event.error, this.#command.program, script)
    if (this.#wish !== null) return false
    if (event.code !== 0) {
      const how = event.signal === null ? `with exit code ${event.code}` : `by ${event.signal}`
      throw new ScriptFailed(`${basename(script ?? this.#command.program)} ended ${how}`, event.stderr)
    }
    this.#finished = true
    // A script that reports nothing is one step without a metric.
    this.#stepped = this.#steps === 0
    return false
  }

  #start(): Child {
    const { args, kwargs, code, script, output_dir_arg } = this.#given
    const folder = join(this.trial_dir, 'script')
    rmSync(folder, { recursive: true, force: true })
    const cwd = join(folder, 'code')
    mkdirSync(cwd, { recursive: true })
    // Copies: what was sent may be shared with other trials, and a program may write beside itself.
    if (code !== undefined) cpSync(code, cwd, { recursive: true })
    let { program, args: first } = this.#command
    if (script !== undefined) {
      const local = join(cwd, code !== undefined && existsSync(join(code, script)) ? script : basename(script))
      if (!existsSync(local)) {
        if (!existsSync(script)) throw new ConfigurationError(`there is no script ${script}`)
        cpSync(script, local)
      }
      const replace = (word: string) => (word === script ? local : word)
      program = replace(program)
      first = first.map(replace)
    }
    const output = this.#outputDir()
    if (output !== null) mkdirSync(output, { recursive: true })
    const words = argumentsFor(args, kwargs, this.#command.python)
    const more = output === null ? [] : [`--${output_dir_arg}`, output]
    const env = this.#environment(folder)
    return startChild({ program, args: [...first, ...words, ...more], cwd, env, folder, onReport: told })
  }

  #environment(folder: string): { [name: string]: string | undefined } {
    const python = join(folder, 'python')
    mkdirSync(python)
    writeFileSync(join(python, 'flambe.py'), FLAMBE_PY)
    const file = (name: string, value: unknown) => {
      const path = join(folder, name)
      writeFileSync(path, JSON.stringify(value, plain))
      return path
    }
    const { PYTHONPATH } = process.env
    return {
      ...process.env,
      PYTHONUNBUFFERED: '1',
      PYTHONPATH: PYTHONPATH === undefined || PYTHONPATH === '' ? python : `${python}:${PYTHONPATH}`,
      FLAMBE_PARAMS: file('params.json', this.#given.kwargs),
      FLAMBE_INPUTS: file('inputs.json', inputFolders()),
      FLAMBE_RESUME_FROM: this.files ?? '',
      FLAMBE_SEED: String(this.seed),
      FLAMBE_TRIAL_DIR: this.trial_dir,
    }
  }

  #outputDir(): string | null {
    return this.#given.output_dir_arg === undefined ? null : join(this.trial_dir, 'output')
  }
}

/** The program ran and failed: the user's code is at fault. One line says why; the end of stderr is the stack. */
class ScriptFailed extends Error {
  override readonly name = 'ScriptFailed'
  override readonly stack: string

  constructor(how: string, stderr: string) {
    const lines = stderr.trimEnd().split('\n')
    // The line that names an error (a traceback ends with it), else the last.
    const said = lines.findLast(line => /^\s*[\w.]*(Error|Exception)\b/.test(line)) ?? lines.at(-1) ?? ''
    super(said.trim() === '' ? how : `${how}: ${said.trim().slice(0, 500)}`)
    this.stack = [`ScriptFailed: ${this.message}`, ...lines.slice(-20)].join('\n').trimEnd()
  }
}

/** Plots show what a script says when it says it. */
function told({ step, metrics, log, progress }: Report): void {
  if (metrics !== undefined) log_scalars(metrics, step)
  for (const [tag, value] of Object.entries(log ?? {})) {
    if (typeof value === 'number') log_scalars({ [tag]: value }, step)
    else log_text(tag, value, step)
  }
  if (progress !== undefined) log_progress(progress)
}

/** Where a script's files lie in its checkpoint; any other component's save folder as it is. */
function inputFolders(): { [block: string]: string } {
  const folders = Object.entries(context().inputs ?? {}).map(([block, dir]) => {
    const files = join(dir, FILE.files)
    return [block, existsSync(files) && readdirSync(files).length > 0 ? files : dir] as const
  })
  return Object.fromEntries(folders)
}

const plain = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isFinite(value)
    ? Number.isNaN(value)
      ? '.nan'
      : value > 0
        ? '.inf'
        : '-.inf'
    : value

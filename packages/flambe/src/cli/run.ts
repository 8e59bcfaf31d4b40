/**
 * `flambe run`: an experiment from start to end on this machine (a hub in this process, an agent as a child) or on a hub
 * with `--hub`. Nothing is touched before the file, its resources, this machine and the output folder are found to be in
 * order. Ctrl-C ends the trials and leaves what was done; twice ends at once, and progress.json says so.
 */
import { dump, inOrder, type Plan, type Problem, planAnswer } from '@flambe/language'
import pc from 'picocolors'
import { connect, explain, type HubConnection } from '../client/connect.ts'
import {
  hasErrors,
  localPath,
  type PlannedFile,
  planSource,
  readSource,
  type Source,
} from '../client/experiment-file.ts'
import { lentSeed } from '../client/lent-seed.ts'
import { NotTaken, problemOf, Refused } from '../client/refused.ts'
import { checkSecrets } from '../client/secrets.ts'
import { type LocalResources, readResources } from '../client/submit.ts'
import { findHub } from '../client/tokens.ts'
import { planWithExtensions } from '../extensions/read.ts'
import { type Machine, refuseTooLarge, thisMachine } from '../local/machine.ts'
import { agentProgram } from '../local/places.ts'
import { claimOutput, hasResults, resultsOf, seedIn } from '../output/folder.ts'
import { warnOfResume } from '../output/resume.ts'
import { countProblems, showProblems } from '../terminal/problems.ts'
import { barProgress, jsonProgress, lineProgress } from '../terminal/progress.ts'
import { whenToldToEnd } from './ending.ts'
import { follow } from './follow.ts'

export interface RunOptions {
  readonly savePath?: string
  readonly force?: true
  readonly json?: true
  readonly verbose?: true
  readonly slots?: number
  readonly hub?: string
  readonly seed?: number
  readonly install?: true
  readonly debug?: true
  readonly debugPort: number
  /** A file; its values reach trials and nobody else. */
  readonly secrets?: string
}

/** An experiment that can be run, and a folder that is its own. */
export interface Ready {
  /** An experiment of `remote` that was submitted paused, and only waits to be started; null: it is to be submitted. */
  readonly submitted: string | null
  /** The user's name, where the command itself is known to the hub by no other. */
  readonly user: string | null
  readonly planned: PlannedFile
  readonly plan: Plan
  readonly resources: LocalResources
  readonly dir: string
  /** `experiment.yaml`, which runs this very experiment again. */
  readonly dumped: string
  /** Null: it runs on this machine. */
  readonly remote: HubConnection | null
  readonly machine: Machine
}

export async function run(file: string, options: RunOptions): Promise<number> {
  const out = (line: string) => process.stdout.write(`${line}\n`)
  let ready: Ready | null
  try {
    const planned = await planToRun(readSource(file), options)
    ready = tell(planned, planned.problems, options, out) ? await prepare(planned, options, out) : null
  } catch (error) {
    if (!options.json || !(error instanceof Refused) || error.code !== 2) throw error
    const { problems } = planAnswer({ plan: null, problems: [problemOf(error, file)] })
    out(JSON.stringify({ event: 'refused', problems }))
    return 2
  }
  return ready === null ? 2 : await carryOut(ready, options, out)
}

/** From the first thing that is touched to the end. @returns the exit code */
export async function carryOut(ready: Ready, options: RunOptions, out: (line: string) => void): Promise<number> {
  announce(ready, options, out)
  const progress = options.json
    ? jsonProgress(out)
    : process.stdout.isTTY
      ? barProgress(process.stdout)
      : lineProgress(out)
  const ending = whenToldToEnd()
  try {
    return await follow(ready, options, progress, ending)
  } catch (error) {
    if (error instanceof NotTaken) {
      if (!options.json) throw error
      const { problems } = planAnswer({ plan: null, problems: [problemOf(error, ready.planned.file)] })
      out(JSON.stringify({ event: 'refused', problems }))
      return 2
    }
    if (options.json) out(JSON.stringify({ event: 'error', message: (error as Error).message }))
    // Something was touched by now, so it is no refusal any more.
    throw error instanceof Refused ? new Refused(error.message, 3, error.rule) : error
  } finally {
    ending.close()
  }
}

/** @returns false when the file is wrong, which was told with the rest */
function tell(
  { text, file }: PlannedFile,
  problems: readonly Problem[],
  options: RunOptions,
  out: (line: string) => void,
): boolean {
  const wrong = hasErrors(problems)
  if (options.json) {
    const { problems: answered } = planAnswer({ plan: null, problems })
    for (const problem of answered)
      if (problem.severity === 'warning') out(JSON.stringify({ event: 'problem', problem }))
    if (wrong) out(JSON.stringify({ event: 'refused', problems: answered }))
  } else if (problems.length > 0) {
    process.stderr.write(`${showProblems(inOrder(problems), text)}\n\n`)
    if (wrong) process.stderr.write(`${file}: ${countProblems(problems)}; nothing was run\n`)
  }
  return !wrong
}

/** Throws Refused for what stands in the way. `submitted`: an experiment of the hub whose folder is this run's already. */
export async function prepare(
  planned: PlannedFile,
  options: RunOptions,
  out: (line: string) => void,
  given: { readonly submitted?: string | null; readonly user?: string } = {},
): Promise<Ready> {
  const { plan, file } = planned
  if (plan === null) throw new Error('only a plan without errors can be run')
  if (options.debug && options.hub !== undefined)
    throw new Refused('--debug runs the trials on this machine: leave --hub out')
  if (options.secrets !== undefined) {
    if (options.hub !== undefined)
      throw new Refused('a hub never sees secrets: start its agents with --secrets FILE, and leave it out here')
    checkSecrets(options.secrets)
  }
  const submitted = given.submitted ?? null
  const machine = options.debug ? oneSlot(plan) : thisMachine(options.slots)
  if (options.hub === undefined) {
    refuseTooLarge(plan, options.debug ? thisMachine(undefined) : machine)
    agentProgram() // built, or refused
  }
  const resources = await readResources(planned)
  const dir = resultsOf(planned, options.savePath) as string
  const remote = options.hub === undefined ? null : connect(await findHub(options.hub))
  if (remote !== null && submitted === null) {
    const warned = warnOfResume({ ...planned, problems: [] }, await knows(remote, planned, options.force ?? false))
    tell(planned, warned.problems, options, out)
  }
  const resumes = plan.settings.resume !== null || submitted !== null
  claimOutput(dir, options.force && submitted === null ? 'delete' : resumes ? 'resume' : 'refuse')
  // It lies elsewhere than the file, so paths relative to the file become absolute.
  const pinned = Object.fromEntries((planned.extensions?.found ?? []).map(found => [found.name, found]))
  const dumped = dump(plan, { relocate: location => localPath(file, location), pinned })
  return { planned, plan, resources, dir, dumped, remote, machine, submitted, user: given.user ?? null }
}

/** A resumed run takes the seed of the results that it resumes, unless file or command line says one. */
export async function planToRun(source: Source, options: RunOptions): Promise<PlannedFile> {
  const planned = await planWithExtensions(source, options)
  const { plan, drawn } = planned
  if (plan === null || plan.settings.resume === null) return planned
  const { hub } = options
  const dir = resultsOf(planned, options.savePath) as string
  const earlier = async () => (hub === undefined ? seedIn(dir) : await lentSeed(hub, plan.name))
  const seed = drawn ? await earlier() : null
  const own = seed === null ? planned : planSource(source, { seed }, planned.extensions)
  return hub === undefined ? warnOfResume(own, hasResults(dir)) : own
}

/** As much as the largest trial needs, so that no two of that size run at once. */
function oneSlot(plan: Plan): Machine {
  return { ...thisMachine(undefined), cpus: Math.max(...plan.blocks.map(b => b.devices.cpu)) }
}

/**
 * The hub must answer, know the token and take the name before anything on this machine is touched.
 * @returns whether it has an experiment of this name
 */
async function knows(hub: HubConnection, planned: PlannedFile, force: boolean): Promise<boolean> {
  const name = planned.plan?.name ?? ''
  const { refusal } = await hub.api.experiments.plan.query({ text: planned.text, limit: 1 }).catch(explain)
  if (refusal !== null && !force) throw new Refused(refusal, 2, 'results-exist')
  const { items } = await hub.api.experiments.list.query({ search: name, limit: 200 }).catch(explain)
  return items.some(item => item.name === name)
}

function announce({ plan, dir }: Ready, options: RunOptions, out: (line: string) => void): void {
  if (options.json) {
    const blocks = plan.blocks.map(({ id, tag, depends_on, count, reduce }) => ({ id, tag, depends_on, count, reduce }))
    out(JSON.stringify({ event: 'plan', name: plan.name, seed: plan.seed, folder: dir, blocks }))
    return
  }
  const total = plan.blocks.reduce((n, b) => n + b.count, 0)
  const of = (n: number, what: string) => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`
  out(`${pc.bold(plan.name)}  ${of(total, 'trial')} in ${of(plan.blocks.length, 'block')}, seed ${plan.seed}`)
  out(pc.dim(dir))
  if (options.debug)
    out(`each trial waits for a debugger at 127.0.0.1:${options.debugPort} (chrome://inspect, or Attach in an editor)`)
  out('')
}

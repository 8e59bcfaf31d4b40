/**
 * `flambe run`: an experiment from start to end on this machine (a hub in this process, an agent as a child) or on a hub
 * with `--hub`. Nothing is touched before the file, its resources, this machine and the output folder are found to be in
 * order. Ctrl-C ends the trials and leaves what was done; twice ends at once, and progress.json says so.
 */
import { dump, inOrder, type Plan, planAnswer } from '@flambe/language'
import pc from 'picocolors'
import { connect, explain, type HubConnection } from '../client/connect.ts'
import { hasErrors, localPath, type PlannedFile, planFile } from '../client/experiment-file.ts'
import { NotTaken, problemOf, Refused } from '../client/refused.ts'
import { type LocalResources, readResources } from '../client/submit.ts'
import { findHub } from '../client/tokens.ts'
import { planWithExtensions } from '../extensions/read.ts'
import { type Machine, refuseTooLarge, thisMachine } from '../local/machine.ts'
import { agentProgram } from '../local/places.ts'
import { claimOutput, outputFolder, seedIn } from '../output/folder.ts'
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
}

/** An experiment that can be run, and a folder that is its own. */
export interface Ready {
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
    ready = await prepare(file, options, out)
  } catch (error) {
    if (!options.json || !(error instanceof Refused) || error.code !== 2) throw error
    const { problems } = planAnswer({ plan: null, problems: [problemOf(error, file)] })
    out(JSON.stringify({ event: 'refused', problems }))
    return 2
  }
  if (ready === null) return 2
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
      const { problems } = planAnswer({ plan: null, problems: [problemOf(error, file)] })
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

/** @returns null when the file is wrong, which was told; throws Refused for everything else that stands in the way */
async function prepare(file: string, options: RunOptions, out: (line: string) => void): Promise<Ready | null> {
  const planned = await planToRun(file, options)
  const { plan, problems, text } = planned
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
  if (plan === null || wrong) return null

  if (options.debug && options.hub !== undefined)
    throw new Refused('--debug runs the trials on this machine: leave --hub out')
  const machine = options.debug ? oneSlot(plan) : thisMachine(options.slots)
  if (options.hub === undefined) {
    refuseTooLarge(plan, options.debug ? thisMachine(undefined) : machine)
    agentProgram() // built, or refused
  }
  const resources = await readResources(planned)
  const dir = folderOf(file, plan, options)
  const remote = options.hub === undefined ? null : await askHub(options.hub, planned, options.force ?? false)
  claimOutput(dir, options.force ? 'delete' : plan.settings.resume === null ? 'refuse' : 'resume')
  // It lies elsewhere than the file, so paths relative to the file become absolute.
  const pinned = Object.fromEntries((planned.extensions?.found ?? []).map(found => [found.name, found]))
  const dumped = dump(plan, { relocate: location => localPath(file, location), pinned })
  return { planned, plan, resources, dir, dumped, remote, machine }
}

function folderOf(file: string, plan: Plan, { savePath }: RunOptions): string {
  const { save_path } = plan.settings
  const save = savePath ?? (save_path === null ? './flambe-output' : localPath(file, save_path))
  return outputFolder(save, plan.name)
}

/** A resumed run takes the seed of the results that it resumes, unless file or command line says one. */
async function planToRun(file: string, options: RunOptions): Promise<PlannedFile> {
  const planned = await planWithExtensions(file, options)
  const { plan, drawn } = planned
  if (plan === null || plan.settings.resume === null || !drawn) return planned
  const seed = seedIn(folderOf(file, plan, options))
  return seed === null ? planned : planFile(file, seed, false, planned.extensions)
}

/** As much as the largest trial needs, so that no two of that size run at once. */
function oneSlot(plan: Plan): Machine {
  return { ...thisMachine(undefined), cpus: Math.max(...plan.blocks.map(b => b.devices.cpu)) }
}

/** The hub must answer, know the token and take the name before anything on this machine is touched. */
async function askHub(url: string, planned: PlannedFile, force: boolean): Promise<HubConnection> {
  const hub = connect(await findHub(url))
  const { refusal } = await hub.api.experiments.plan.query({ text: planned.text, limit: 1 }).catch(explain)
  if (refusal !== null && !force) throw new Refused(refusal, 2, 'results-exist')
  return hub
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

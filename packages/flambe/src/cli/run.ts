/**
 * `flambe run`: an experiment from start to end on this machine (a hub in this process, an agent as a child) or on a hub
 * with `--hub`. Shows progress, writes the output folder, ends with the best trials. Nothing is touched before the file and
 * the output folder are found to be in order. Ctrl-C ends the trials and leaves what was done; twice ends at once.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { dump } from '@flambe/language'
import pc from 'picocolors'
import { pino } from 'pino'
import { connect, explain, type HubConnection } from '../client/connect.ts'
import { hasErrors, localPath, type PlannedFile, planFile } from '../client/experiment-file.ts'
import { Refused } from '../client/refused.ts'
import { submitFile } from '../client/submit.ts'
import { findHub } from '../client/tokens.ts'
import { watchExperiment } from '../client/watch.ts'
import { startAgent } from '../local/agent.ts'
import type { Child } from '../local/child.ts'
import { startLocalHub } from '../local/hub.ts'
import { refuseTooLarge, thisMachine } from '../local/machine.ts'
import { claimOutput, outputFolder, writeAside } from '../output/folder.ts'
import { Recorder } from '../output/recorder.ts'
import { bestTables } from '../terminal/best.ts'
import { countProblems, showProblems } from '../terminal/problems.ts'
import { barProgress, jsonProgress, lineProgress, type Progress } from '../terminal/progress.ts'
import { duration } from '../terminal/values.ts'

export interface RunOptions {
  readonly savePath?: string
  readonly force?: true
  readonly json?: true
  readonly verbose?: true
  readonly slots?: number
  readonly hub?: string
  readonly seed?: number
}

export async function run(file: string, options: RunOptions): Promise<number> {
  const out = (line: string) => process.stdout.write(`${line}\n`)
  const planned = planFile(file, options.seed)
  if (options.json) {
    for (const problem of planned.problems)
      if (problem.severity === 'warning') out(JSON.stringify({ event: 'problem', problem }))
    if (hasErrors(planned.problems)) out(JSON.stringify({ event: 'refused', problems: planned.problems }))
  } else if (planned.problems.length > 0) process.stderr.write(`${showProblems(planned.problems, planned.text)}\n\n`)
  const { plan } = planned
  if (plan === null || hasErrors(planned.problems)) {
    if (!options.json) process.stderr.write(`${file}: ${countProblems(planned.problems)}; nothing was run\n`)
    return 2
  }
  if (options.hub === undefined) refuseTooLarge(plan, thisMachine(options.slots))
  const save =
    options.savePath ??
    (plan.settings.save_path === null ? './flambe-output' : localPath(file, plan.settings.save_path))
  const dir = outputFolder(save, plan.name)
  const remote = options.hub === undefined ? null : await askHub(options.hub, planned, options.force ?? false)
  claimOutput(dir, options.force ?? false)
  mkdirSync(dir, { recursive: true })
  // It lies elsewhere than the file, so paths relative to the file become absolute.
  await writeAside(join(dir, 'experiment.yaml'), dump(plan, { relocate: location => localPath(file, location) }))

  if (options.json) {
    const blocks = plan.blocks.map(b => ({
      id: b.id,
      tag: b.tag,
      depends_on: b.depends_on,
      count: b.count,
      reduce: b.reduce,
    }))
    out(JSON.stringify({ event: 'plan', name: plan.name, seed: plan.seed, folder: dir, blocks }))
  } else {
    const total = plan.blocks.reduce((n, b) => n + b.count, 0)
    out(`${pc.bold(plan.name)}  ${total} trials in ${plan.blocks.length} blocks, seed ${plan.seed}\n${pc.dim(dir)}\n`)
  }
  const progress: Progress = options.json
    ? jsonProgress(out)
    : process.stdout.isTTY
      ? barProgress(process.stdout)
      : lineProgress(out)
  const place =
    remote === null ? await localPlace(dir, options, progress) : { connection: remote, close: async () => undefined }
  try {
    return await follow(place.connection, planned, dir, options, progress)
  } finally {
    await place.close()
  }
}

/** The hub must answer, know the token and take the name before anything on this machine is touched. */
async function askHub(url: string, planned: PlannedFile, force: boolean): Promise<HubConnection> {
  const hub = connect(findHub(url))
  const { refusal } = await hub.api.experiments.plan.query({ text: planned.text, limit: 1 }).catch(explain)
  if (refusal !== null && !force) throw new Refused(refusal)
  return hub
}

interface Place {
  readonly connection: HubConnection
  close(): Promise<void>
}

/** A hub here and an agent beside it. The agent's end that nobody asked for ends the run. */
async function localPlace(dir: string, options: RunOptions, progress: Progress): Promise<Place> {
  const state = join(dir, '.hub')
  const logger = pino({ level: options.verbose ? 'debug' : 'error' }, pino.destination(2))
  const hub = await startLocalHub(state, logger)
  const last: string[] = []
  let agent: Child | null = null
  try {
    agent = await startAgent(hub.connection, {
      name: 'local',
      home: join(state, 'agent'),
      stopTrials: true,
      ...(options.slots === undefined ? {} : { cpus: options.slots }),
      onLine: line => {
        if (options.verbose) progress.note(pc.dim(`agent: ${line}`))
        last.push(line)
        if (last.length > 5) last.shift()
      },
      onExit: code => {
        process.stderr.write(`the agent ended (exit ${code}):\n${last.join('\n')}\n`)
        process.emit('SIGTERM')
      },
    })
  } catch (error) {
    await hub.close()
    throw error
  }
  return {
    connection: hub.connection,
    close: async () => {
      await agent?.stop(15_000)
      await hub.close()
    },
  }
}

async function follow(
  hub: HubConnection,
  planned: PlannedFile,
  dir: string,
  options: RunOptions,
  progress: Progress,
): Promise<number> {
  const started = Date.now()
  const id = await submitFile(hub, planned, { force: options.force ?? false, paused: false })
  if (options.hub !== undefined && !options.json) progress.note(`${hub.address.url}/e/${id}`)
  const recorder = new Recorder(hub, dir)
  const watch = await watchExperiment(hub, id, (now, changed) => {
    recorder.changed(now, changed)
    progress.update(now.experiment, changed)
  })
  const interrupted = cancelOnSignal(hub, id, progress)
  try {
    await watch.ended
    progress.update(watch.now.experiment, [...watch.now.trials.values()])
    await recorder.finish(watch.now)
  } finally {
    progress.end()
    watch.close()
    interrupted.off()
  }
  const { experiment } = watch.now
  const trials = [...watch.now.trials.values()]
  const failed = trials.filter(t => t.state === 'failure')
  if (options.json) {
    process.stdout.write(
      `${JSON.stringify({ event: 'done', state: experiment.state, reason: experiment.reason, failed: failed.map(t => ({ id: t.id, reason: t.reason })), folder: dir })}\n`,
    )
  } else {
    const tables = bestTables(experiment, trials)
    const end = experiment.state === 'success' ? pc.green('success') : pc.red(experiment.state)
    process.stdout.write(
      `\n${tables === '' ? '' : `${tables}\n\n`}${end} in ${duration(Date.now() - started)}${experiment.reason === null ? '' : `: ${experiment.reason}`}\n`,
    )
    for (const t of failed.slice(0, 10))
      process.stdout.write(`  ${pc.red('✗')} ${t.block} ${t.number}: ${t.reason ?? 'failed'}\n`)
    process.stdout.write(`${pc.dim(dir)}\n`)
  }
  if (interrupted.by !== null) return interrupted.by === 'SIGINT' ? 130 : 143
  return experiment.state === 'success' && failed.length === 0 ? 0 : 1
}

/** First signal: cancel the experiment and end when it has ended. Second: end at once. */
function cancelOnSignal(hub: HubConnection, id: string, progress: Progress) {
  const state: { by: NodeJS.Signals | null; off(): void } = {
    by: null,
    off: () => {
      process.off('SIGINT', onSignal)
      process.off('SIGTERM', onSignal)
    },
  }
  let first = 0
  const onSignal = (signal?: NodeJS.Signals) => {
    // One Ctrl-C can arrive twice: from the terminal's group and passed on by the starting process.
    if (state.by !== null && Date.now() - first < 500) return
    if (state.by !== null) process.exit(130)
    first = Date.now()
    state.by = signal ?? 'SIGTERM'
    progress.note('ending the trials; once more ends at once')
    hub.api.experiments.command
      .mutate({ id, command: 'cancel', command_id: `${id}-cancel` })
      .catch((error: unknown) => {
        process.stderr.write(`${new Refused(error instanceof Error ? error.message : String(error)).message}\n`)
        process.exit(3)
      })
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  return state
}

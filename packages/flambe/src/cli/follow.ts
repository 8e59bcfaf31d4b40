/**
 * The part of `flambe run` that has something to end: submits, shows progress, keeps the output folder, and sees to it that
 * nothing is left, however it ends: by itself, by Ctrl-C once (the trials are cancelled in order) or twice (all at once).
 */
import { join } from 'node:path'
import { explain, type HubConnection } from '../client/connect.ts'
import { submitFile } from '../client/submit.ts'
import { FINAL, type Watch, watchExperiment } from '../client/watch.ts'
import { localPlace, type Place } from '../local/place.ts'
import { writeAside } from '../output/folder.ts'
import { Recorder } from '../output/recorder.ts'
import type { Progress } from '../terminal/progress.ts'
import { reportEnd } from '../terminal/report.ts'
import { type Ending, EXIT } from './ending.ts'
import type { Ready, RunOptions } from './run.ts'

/** @returns the exit code */
export async function follow(ready: Ready, options: RunOptions, progress: Progress, ending: Ending): Promise<number> {
  const place = ready.remote === null ? await localPlace(ready, options, progress) : elsewhere(ready.remote)
  const recorder = new Recorder(place.connection, ready.dir)
  let watch: Watch | null = null
  const whole = async (): Promise<number> => {
    watch = await begin(ready, options, place.connection, recorder, progress)
    const { now, ended } = watch
    const cancelled = ending.asked.then(by => {
      progress.note(
        by === 'SIGINT' && !options.debug ? 'ending the trials; Ctrl-C again ends at once' : 'ending the trials',
      )
      return cancel(place.connection, watch as Watch)
    })
    // Only its failure matters: the end is seen by `ended`.
    await Promise.race([ended, cancelled.then(() => ended)])
    progress.update(now.experiment, [...now.trials.values()])
    await recorder.finish(now)
    progress.end()
    await place.close()
    watch.close()
    const code = reportEnd(now, ready.dir, options)
    return ending.by === null ? code : EXIT[ending.by]
  }
  try {
    const done = whole()
    done.catch(() => undefined) // thrown by the race, unless that was decided before
    // A trial that waits for a debugger, or stands at a breakpoint, hears nothing: under --debug the first Ctrl-C is enough.
    const atOnce = options.debug ? ending.asked : ending.again
    const first = await Promise.race([done, place.failed, atOnce.then(() => null)])
    if (first !== null) return first
    progress.note(ready.remote === null ? 'ended at once' : 'ended at once; the hub goes on ending the trials')
    return EXIT[ending.by ?? 'SIGINT']
  } finally {
    progress.end()
    const last = watch as Watch | null
    last?.close()
    await place.kill()
    // On a hub the experiment goes on when this command fails, and ends when it was cancelled.
    if (last !== null && (ready.remote === null || ending.by !== null)) await recorder.breakOff(last.now)
  }
}

async function begin(
  { planned, resources, remote, dir, dumped, submitted, user }: Ready,
  options: RunOptions,
  hub: HubConnection,
  recorder: Recorder,
  progress: Progress,
): Promise<Watch> {
  const force = options.force ?? false
  const id = submitted ?? (await submitFile(hub, planned, resources, { force, paused: false, user }))
  // Only now: a refused submission leaves what the folder holds as it is.
  await writeAside(join(dir, 'experiment.yaml'), dumped)
  if (remote !== null && !options.json) progress.note(`${hub.address.url}/e/${id}`)
  const watch = await watchExperiment(hub, id, (now, changed) => {
    recorder.changed(now, changed)
    progress.update(now.experiment, changed)
  })
  if (submitted !== null) {
    // Only now, so that nothing of it is missed.
    const command_id = `${id}-begin`
    await hub.api.experiments.command.mutate({ id, command: 'resume', command_id }).catch(explain)
  }
  return watch
}

async function cancel(hub: HubConnection, { now }: Watch): Promise<void> {
  const { id } = now.experiment
  try {
    await hub.api.experiments.command.mutate({ id, command: 'cancel', command_id: `${id}-cancel` })
  } catch (error) {
    // It may have ended by itself in between.
    if (!FINAL.has(now.experiment.state)) explain(error)
  }
}

function elsewhere(connection: HubConnection): Place {
  const nothing = async () => undefined
  return { connection, failed: new Promise<never>(() => undefined), close: nothing, kill: nothing }
}

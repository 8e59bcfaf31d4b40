/**
 * What a trial may leave behind in its process, and the proof that nothing of it is there: a process runs another trial only
 * when `wipe` found nothing that it could not undo. Opened when everything is loaded and no trial has run yet; used by
 * spare.ts. What is in the private state of a module of the user's (a counter in a file) is beyond it.
 */
import { readdirSync, readlinkSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { setContext } from '../core/context.ts'
import { setResources } from '../core/resources.ts'
import { tf } from '../tf.ts'
import { openGlobals } from './globals.ts'
import { openNames } from './names.ts'
import type { Timers } from './timers.ts'

export interface Slate {
  /** Undoes what can be undone; resolves with what is left, each in a few words. Empty: this process is as good as new. */
  wipe(): Promise<readonly string[]>
}

/** Where a process is between trials. */
export interface Home {
  readonly environment: NodeJS.ProcessEnv
  readonly folder: string
}

export function openSlate(timers: Timers, home: Home): Slate {
  const globals = openGlobals()
  const names = openNames()
  const listeners = listenersNow()
  const mask = process.umask()
  const tensors = tensorsNow()
  const flags = { ...tf.env().getFlags() }
  const files = filesNow()
  const active = activeNow()

  return {
    async wipe() {
      timers.clear()
      restoreListeners(listeners)
      restoreEnvironment(home.environment)
      process.chdir(home.folder)
      process.umask(mask)
      process.exitCode = undefined
      setContext(null)
      setResources({})
      tf.disposeVariables()
      tf.env().setFlags({ ...flags })
      names.restore()
      const left = [...globals.restore()]
      // What was closed is gone from the system only after its callbacks.
      for (let i = 0; i < 3; i++) await turn()
      left.push(...beyond(activeNow(), active), ...beyond(filesNow(), files))
      for (const [name, count] of Object.entries(tensorsNow()))
        if (count !== tensors[name as keyof typeof tensors]) left.push(`${name}: ${count}`)
      for (const stream of ['stdout', 'stderr'] as const) if (!process[stream].writable) left.push(`${stream} closed`)
      return left
    },
  }
}

/** What TensorFlow.js counts. Its engine knows no list of tensors, so what is left over cannot be freed, only seen. */
function tensorsNow() {
  const { numTensors, numDataBuffers } = tf.memory()
  const { state } = tf.engine() as unknown as { state: { scopeStack: unknown[]; gradientDepth: number } }
  return {
    tensors: numTensors,
    buffers: numDataBuffers,
    scopes: state.scopeStack.length,
    gradients: state.gradientDepth,
    backend: tf.getBackend(),
    kernels: tf.getKernelsForBackend(tf.getBackend()).length,
  }
}

type Listeners = ReadonlyMap<string | symbol, readonly ((...args: unknown[]) => void)[]>

function listenersNow(): Listeners {
  return new Map(process.eventNames().map(name => [name, process.rawListeners(name as 'exit') as never[]]))
}

function restoreListeners(before: Listeners): void {
  for (const [name, now] of listenersNow()) {
    const kept = before.get(name) ?? []
    for (const listener of now) if (!kept.includes(listener)) process.removeListener(name, listener)
  }
  for (const [name, kept] of before) {
    const now = process.rawListeners(name as 'exit') as unknown[]
    for (const listener of kept) if (!now.includes(listener)) process.on(name as 'exit', listener)
  }
}

function restoreEnvironment(before: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!Object.hasOwn(before, name)) delete process.env[name]
  for (const [name, value] of Object.entries(before)) if (process.env[name] !== value) process.env[name] = value
}

/** Open files, sockets and watchers, also those that keep no event loop alive. The first four are the process's own. */
function filesNow(): readonly string[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc/self/fd')
    .filter(fd => Number(fd) > 3)
    .flatMap(fd => {
      try {
        return [`open ${fd} ${readlinkSync(`/proc/self/fd/${fd}`)}`]
      } catch {
        return [] // the listing's own
      }
    })
}

const activeNow = () => process.getActiveResourcesInfo().map(kind => `active ${kind}`)

/** The entries of `now` that `before` does not have as often. */
function beyond(now: readonly string[], before: readonly string[]): readonly string[] {
  const known = [...before]
  return now.filter(one => {
    const at = known.indexOf(one)
    if (at >= 0) known.splice(at, 1)
    return at < 0
  })
}

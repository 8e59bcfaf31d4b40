/**
 * One attempt, from its folder to its end: reads what the agent wrote, makes everything random seeded, opens the backend,
 * builds the component, goes on from a checkpoint, runs the steps. Called by main.ts in a process of its own.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { arch, cpus, hostname, platform } from 'node:os'
import { join } from 'node:path'
import type { ConfigNode, ResolvedConfig } from '@flambe/language'
import { type Exit, FOLDER, type Places, places, type Spec, spec } from '@flambe/protocol'
import type { z } from 'zod'
import { BACKENDS, BackendRefused, openBackend } from '../backend/index.ts'
import type { Block } from '../core/block.ts'
import { compile } from '../core/compile.ts'
import type { Component } from '../core/component.ts'
import { type Context, type Env, setContext } from '../core/context.ts'
import { externalOf } from '../core/external.ts'
import { ConfigurationError } from '../core/failure.ts'
import { type Random, random } from '../core/random.ts'
import { openRecords, type RecordWriter } from '../core/records.ts'
import { lookup } from '../core/registry.ts'
import { restore } from '../core/state.ts'
import { loadExtensions } from '../extension/load.ts'
import { openCheckpoints } from './checkpoints.ts'
import { type Ending, InfrastructureError } from './ending.ts'
import { runSteps } from './loop.ts'
import { readSnapshot } from './snapshot.ts'
import type { Wishes } from './wishes.ts'

/** `outside`: the work was done by a program of its own. */
export async function runAttempt(
  folder: string,
  ending: Ending,
  wishes: Wishes,
): Promise<{ readonly exit: Exit; readonly outside: boolean }> {
  const { about, here } = readAttempt(folder)
  const config = about.config as unknown as ResolvedConfig
  const records = openRecords(join(folder, FOLDER.records))
  ending.before(() => records.close())
  await loadExtensions(here.resources)

  // First: in a process that is used again the backend is open already, and must not have drawn from this trial's numbers.
  records.write({ t: 'start', time: Date.now(), environment: await environment(about, here) })
  const generator = random(about.seed, 'Math.random')
  Math.random = () => generator.next()
  const context = contextOf(folder, about, here, records)
  setContext(context)

  if (about.resume === null) writeParams(about, records)
  records.flush()

  const made: Block[] = []
  ending.before(() => release(made))
  const component = await compile(config, here, made)
  const from = about.resume === null ? { step: 0, best: null } : await resume(component, here, generator)
  const checkpoints = openCheckpoints(folder, (about.resume?.number ?? 0) + 1, about.checkpoint.keep, records)
  const exit = await runSteps({
    component,
    context,
    random: generator,
    records,
    checkpoints,
    wishes,
    policy: about.checkpoint,
    mode: about.mode,
    from,
  })
  return { exit, outside: externalOf(component) !== undefined }
}

/** Throws InfrastructureError when the agent's files are not there or not whole. */
function readAttempt(folder: string): { readonly about: Spec; readonly here: Places } {
  return { about: read(join(folder, FOLDER.spec), spec), here: read(join(folder, FOLDER.places), places) }
}

/** Loads the extensions and opens the backend that an attempt will ask for. What goes wrong, the attempt will find again, and tell. */
export async function openFor(folder: string): Promise<void> {
  try {
    const { about, here } = readAttempt(folder)
    await loadExtensions(here.resources)
    const { name, needed } = wanted(about, here)
    if (!needed || name === undefined) return
    await openBackend(name)
  } catch (error) {
    console.error(error)
  }
}

/** Each once, whoever else calls it. What a component fails to free is no reason to call a good trial failed. */
function release(blocks: readonly Block[]): void {
  const all = new Set(blocks.flatMap(block => [...block.components]))
  for (const component of all) {
    let disposed = false
    const { dispose } = component
    component.dispose = () => {
      if (!disposed) {
        disposed = true
        dispose.call(component)
      }
    }
  }
  for (const component of all) {
    try {
      component.dispose()
    } catch (error) {
      console.warn('dispose failed:', error)
    }
  }
}

async function resume(
  component: Component,
  { resume: dir }: Places,
  generator: Random,
): Promise<{ step: number; best: number | null }> {
  if (dir === null || !existsSync(dir)) throw new InfrastructureError('the checkpoint to go on from is not here')
  await restore(component, dir)
  const { step, best, random: state } = readSnapshot(dir)
  generator.state = state
  return { step, best }
}

/** The backend to open; not needed when nothing in this trial computes with TensorFlow.js. */
function wanted({ backend, config }: Spec, here: Places) {
  const asked = backend === 'auto' ? here.backend : backend
  const name = asked === 'auto' ? ('auto' as const) : BACKENDS.find(b => b === asked)
  return { name, needed: (config as unknown as ResolvedConfig).some(({ root }) => computes(root)) }
}

/** Opens the backend, unless there is no need, and says what everything runs on. */
async function environment(about: Spec, here: Places) {
  const machine = {
    node: process.version,
    host: hostname(),
    platform: platform(),
    arch: arch(),
    cpus: cpus().length,
    agent: here.agent.name,
  }
  const { name, needed } = wanted(about, here)
  if (!needed) return { backend: 'none', detail: 'nothing here needs one', versions: {}, ...machine }
  if (name === undefined) throw new InfrastructureError(`no backend can be used on ${here.agent.name}`)
  try {
    const opened = await openBackend(name)
    return { backend: opened.name, detail: opened.detail.slice(0, 5_000), versions: { ...opened.versions }, ...machine }
  } catch (error) {
    if (!(error instanceof BackendRefused)) throw error
    const message = `backend ${name} on ${here.agent.name}: ${error.message}`
    // Whoever names a backend in the file wants that one; what the agent has found should work.
    throw about.backend === 'auto' ? new InfrastructureError(message) : new ConfigurationError(message)
  }
}

function computes(node: ConfigNode): boolean {
  switch (node.kind) {
    case 'component':
      return lookup(node.tag)?.uses_backend !== false || node.args.some(([, arg]) => computes(arg))
    case 'list':
      return node.items.some(computes)
    case 'map':
      return node.entries.some(([, entry]) => computes(entry))
    default:
      return false
  }
}

function contextOf(folder: string, about: Spec, here: Places, records: RecordWriter): Context {
  const trial_dir = join(folder, 'work')
  mkdirSync(trial_dir, { recursive: true })
  const env = {
    user: '',
    ...about.env,
    experiment: about.experiment.name,
    block: about.block,
    trial_id: about.trial,
    trial_number: about.trial_number,
    attempt: about.epoch,
    agent: here.agent.name,
    hub: here.hub,
    devices: { cpu: about.devices.cpu, gpus: about.devices.gpus.map(gpu => gpu.index) },
    seed: about.seed,
  } as Env
  const prefix = about.merge_plot ? '' : `${about.block} `
  return { env, trial_dir, inputs: here.inputs, prefix, write: r => records.write(r), step: 0 }
}

/** The variant's hyper-parameters, once a trial (LOG-4). */
function writeParams({ params }: Spec, records: RecordWriter): void {
  if (Object.keys(params).length > 0 && JSON.stringify(params).length <= 50_000)
    records.write({ t: 'hparams', time: Date.now(), values: params })
}

function read<T extends z.ZodType>(file: string, schema: T): z.infer<T> {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    throw new InfrastructureError(`cannot read ${file}: ${(error as Error).message.slice(0, 2_000)}`)
  }
}

/** Everything that the agent tells the hub about its machine, found out once at the start. Called by command.ts and doctor.ts. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Ladder, probeBackends } from './backends.ts'
import { findGpus, type Gpu } from './gpus.ts'
import { machine } from './machine.ts'

export interface Probed {
  readonly cpu: number
  /** Bytes. */
  readonly memory: number
  readonly gpus: readonly Gpu[]
  /** The driver, or why there are no GPUs. */
  readonly gpuDetail: string
  readonly ladder: Ladder
}

/** ms for one rung of the ladder. */
const RUNG_LIMIT = 60_000
/** Packages that are no part of the agent and bring backends of their own. */
const ADD_ONS = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node', 'webgpu']

export async function probe(options: {
  /** Where attempt folders are, or will be. */
  readonly folder: string
  readonly program: string
  /** Processors to offer, null for all. */
  readonly cpus: number | null
  /** Tries every backend again, whatever was kept. */
  readonly again: boolean
}): Promise<Probed> {
  const { cpu, memory } = machine()
  const { gpus, detail } = await findGpus()
  const { folder, program } = options
  const key = JSON.stringify([stampOf(program), process.version, process.arch, detail, gpus, addOns(folder)])
  const ladder = probeBackends({ program, folder, key: options.again ? null : key, limit: RUNG_LIMIT, gpus })
  return { cpu: options.cpus ?? cpu, memory, gpus, gpuDetail: detail, ladder }
}

function stampOf(program: string): string {
  if (statSync(program, { throwIfNoEntry: false }) === undefined) return 'none'
  return createHash('sha256').update(readFileSync(program)).digest('hex')
}

/** When which add-on was installed, from the folder upwards. */
function addOns(folder: string): readonly string[] {
  const here = ADD_ONS.flatMap(name => {
    const stat = statSync(join(folder, 'node_modules', name, 'package.json'), { throwIfNoEntry: false })
    return stat === undefined ? [] : [`${folder} ${name} ${stat.mtimeMs}`]
  })
  const above = dirname(folder)
  return above === folder ? here : [...here, ...addOns(above)]
}

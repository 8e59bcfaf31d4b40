/** Everything that the agent tells the hub about its machine, found out once at the start. Called by main.ts and doctor.ts. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Probed } from '../agent.ts'
import type { Build } from '../build.ts'
import { probeBackends } from './backends.ts'
import { findGpus } from './gpus.ts'
import { machine } from './machine.ts'

/** ms for one rung of the ladder. */
const RUNG_LIMIT = 60_000

export async function probe(options: {
  readonly home: string
  readonly program: string
  readonly build: Build
  /** Processors to offer, null for all. */
  readonly cpus: number | null
}): Promise<Probed & { readonly gpuDetail: string }> {
  const { cpu, memory } = machine()
  const { gpus, detail } = await findGpus()
  const backends = await probeBackends({
    program: options.program,
    file: join(options.home, 'backends.json'),
    key: JSON.stringify([
      stamp(options.program),
      process.version,
      process.arch,
      detail,
      gpus,
      process.env.NODE_PATH ?? '',
    ]),
    limit: RUNG_LIMIT,
    gpus,
  })
  return { cpu: options.cpus ?? cpu, memory, gpus, backends, gpuDetail: detail }
}

function stamp(program: string): string {
  const stat = statSync(program, { throwIfNoEntry: false })
  if (stat === undefined) return 'none'
  return createHash('sha256').update(readFileSync(program)).digest('hex')
}

/**
 * The ladder of TensorFlow.js backends: each rung is tried in a child process (`TRIAL --probe RUNG`, exit code 0 and a last
 * line of JSON `{accepted, detail}`), because a backend that does not fit can crash or hang. Answers are kept per versions.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurable } from '../files.ts'
import { trialEnvironment } from '../trial/spawn.ts'

/** Best first. `cpu` is the reference of gradient tests: 200 times slower, so `auto` never means it. */
export const LADDER = ['tensorflow-gpu', 'webgpu', 'tensorflow', 'wasm', 'cpu'] as const

const rung = z.object({ name: z.string().max(40), accepted: z.boolean(), detail: z.string().max(2_000) })
export type Rung = z.infer<typeof rung>
const answer = rung.omit({ name: true })
const cached = z.object({ key: z.string(), rungs: z.array(rung) })

export interface Ladder {
  /** The kept answers, maybe of other versions; empty when there are none. */
  readonly kept: readonly Rung[]
  /** The right ones: at once when the kept ones are, else when every rung was tried. */
  readonly fresh: Promise<readonly Rung[]>
}

/** `key`: everything that the answers depend on; null tries in any case. */
export function probeBackends(options: {
  readonly program: string
  /** Where packages are looked for from here upwards, as trials do; the answers are kept here. */
  readonly folder: string
  readonly key: string | null
  /** ms for one rung. */
  readonly limit: number
  readonly gpus: readonly { readonly index: number }[]
}): Ladder {
  const file = join(options.folder, 'backends.json')
  const known = cached.safeParse(readJson(file))
  const kept = known.success ? known.data.rungs : []
  if (known.success && known.data.key === options.key) return { kept, fresh: Promise.resolve(kept) }
  return { kept, fresh: tryAll() }

  async function tryAll(): Promise<readonly Rung[]> {
    const one = async (name: string): Promise<Rung> => ({ name, ...(await probe(options, name)) })
    // At once, unless they would fight for a GPU.
    const rungs: Rung[] = options.gpus.length === 0 ? await Promise.all(LADDER.map(one)) : []
    if (options.gpus.length > 0) for (const name of LADDER) rungs.push(await one(name))
    if (options.key !== null) writeDurable(file, JSON.stringify({ key: options.key, rungs }))
    return rungs
  }
}

/** What `backend: auto` means here; 'none' when no rung holds: scripts run even so. */
export function chosen(rungs: readonly Rung[]): string {
  return rungs.find(one => one.accepted && one.name !== 'cpu')?.name ?? 'none'
}

type Probe = Pick<Parameters<typeof probeBackends>[0], 'program' | 'folder' | 'limit' | 'gpus'>

function probe({ program, folder, limit, gpus }: Probe, name: string): Promise<z.infer<typeof answer>> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [program, '--probe', name], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: trialEnvironment(process.env, gpus),
    })
    let out = ''
    let err = ''
    const collect = (text: string, more: Buffer) => (text + more.toString('utf8')).slice(-20_000)
    child.stdout.on('data', more => {
      out = collect(out, more)
    })
    child.stderr.on('data', more => {
      err = collect(err, more)
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), limit)
    child.once('error', error => resolve({ accepted: false, detail: error.message.slice(0, 2_000) }))
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      const parsed = answer.safeParse(lastLine(out))
      if (code === 0 && parsed.success) resolve(parsed.data)
      else if (signal === 'SIGKILL') resolve({ accepted: false, detail: `no answer within ${limit / 1_000} s` })
      else
        resolve({
          accepted: false,
          detail: `probe ended with ${signal ?? code}: ${err.trim().slice(-500)}`.slice(0, 2_000),
        })
    })
  })
}

function lastLine(text: string): unknown {
  try {
    return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')
  } catch {
    return null // not an answer
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null // nothing kept yet
  }
}

/**
 * The ladder of TensorFlow.js backends: each rung is tried in a child process (`TRIAL --probe RUNG`, exit code 0 and a last
 * line of JSON `{accepted, detail}`), because a backend that does not fit can crash or hang. Answers are kept per versions.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { writeDurable } from '../files.ts'
import { trialEnvironment } from '../trial/spawn.ts'

/** Best first. `cpu` is the reference of gradient tests: 200 times slower, so `auto` never means it. */
export const LADDER = ['tensorflow-gpu', 'webgpu', 'tensorflow', 'wasm', 'cpu'] as const

const rung = z.object({ name: z.string().max(40), accepted: z.boolean(), detail: z.string().max(2_000) })
export type Rung = z.infer<typeof rung>
const answer = rung.omit({ name: true })
const cached = z.object({ key: z.string(), rungs: z.array(rung) })

/** `key`: everything the answers depend on; the same key gives the kept answers. */
export async function probeBackends(options: {
  readonly program: string
  readonly file: string
  readonly key: string
  /** ms for one rung. */
  readonly limit: number
  readonly gpus: readonly { readonly index: number }[]
}): Promise<readonly Rung[]> {
  const known = cached.safeParse(readJson(options.file))
  if (known.success && known.data.key === options.key) return known.data.rungs
  const rungs: Rung[] = []
  for (const name of LADDER) rungs.push({ name, ...(await probe(options.program, name, options.limit, options.gpus)) })
  writeDurable(options.file, JSON.stringify({ key: options.key, rungs }))
  return rungs
}

/** What `backend: auto` means here; 'none' when no rung holds: scripts run even so. */
export function chosen(rungs: readonly Rung[]): string {
  return rungs.find(one => one.accepted && one.name !== 'cpu')?.name ?? 'none'
}

function probe(
  program: string,
  name: string,
  limit: number,
  gpus: readonly { readonly index: number }[],
): Promise<z.infer<typeof answer>> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [program, '--probe', name], {
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

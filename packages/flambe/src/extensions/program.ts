/**
 * The trial runtime as a program of its own, for packing and describing extensions: their code never runs in this process. Called by
 * pack.ts and describe.ts.
 */
import { execFile } from 'node:child_process'
import { trialProgram } from '../local/places.ts'

/** ms. */
const LIMIT = 60_000
/** MB of JavaScript objects. */
const HEAP = 1024

/** What it said in its last line, when that is an object; or why it said nothing. */
export function askTrialProgram(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly said: object } | { readonly why: string }> {
  const kept = Object.entries(process.env).filter(([key]) => !key.toUpperCase().startsWith('FLAMBE_'))
  const options = { cwd, env: Object.fromEntries(kept), timeout: LIMIT, maxBuffer: 64 * 1024 * 1024 }
  const all = [`--max-old-space-size=${HEAP}`, trialProgram(), ...args]
  return new Promise(resolve => {
    execFile(process.execPath, all, options, (error, stdout, stderr) => {
      const said = error === null ? objectIn(stdout.trimEnd().split('\n').at(-1) ?? '') : null
      if (said !== null) return resolve({ said })
      const last = stderr.trim().split('\n').at(-1) ?? ''
      const late = error !== null && error.killed === true
      resolve({ why: late ? `it does not end within ${LIMIT / 1_000} s` : last || 'its import ends the process' })
    })
  })
}

function objectIn(line: string): object | null {
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line) as object
  } catch {
    return null
  }
}

/**
 * The catalogue of a packed extension, read by the trial runtime in a process of its own: its code never runs in this one. Called
 * by read.ts.
 */
import { execFile } from 'node:child_process'
import type { Catalogue } from '@flambe/language'
import { trialProgram } from '../local/places.ts'

/** ms that an extension may take to be imported. */
const LIMIT = 60_000

export async function describeExtension(
  name: string,
  folder: string,
): Promise<Catalogue | { readonly problem: string }> {
  const kept = Object.entries(process.env).filter(([key]) => !key.toUpperCase().startsWith('FLAMBE_'))
  const options = { cwd: folder, env: Object.fromEntries(kept), timeout: LIMIT, maxBuffer: 64 * 1024 * 1024 }
  const args = [trialProgram(), '--describe', name, folder]
  return new Promise(resolve => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const line = stdout.trimEnd().split('\n').at(-1) ?? ''
      if (error === null && line.startsWith('{')) resolve(JSON.parse(line) as Catalogue)
      else resolve({ problem: `cannot be loaded: ${stderr.trim().split('\n').at(-1) || 'its import does not end'}` })
    })
  })
}

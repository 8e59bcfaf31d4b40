/**
 * The catalogue of an installed extension, read by the trial runtime in a process of its own: an extension's code never runs in the
 * agent. Called by describing.ts.
 */
import { type Runtime, runIsolated } from './isolated.ts'

export type Catalogue = { readonly [key: string]: unknown }

/** ms that an extension may take to be imported. */
const LIMIT = 60_000
/** Characters of a catalogue on the wire. */
const LONGEST = 900_000

/** Rejects with the signal's reason only. */
export async function describeFolder(
  runtime: Runtime,
  name: string,
  folder: string,
  at: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<{ readonly catalogue: Catalogue } | { readonly problem: string }> {
  const ran = await runIsolated(runtime, ['--describe', name, folder], { ...at, limit: LIMIT })
  const said = saidIn(ran.line)
  if (said !== null && 'problem' in said) return { problem: String(said.problem) }
  if (ran.trouble !== null || said === null) return { problem: `cannot be loaded: ${why(ran.stderr, ran.trouble)}` }
  if (ran.line.length > LONGEST) return { problem: 'has a catalogue of more than 900,000 characters' }
  return { catalogue: said }
}

const why = (stderr: string, trouble: string | null): string => {
  const last = stderr.split('\n').at(-1) ?? ''
  return [trouble, last].filter(words => words !== null && words !== '').join(': ') || 'it says nothing'
}

/** Null: it printed something else last. */
export function saidIn(line: string): Catalogue | null {
  if (!line.startsWith('{')) return null
  try {
    return JSON.parse(line) as Catalogue
  } catch {
    return null
  }
}

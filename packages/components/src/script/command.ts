/** What a script is started with: interpreter by extension, arguments as text. Everything wrong here is the file's fault. */
import { basename, extname } from 'node:path'
import { ConfigurationError } from '../core/failure.ts'

export interface Command {
  readonly program: string
  readonly args: readonly string[]
  /** True and false as Python writes them. */
  readonly python: boolean
}

export function commandFor(script: string | undefined, command: readonly string[] | undefined): Command {
  if (command !== undefined) {
    const [program, ...args] = command
    if (program === undefined) throw new ConfigurationError('command is empty')
    return { program, args, python: isPython(program) || args.some(a => a.endsWith('.py')) }
  }
  if (script === undefined) throw new ConfigurationError('Script needs "script" or "command"')
  switch (extname(script)) {
    case '.py':
      return { program: 'python3', args: [script], python: true }
    case '.ts':
      if (Number(process.versions.node.split('.')[0]) < 22)
        throw new ConfigurationError(`${basename(script)} needs Node 22 or later, this agent has ${process.version}`)
      return { program: process.execPath, args: ['--experimental-strip-types', script], python: false }
    case '.js':
    case '.mjs':
    case '.cjs':
      return { program: process.execPath, args: [script], python: false }
    case '.sh':
      return { program: 'bash', args: [script], python: false }
    default:
      return { program: script, args: [], python: false }
  }
}

/** `args… --k v …`. Lists and maps become JSON; a keyword that is null is left out. */
export function argumentsFor(
  args: readonly unknown[],
  kwargs: { readonly [name: string]: unknown },
  python: boolean,
): string[] {
  const words = args.map(value => asText(value, python))
  for (const [name, value] of Object.entries(kwargs)) if (value !== null) words.push(`--${name}`, asText(value, python))
  return words
}

function asText(value: unknown, python: boolean): string {
  if (typeof value === 'boolean') return python ? (value ? 'True' : 'False') : String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : nonFinite(value)
  if (typeof value === 'string') return value
  if (value === null) return python ? 'None' : 'null'
  return JSON.stringify(value)
}

/** As Python, C and most others read them. */
const nonFinite = (value: number) => (Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf')

const isPython = (program: string) => /^python[\d.]*$/.test(basename(program))

/** Starting failed before the program ran. */
export function cannotStart(error: NodeJS.ErrnoException, program: string, script: string | undefined): Error {
  const what = script === undefined ? 'the command' : basename(script)
  if (error.code === 'ENOENT')
    return new ConfigurationError(`${program} was not found on this machine; ${what} needs it`)
  if (error.code === 'EACCES') return new ConfigurationError(`${basename(program)} is not executable`)
  return error
}

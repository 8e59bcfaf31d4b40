/**
 * How a trial process ends: exactly one `exit.json`, whatever happens. Catches what user code may do to a process: an error
 * or rejection that nobody handles, `process.exit`, an event loop that runs dry. Killed from outside, no file is written, and
 * the agent knows.
 */
import { join } from 'node:path'
import { type Exit, type ExitFile, FOLDER, type WireFailure } from '@flambe/protocol'
import { ConfigurationError } from '../core/failure.ts'
import { writeDurable } from './files.ts'

export interface Ending {
  /** Writes exit.json and ends the process: 0, or 1 for a failure. The first call counts. */
  end(exit: Exit): never
  /** Writes exit.json and takes the guards down, so that the process may go on with something else; a bad end ends it even so. */
  settle(exit: Exit): void
  /** Called before exit.json is written, so that nothing that was logged comes after the end. */
  before(action: () => void): void
}

export function watchEnding(folder: string): Ending {
  const { exit: original } = process
  const leave: (code: number) => never = original.bind(process)
  const actions: (() => void)[] = []
  let code: number | null = null

  const write = (exit: Exit) => {
    if (code !== null) return
    code = exit.kind === 'failed' ? 1 : 0
    let last = exit
    for (const action of actions) {
      try {
        action()
      } catch (error) {
        last = { kind: 'failed', failure: classify(error) } // what was logged could not be written: not a good end
        code = 1
      }
    }
    const file: ExitFile = { exit: last, time: Date.now() }
    writeDurable(join(folder, FOLDER.exit), JSON.stringify(file))
  }
  const end = (exit: Exit): never => {
    if (exit.kind === 'failed' && code === null) console.error(words(exit.failure))
    write(exit)
    return leave(code ?? 1)
  }
  const crash = (error: unknown) => end({ kind: 'failed', failure: classify(error) })
  const dry = () => {
    if (code !== null) return
    const message = 'the process ran out of work before the trial was over: it waits for something that never comes'
    console.error(message)
    write({ kind: 'failed', failure: { class: 'user-code', message, stack: null } })
    process.exitCode = 1
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  process.on('exit', dry)
  process.exit = status =>
    end({ kind: 'failed', failure: classify(new Error(`the code called process.exit(${status ?? ''})`)) })
  return {
    end,
    settle(exit) {
      write(exit)
      if (code !== 0) leave(code ?? 1)
      process.off('uncaughtException', crash)
      process.off('unhandledRejection', crash)
      process.off('exit', dry)
      process.exit = original
    },
    before: action => actions.push(action),
  }
}

/** A mistake in the file needs no stack: its message says where. */
const words = ({ class: kind, message, stack }: WireFailure) =>
  kind === 'configuration' ? message : (stack ?? message)

/**
 * An error of ours or of the trial's code, with the class that decides whether it is tried again (G14). The message is one
 * line, since lists of trials show no more; what else an error says is in the stack.
 */
export function classify(error: unknown): WireFailure {
  const said = error instanceof Error ? error.message.trim() || error.name : `thrown: ${String(error)}`
  const stack = error instanceof Error ? (error.stack ?? null) : null
  const message = firstLine(said)
  const whole = message === said || stack?.includes(said) ? stack : [said, stack].filter(Boolean).join('\n')
  return { class: classOf(error, said), message: message.slice(0, 10_000), stack: whole?.slice(0, 50_000) ?? null }
}

/** The first line that says something; with the next one when it only announces it ("failed:"). */
export function firstLine(text: string): string {
  const lines = text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  let line = lines.shift() ?? ''
  while (line.endsWith(':') && lines.length > 0) line = `${line} ${lines.shift()}`
  return line.replace(/:$/, '')
}

function classOf(error: unknown, message: string): WireFailure['class'] {
  if (error instanceof ConfigurationError) return 'configuration'
  if (/memory access out of bounds|array buffer allocation failed|out of memory/i.test(message)) return 'out-of-memory'
  if (error instanceof InfrastructureError) return 'infrastructure'
  const code = (error as NodeJS.ErrnoException | null | undefined)?.code
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO') return 'infrastructure'
  return 'user-code'
}

/** Neither the user's code nor the user's file is at fault. */
export class InfrastructureError extends Error {
  override readonly name = 'InfrastructureError'
}

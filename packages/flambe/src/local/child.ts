/**
 * A child process of this command: the report site or an agent. Its lines are passed to `onLine`; it ends with this process
 * (SIGTERM, then SIGKILL after `grace` ms), and an end that nobody asked for is told to `onExit`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface ChildOptions {
  readonly program: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => void
  readonly onExit?: (code: number | null, signal: NodeJS.Signals | null) => void
}

export interface Child {
  readonly process: ChildProcess
  /** Asks it to end, kills it after `grace` ms (0: at once), resolves when it is gone. May be called again, with less grace. */
  stop(grace: number): Promise<void>
}

export function startChild({ program, args, env, onLine, onExit }: ChildOptions): Child {
  // A session of its own: the terminal's Ctrl-C reaches only this command, which then stops its children in order.
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    detached: true,
  })
  for (const from of ['stdout', 'stderr'] as const)
    createInterface({ input: child[from] }).on('line', line => onLine?.(line, from))
  let asked = false
  const ended = new Promise<void>(resolve => {
    child.once('close', (code, signal) => {
      if (!asked) onExit?.(code, signal)
      resolve()
    })
  })
  child.once('error', error => onLine?.(error.message, 'stderr'))
  return {
    process: child,
    async stop(grace) {
      asked = true
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      child.kill(grace > 0 ? 'SIGTERM' : 'SIGKILL')
      const timer = setTimeout(() => child.kill('SIGKILL'), grace)
      await ended
      clearTimeout(timer)
    },
  }
}

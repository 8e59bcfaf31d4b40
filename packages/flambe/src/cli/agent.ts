/** `flambe agent ...`: the agent's own command with the same arguments, as a child on the terminal. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { agentProgram } from '../local/places.ts'

const PASSED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function agent(args: readonly string[]): Promise<number> {
  // A session of its own: whether a signal comes from a terminal or to this process alone, the agent gets it once. Twice would
  // end its trials.
  const child = spawn(process.execPath, [agentProgram(), ...args], { stdio: 'inherit', detached: true })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of PASSED) process.on(signal, pass)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      for (const passed of PASSED) process.off(passed, pass)
      resolve(code ?? (signal === null ? 3 : 128 + constants.signals[signal]))
    })
  })
}

/** `flambe agent ...`: the agent's own command with the same arguments, as a child on the terminal. */
import { spawn } from 'node:child_process'
import { agentProgram } from '../local/places.ts'

export function agent(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [agentProgram(), ...args], { stdio: 'inherit' })
  const pass = (signal: NodeJS.Signals) => child.kill(signal)
  const ignore = () => undefined // the terminal's Ctrl-C reaches the child by itself
  process.on('SIGTERM', pass)
  process.on('SIGINT', ignore)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      process.off('SIGTERM', pass)
      process.off('SIGINT', ignore)
      resolve(code ?? (signal === 'SIGINT' ? 130 : 3))
    })
  })
}

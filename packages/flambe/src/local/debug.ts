/**
 * What the agent starts instead of the trial runtime under `flambe run --debug`: the same runtime, which first opens Node's
 * inspector and waits until a debugger has connected. Trials that the agent tries backends with are not held up.
 */
import { pathToFileURL } from 'node:url'
import { trialProgram } from './places.ts'

/** Source of the module. A second trial waits for the port: one is debugged at a time. */
export function debugProgram(port: number): string {
  return `import { open, waitForDebugger } from 'node:inspector'
import { createServer } from 'node:net'

const free = () =>
  new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(${port}, '127.0.0.1', () => server.close(() => resolve(true)))
  })

if (process.argv[2] !== '--probe') {
  while (!(await free())) await new Promise(resolve => setTimeout(resolve, 200))
  open(${port}, '127.0.0.1')
  waitForDebugger()
}
await import(${JSON.stringify(pathToFileURL(trialProgram()).href)})
`
}

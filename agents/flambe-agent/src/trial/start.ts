/**
 * First code of every trial process: `node start.mjs PROGRAM FOLDER`. Claims the attempt by creating `process.json`, then
 * becomes PROGRAM. The claim is the child's, not the agent's, and exclusive: an agent killed at any point finds either a
 * process with its claim or none, and of two starts of one attempt the later one ends here. Imports nothing of ours but
 * files.ts and identity.ts, since it stands in every trial's start time.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createExclusive } from '../files.ts'
import { identify } from './identity.ts'

const [, , program, folder] = process.argv
if (program === undefined || folder === undefined) {
  process.stderr.write('usage: start.mjs PROGRAM FOLDER\n')
  process.exit(2)
}
if (!createExclusive(join(folder, 'process.json'), JSON.stringify(identify(process.pid)))) process.exit(0)
process.argv.splice(1, 2, program)
await import(pathToFileURL(program).href)

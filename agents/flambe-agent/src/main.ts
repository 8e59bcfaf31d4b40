/**
 * The command line: `flambe-agent --hub URL` and `flambe-agent doctor`. The one place where Complaints become lines and exit
 * codes: 0 ended as asked, 2 wrong usage or refused, 3 internal.
 */

import { command } from './command.ts'
import { Complaint } from './complaint.ts'

process.exitCode = await command(process.argv.slice(2)).catch((error: Error) => {
  if (error instanceof Complaint) {
    process.stderr.write(`flambe-agent: ${error.message}\n`)
    return error.exitCode
  }
  process.stderr.write(`flambe-agent: internal error: ${error.stack ?? error.message}\n`)
  return 3
})
// A handle that stayed open (a download that is being cut) must not keep a finished agent alive.
process.exit()

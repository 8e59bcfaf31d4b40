/** A file of secrets, read by a command only to be refused in time: agents read it again. Called by run.ts and hub.ts. */
import { readSecrets } from '@flambe/protocol'
import { readSource } from './experiment-file.ts'
import { Refused } from './refused.ts'

/** Throws Refused with every line that is wrong. */
export function checkSecrets(file: string): void {
  const { problems } = readSecrets(readSource(file).text)
  if (problems.length > 0) throw new Refused(`${file}: ${problems.join('; ')}`, 2, 'file-unreadable')
}

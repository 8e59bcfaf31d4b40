/**
 * `flambe-agent forget --hub URL`: for a hub that has lost its data, or will never come back. Ends the trials of this home that
 * nobody will ask for, deletes their folders, and who the agent was at that hub. Refuses while the hub still knows the agent.
 */
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Complaint } from './complaint.ts'
import { findFolders } from './folder.ts'
import { openHome } from './home.ts'
import { knock } from './hub-address.ts'
import { TIMING } from './timing.ts'
import { endSession } from './trial/session.ts'

export async function forget(options: {
  readonly home: string
  readonly workdir: string | null
  readonly hub: string
  /** Also when the hub cannot be asked. */
  readonly yes: boolean
  print(line: string): void
}): Promise<void> {
  const { hub, print } = options
  if (!existsSync(options.home)) throw new Complaint(`There is no agent in ${options.home}.`)
  // Locked: an agent that runs would go on with what is deleted here.
  const home = await openHome(options.home).catch(error => {
    throw error instanceof Complaint
      ? new Complaint(`${error.message} To forget its trials, stop it first; they go on until this command ends them.`)
      : error
  })
  try {
    const identity = home.identity(hub)
    if (identity === null) throw new Complaint(`The agent in ${options.home} has not joined a hub at ${hub}.`)
    const door = await knock(hub, identity.token)
    if (door === 'accepted')
      throw new Complaint(`${hub} knows this agent: start it, and stop its trials on the hub's pages.`)
    if (typeof door === 'object' && !options.yes)
      throw new Complaint(`Cannot ask ${hub} (${door.blocked}): it may come back. Once it will not: forget --yes.`)
    const attempts = join(options.workdir ?? home.folder, 'attempts')
    const { folders, damaged } = existsSync(attempts) ? findFolders(attempts) : { folders: [], damaged: [] }
    for (const folder of folders) {
      // Whoever has not claimed it by now comes too late.
      const process = folder.claimForNobody() ? null : folder.process()
      const left = process === null ? [] : await endSession(process, folder.path, TIMING.lastGrace)
      if (left.length > 0)
        throw new Complaint(`Processes ${left.join(', ')} of ${folder.spec.attempt} cannot be ended.`)
      await folder.remove()
      print(`ended and removed ${folder.spec.attempt} (${folder.spec.experiment.name}, ${folder.spec.block})`)
    }
    for (const name of damaged) rmSync(join(attempts, name), { recursive: true, force: true })
    home.forget()
    print(`forgotten: agent ${identity.agent} of ${identity.hub}. The next start needs a join token.`)
  } finally {
    home.close()
  }
}

/** `flambe submit`: checks the file here, sends it, prints the address of its page. */
import { connect } from '../client/connect.ts'
import { hasErrors } from '../client/experiment-file.ts'
import { Refused } from '../client/refused.ts'
import { readResources, submitFile } from '../client/submit.ts'
import { findHub } from '../client/tokens.ts'
import { planWithExtensions } from '../extensions/read.ts'
import { countProblems, showProblems } from '../terminal/problems.ts'

export interface SubmitFlags {
  readonly hub?: string
  readonly force?: true
  readonly seed?: number
  readonly paused?: true
  readonly install?: true
  readonly json?: true
}

export async function submit(file: string, flags: SubmitFlags): Promise<number> {
  const planned = await planWithExtensions(file, { seed: flags.seed, install: flags.install })
  if (planned.problems.length > 0) process.stderr.write(`${showProblems(planned.problems, planned.text)}\n\n`)
  if (hasErrors(planned.problems)) throw new Refused(`${file}: ${countProblems(planned.problems)}; nothing was sent`)
  const hub = connect(await findHub(flags.hub))
  const id = await submitFile(hub, planned, await readResources(planned), {
    force: flags.force ?? false,
    paused: flags.paused ?? false,
  })
  const url = `${hub.address.url}/e/${id}`
  process.stdout.write(flags.json ? `${JSON.stringify({ id, url })}\n` : `${url}\n`)
  return 0
}

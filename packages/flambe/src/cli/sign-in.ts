/** `flambe sign-in`: a new one-time link for a browser, from the hub on this machine or the one that `--hub` names. */
import { connect, explain } from '../client/connect.ts'
import { findHub } from '../client/tokens.ts'

export async function signIn(options: { readonly hub?: string }): Promise<number> {
  const { link } = await connect(await findHub(options.hub))
    .api.hub.signInLink.mutate()
    .catch(explain)
  process.stdout.write(`${link}\n`)
  return 0
}

/** `flambe login URL`: asks for a token (made on the hub's Settings, or read from standard input), tries it, stores it. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { connect, explain } from '../client/connect.ts'
import { Refused } from '../client/refused.ts'
import { originOf, storeToken } from '../client/tokens.ts'

export async function login(url: string): Promise<number> {
  const origin = originOf(url)
  const token = (await ask(`Token for ${origin}: `)).trim()
  if (token === '') throw new Refused('no token given')
  const { user, name } = await connect({ url: origin, token })
    .api.hub.status.query()
    .then(s => ({ user: s.user.name, name: s.name }))
    .catch(explain)
  storeToken(origin, token)
  process.stdout.write(`signed in to ${name} as ${user}\n`)
  return 0
}

/** A line from the terminal without echo, or the whole of standard input when it is no terminal. */
async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    let text = ''
    for await (const chunk of process.stdin) text += chunk
    return text
  }
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  const answer = await reader.question('')
  reader.close()
  process.stderr.write('\n')
  return answer
}

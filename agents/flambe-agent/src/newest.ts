/**
 * Is this agent the one that its hub hands out? The hub's /flambe-agent.tgz leads to a name that carries the content's hash
 * (npx never updates an install of one address). Asked at every hello and by doctor; an outdated agent works on as long as it
 * speaks the hub's version of the protocol.
 */
import { basename } from 'node:path'

export interface Newest {
  /** File name of the hub's own agent. */
  readonly name: string
  readonly mine: boolean
  /** The exact command that starts the hub's own agent in the place of this one. */
  readonly command: string
}

/** How this agent is started. */
export interface Again {
  readonly args: readonly string[]
  /** The systemd unit that runs it. */
  readonly unit: string | undefined
}

/** Null: the hub has none, cannot be asked, or this agent runs from sources. */
export async function askNewest(hub: string, build: string | null, { args, unit }: Again): Promise<Newest | null> {
  if (build === null) return null
  try {
    const response = await fetch(`${hub}/flambe-agent.tgz`, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
    await response.body?.cancel()
    const name = basename(response.headers.get('location') ?? '')
    const [, hash] = /^flambe-agent-[\w.+-]+-h([\da-f]{6,64})\.tgz$/.exec(name) ?? []
    if (response.status !== 302 || hash === undefined) return null
    const given = args.some(arg => arg === '--hub' || arg.startsWith('--hub=')) ? args : ['--hub', hub, ...args]
    const npx = ['npx', '-y', '--allow-remote=all', `${hub}/${name}`]
    const words = unit === undefined ? [...npx, ...given] : [...npx, 'install', ...given]
    const command = words.map(quoted).join(' ')
    return {
      name,
      mine: build.startsWith(hash),
      command: unit === undefined ? command : `${command} && systemctl --user restart ${quoted(unit)}`,
    }
  } catch {
    return null // asked again at the next hello
  }
}

/** As a POSIX shell reads it back. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

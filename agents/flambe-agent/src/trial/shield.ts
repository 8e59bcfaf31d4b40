/**
 * Hides folders from trial processes (S8). A trial runs as the agent's own user, so file modes keep nothing from it. Where
 * Linux lets a plain user make namespaces, each trial gets its own view of the file system, with an empty folder in the place
 * of each hidden one; that also keeps it from looking into the agent's memory and /proc entries. Used by spawn.ts. It is no
 * sandbox: README.md names what is left.
 */
import { execFile } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export interface Shield {
  readonly holds: boolean
  /** One line for people: what is hidden, or why nothing is. */
  readonly detail: string
  /** Program and arguments that become this command, with the same pid. */
  wrap(program: string, args: readonly string[]): { readonly program: string; readonly args: readonly string[] }
}

/** Exit code of a start whose folders could not be hidden; the command did not run. */
export const NOT_HIDDEN = 126

const LIMIT = 10_000
const HIDE = `while [ "$1" != -- ]; do mount -n -t tmpfs -o ro,mode=0,size=4k none "$1" || exit ${NOT_HIDDEN}; shift; done; shift; exec "$@"`

export const noShield = (detail: string): Shield => ({
  holds: false,
  detail,
  wrap: (program, args) => ({ program, args }),
})

/** Tries it for real: `folders` exist, and the first one takes a file for a moment. */
export async function openShield(folders: readonly string[]): Promise<Shield> {
  const [first] = folders
  if (process.platform !== 'linux' || first === undefined) return noShield('only Linux can hide folders from trials')
  const shield: Shield = { holds: true, detail: 'trials cannot read the agent’s token', wrap: wrapper(folders) }
  const bait = join(first, 'bait')
  writeFileSync(bait, '')
  try {
    const { program, args } = shield.wrap('sh', ['-c', 'test ! -r "$0" && echo hidden', bait])
    const { stdout } = await promisify(execFile)(program, args, { timeout: LIMIT })
    return stdout === 'hidden\n' ? shield : noShield('trials could read the agent’s token: it was tried')
  } catch (error) {
    const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string }
    const why = code === 'ENOENT' ? 'unshare is not installed' : stderr.trim().split('\n')[0] || message
    return noShield(`trials could read the agent’s token: this system gives no namespaces to users (${why})`)
  } finally {
    rmSync(bait, { force: true })
  }
}

/**
 * Two namespaces, one in the other: mounts need the powers of the outer one's root, and the inner one, whose user is the same
 * as outside, can neither undo them nor look out of it.
 */
function wrapper(folders: readonly string[]): Shield['wrap'] {
  const user = ['--user', `--map-user=${process.getuid?.()}`, `--map-group=${process.getgid?.()}`, '--mount', '--']
  return (program, args) => ({
    program: 'unshare',
    args: [
      '--user',
      '--map-root-user',
      '--mount',
      '--',
      'sh',
      '-c',
      HIDE,
      'sh',
      ...folders,
      '--',
      'unshare',
      ...user,
      program,
      ...args,
    ],
  })
}

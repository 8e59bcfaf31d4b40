/**
 * Where the programs lie that this package starts without importing them: beside it in a checkout; the published package has the
 * agent in it, and no report site.
 */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Refused } from '../client/refused.ts'

/** `src/local/` and `dist/` both lie below the package; the bundle is one file in `dist/`. */
const checkoutRoot = (): string => {
  for (const up of ['../../../..', '../../..']) {
    const root = resolve(import.meta.dirname, up)
    if (existsSync(join(root, 'pnpm-workspace.yaml'))) return root
  }
  throw new Refused('this installation of flambe has no report site: run the hub from a checkout', 3)
}

/** Below `dist/` of the published package. */
const packaged = (path: string): string | null => {
  const file = resolve(import.meta.dirname, '../agent', path)
  return existsSync(file) ? file : null
}

const built = (path: string, what: string): string => {
  const file = join(checkoutRoot(), path)
  if (!existsSync(file)) throw new Refused(`${what} is not built: run \`pnpm build\` in ${checkoutRoot()}`, 3)
  return file
}

export const agentProgram = (): string =>
  packaged('bin/flambe-agent.mjs') ?? built('agents/flambe-agent/bin/flambe-agent.mjs', 'the agent')
/** What the agent starts for a trial. */
export const trialProgram = (): string =>
  packaged('dist/trial.mjs') ?? built('agents/flambe-agent/dist/trial.mjs', 'the trial runtime')
export const siteProgram = (): string => built('apps/web/dist/server.mjs', 'the report site')

export const expandHome = (path: string): string =>
  resolve(path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path)
/** Tokens of hubs that this person has signed in to; mode 0600. */
export const tokensFile = (): string => join(homedir(), '.flambe', 'tokens.json')

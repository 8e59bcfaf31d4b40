/**
 * `flambe hub`: starts the report site's server (which holds the hub) as a child, then agents of this machine, then submits
 * the example once; prints the sign-in link and serves until Ctrl-C. Trials that run are not ended by it: agents find them
 * again at the next start.
 */
import { basename, join } from 'node:path'
import pc from 'picocolors'
import { connect, explain, type HubConnection } from '../client/connect.ts'
import { hasErrors, planFile } from '../client/experiment-file.ts'
import { Refused } from '../client/refused.ts'
import { submitFile } from '../client/submit.ts'
import { readLocal, rememberDataFolder } from '../client/tokens.ts'
import { startAgent } from '../local/agent.ts'
import { type Child, startChild } from '../local/child.ts'
import { expandHome, siteProgram } from '../local/places.ts'
import { countProblems, showProblems } from '../terminal/problems.ts'

export interface HubOptions {
  readonly data: string
  readonly port: number
  readonly host: string
  readonly allowHost?: readonly string[]
  readonly agents: number
  readonly submitOnce?: string
  readonly dev?: true
  readonly pages: boolean
}

export async function hub(options: HubOptions): Promise<number> {
  const data = expandHome(options.data)
  const children: Child[] = []
  const stopping = new Promise<number>(resolve => {
    process.once('SIGINT', () => resolve(130))
    process.once('SIGTERM', () => resolve(143))
  })
  const failed = Promise.withResolvers<never>()
  failed.promise.catch(() => undefined) // waited for below, once the first start is through
  try {
    const { url, link, site } = await startSite(data, options, failed.reject)
    children.push(site)
    rememberDataFolder(data)
    const local = readLocal(data)
    if (local === null) throw new Refused(`the hub left no local.json in ${data}`, 3)
    const connection = connect({ ...local, url })
    for (let n = 1; n <= options.agents; n++) {
      const name = n === 1 ? 'local' : `local-${n}`
      const home = join(data, '..', 'agents', name)
      const onExit = (code: number | null) => process.stderr.write(`agent ${name} ended (exit ${code})\n`)
      const onLine = (line: string) => process.stderr.write(`${pc.dim(`agent ${name}: ${line}`)}\n`)
      children.unshift(await startAgent(connection, { name, home, stopTrials: false, onExit, onLine }))
    }
    const page = options.submitOnce === undefined ? null : await submitOnce(connection, options.submitOnce)
    announce(url, link, page)
    const code = await Promise.race([stopping, failed.promise])
    process.stderr.write('\nstopping; trials that run go on and are found again at the next start ...\n')
    return code === 143 ? 0 : code
  } finally {
    for (const child of children) await child.stop(10_000)
  }
}

interface Started {
  readonly url: string
  readonly link: string
  readonly site: Child
}

async function startSite(data: string, options: HubOptions, onEnd: (error: Refused) => void): Promise<Started> {
  const args = ['--data', data, '--port', String(options.port), '--host', options.host]
  for (const name of options.allowHost ?? []) args.push('--allow-host', name)
  if (!options.pages) args.push('--no-pages')
  const ready = Promise.withResolvers<{ url: string; link: string }>()
  const last: string[] = []
  const site = startChild({
    program: siteProgram(),
    args,
    env: { NODE_ENV: options.dev ? 'development' : 'production' },
    onLine: (line, from) => {
      if (from === 'stdout' && line.startsWith('{"ready":true'))
        ready.resolve(JSON.parse(line) as { url: string; link: string })
      else if (from === 'stderr') {
        last.push(line)
        if (last.length > 20) last.shift()
        process.stderr.write(`${line}\n`)
      }
    },
    onExit: code => {
      // What it said on its last lines was shown already; only the fact and the code are added.
      const error = new Refused(`the hub ended (exit ${code})`, code === 2 ? 2 : 3)
      ready.reject(error)
      onEnd(error)
    },
  })
  return { ...(await ready.promise), site }
}

/** @returns the address of the experiment's page, whether it was submitted now or before */
async function submitOnce(
  connection: HubConnection,
  file: string,
): Promise<{ name: string; url: string; fresh: boolean }> {
  const planned = planFile(file)
  if (planned.plan === null || hasErrors(planned.problems))
    throw new Refused(
      `${showProblems(planned.problems, planned.text)}\n${basename(file)}: ${countProblems(planned.problems)}`,
    )
  const { name } = planned.plan
  const { items } = await connection.api.experiments.list.query({ search: name, limit: 200 }).catch(explain)
  const known = items.find(e => e.name === name)
  const id = known?.id ?? (await submitFile(connection, planned, { force: false, paused: false }))
  return { name, url: `${connection.address.url}/e/${id}`, fresh: known === undefined }
}

function announce(url: string, link: string, page: { name: string; url: string; fresh: boolean } | null): void {
  const lines = ['', `${pc.bold('Flambé')} is running at ${pc.bold(url)}`, '']
  if (page !== null)
    lines.push(`  experiment  ${pc.cyan(page.url)}  ${pc.dim(`${page.name}${page.fresh ? ', just submitted' : ''}`)}`)
  lines.push(
    `  sign in     ${pc.cyan(page === null ? link : withNext(link, page.url))}`,
    `              ${pc.dim('works once, in the browser that shall be signed in; a new one comes with every start')}`,
  )
  lines.push('', `  ${pc.dim('flambe submit FILE   sends an experiment;   Ctrl-C stops')}`, '')
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** The sign-in link that leads on to the experiment's page; the code stays in the fragment. */
function withNext(link: string, page: string): string {
  const url = new URL(link)
  url.searchParams.set('next', new URL(page).pathname)
  return url.href
}

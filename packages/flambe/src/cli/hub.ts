/**
 * `flambe hub`: starts the report site's server (which holds the hub) as a child, then agents of this machine, then submits
 * the example once; prints the sign-in link and serves until Ctrl-C. Trials that run are not ended by it: agents find them
 * again at the next start.
 */
import { basename, join, resolve } from 'node:path'
import type { Plan } from '@flambe/language'
import pc from 'picocolors'
import { connect, explain, type HubConnection } from '../client/connect.ts'
import { hasErrors, type PlannedFile } from '../client/experiment-file.ts'
import { Refused } from '../client/refused.ts'
import { checkSecrets } from '../client/secrets.ts'
import { readResources, submitFile } from '../client/submit.ts'
import { readLocal, rememberDataFolder } from '../client/tokens.ts'
import { planWithExtensions } from '../extensions/read.ts'
import { startAgent } from '../local/agent.ts'
import { type Child, startChild } from '../local/child.ts'
import { makeFolder } from '../local/folder.ts'
import { expandHome, siteProgram } from '../local/places.ts'
import { countProblems, showProblems } from '../terminal/problems.ts'
import { EXIT, whenToldToEnd } from './ending.ts'

export interface HubOptions {
  readonly data: string
  readonly port: number
  readonly host: string
  readonly allowHost?: readonly string[]
  readonly agents: number
  /** Seconds. */
  readonly lostAfter?: number
  /** File of secrets for the agents of this machine. */
  readonly secrets?: string
  readonly submitOnce?: string
  readonly dev?: true
  readonly pages: boolean
}

export async function hub(options: HubOptions): Promise<number> {
  const secrets = secretsFor(options)
  const data = expandHome(options.data)
  // Looked at here, so that a wrong one is one line and not a server that does not start.
  makeFolder(data)
  if (options.agents > 0) makeFolder(join(data, '..', 'agents'))
  const planned = options.submitOnce === undefined ? null : await readExample(options.submitOnce)
  const children: Child[] = []
  const ending = whenToldToEnd()
  const serve = async (): Promise<number> => {
    const site = startSite(data, options)
    children.push(site.child)
    const ready = await Promise.race([site.ready, site.ended])
    // What it said on its last lines was shown already.
    if (typeof ready === 'number') return ready === 2 ? 2 : 3
    rememberDataFolder(data)
    const local = readLocal(data)
    if (local === null) throw new Refused(`the hub left no local.json in ${data}`, 3)
    const connection = connect({ ...local, url: ready.url })
    for (let n = 1; n <= options.agents; n++) {
      const name = n === 1 ? 'local' : `local-${n}`
      const home = join(data, '..', 'agents', name)
      const onExit = (code: number | null) => process.stderr.write(`agent ${name} ended (exit ${code})\n`)
      // What it says of stopping is for a person who started it by hand.
      const onLine = (line: string) => ending.by ?? process.stderr.write(`${pc.dim(`agent ${name}: ${line}`)}\n`)
      children.unshift(
        await startAgent(connection, { name, home, hide: data, stopTrials: false, ...secrets, onExit, onLine }),
      )
    }
    announce(ready.url, ready.link, planned === null ? null : await submitOnce(connection, planned))
    const code = await site.ended
    throw new Refused(`the hub ended (exit ${code})`, 3)
  }
  try {
    const served = serve()
    served.catch(() => undefined) // waited for below, unless somebody asks first
    const first = await Promise.race([ending.asked, served])
    if (typeof first === 'number') return first
    process.stderr.write('\nstopping; trials that run go on and are found again at the next start ...\n')
    return first === 'SIGINT' ? EXIT.SIGINT : 0
  } finally {
    const stop = async () => {
      for (const child of children) await child.stop(10_000)
    }
    await Promise.race([stop(), ending.again])
    await Promise.all(children.map(child => child.stop(0)))
    ending.close()
  }
}

/** Read here only to be refused in time: each agent reads them itself, and the hub never does. */
function secretsFor({ secrets, agents }: HubOptions): { readonly secrets?: string } {
  if (secrets === undefined) return {}
  if (agents === 0)
    throw new Refused(
      'a hub never sees secrets: give them to agents with --agents N here, or to each agent where it runs',
    )
  checkSecrets(secrets)
  return { secrets: resolve(secrets) }
}

interface Site {
  readonly child: Child
  /** Where it serves, and the sign-in link. */
  readonly ready: Promise<{ readonly url: string; readonly link: string }>
  /** Exit code of an end that nobody asked for. */
  readonly ended: Promise<number>
}

function startSite(data: string, options: HubOptions): Site {
  const args = ['--data', data, '--port', String(options.port), '--host', options.host, '--parent', String(process.pid)]
  for (const name of options.allowHost ?? []) args.push('--allow-host', name)
  if (!options.pages) args.push('--no-pages')
  if (options.lostAfter !== undefined) args.push('--lost-after', String(options.lostAfter))
  const ready = Promise.withResolvers<{ url: string; link: string }>()
  const ended = Promise.withResolvers<number>()
  const child = startChild({
    program: siteProgram(),
    args,
    env: { NODE_ENV: options.dev ? 'development' : 'production' },
    onLine: (line, from) => {
      if (from === 'stderr') process.stderr.write(`${line}\n`)
      else if (line.startsWith('{"ready":true')) ready.resolve(JSON.parse(line) as { url: string; link: string })
    },
    onExit: code => ended.resolve(code ?? 3),
  })
  return { child, ready: ready.promise, ended: ended.promise }
}

async function readExample(file: string): Promise<PlannedFile> {
  const planned = await planWithExtensions(file, {})
  if (planned.plan === null || hasErrors(planned.problems))
    throw new Refused(
      `${showProblems(planned.problems, planned.text)}\n${basename(file)}: ${countProblems(planned.problems)}`,
    )
  return planned
}

/** @returns the address of the experiment's page, whether it was submitted now or before */
async function submitOnce(
  connection: HubConnection,
  planned: PlannedFile,
): Promise<{ name: string; url: string; fresh: boolean }> {
  const name = (planned.plan as Plan).name
  const { items } = await connection.api.experiments.list.query({ search: name, limit: 200 }).catch(explain)
  const known = items.find(e => e.name === name)
  const id =
    known?.id ?? (await submitFile(connection, planned, await readResources(planned), { force: false, paused: false }))
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

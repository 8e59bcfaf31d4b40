/** Reads the arguments and runs what they ask for. Called by main.ts. Throws Complaint for wrong usage. */
import { readFileSync, statSync } from 'node:fs'
import { homedir, hostname } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readSecrets } from '@flambe/protocol'
import { startAgent } from './agent.ts'
import { ownBuild, ownProgram } from './build.ts'
import { Complaint } from './complaint.ts'
import { doctor } from './doctor.ts'
import { forget } from './forget.ts'
import { readIdentity } from './home.ts'
import { mustBeHub, parseHub } from './hub-address.ts'
import { install, UNIT, uninstall, unitFolder } from './install.ts'
import { joinTokenFrom } from './join-token.ts'
import { makeLog } from './log.ts'
import { probe } from './probe/probe.ts'
import { untilToldToStop } from './stopping.ts'

const USAGE = `Usage: flambe-agent --hub URL [options]
       flambe-agent doctor [--hub URL]
       flambe-agent install --hub URL [options]     runs it as a systemd unit of this user; again to upgrade
       flambe-agent install --uninstall
       flambe-agent forget --hub URL [--yes]        ends the trials of a hub that has lost its data; --yes: of one that is gone

Runs trials of a Flambé hub on this machine.

  --hub URL          address of the hub, for example http://hub.local:8080
  --name NAME        this agent's name (default: the machine's); several on one machine need names of their own
  --token-file FILE  join token for the first start; else FLAMBE_JOIN_TOKEN, a prompt, or the first line of stdin
  --cpus N           processors to offer (default: all that this machine or container may use)
  --home DIR         where it keeps who it is (default: ~/.flambe/agents/NAME)
  --workdir DIR      where trials and downloads go, and relative !cluster paths start (default: the home; the current folder)
  --hide DIR         a folder that trials must not see, beside this agent's token; may be given more than once
  --secrets FILE     what trials find in their environment and nobody else sees: [AWS] and key = ... are AWS_KEY
  --no-shield        hide nothing from trials, and let them use setuid programs
  --spares N         trial processes that wait with everything loaded (default: 1); 0: every trial starts its own
  --trials-per-process N
                     trials that one process runs, if nothing of the last is left in it (default: 100)
  --drain            on SIGTERM or Ctrl-C wait until the trials have ended (default: leave them running for the next start)
  --stop-trials      on SIGTERM or Ctrl-C end the trials too
  --parent PID       stop as on SIGTERM when this process is gone
  --json             log as JSON lines
  --version, --help
`

const OPTIONS = {
  hub: { type: 'string' },
  name: { type: 'string' },
  'token-file': { type: 'string' },
  workdir: { type: 'string' },
  home: { type: 'string' },
  cpus: { type: 'string' },
  json: { type: 'boolean' },
  drain: { type: 'boolean' },
  'stop-trials': { type: 'boolean' },
  parent: { type: 'string' },
  uninstall: { type: 'boolean' },
  yes: { type: 'boolean' },
  spares: { type: 'string' },
  'trials-per-process': { type: 'string' },
  hide: { type: 'string', multiple: true },
  secrets: { type: 'string' },
  'no-shield': { type: 'boolean' },
  // For tests: another trial runtime.
  program: { type: 'string' },
  version: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const VERBS: readonly string[] = ['doctor', 'install', 'forget']

function secretsOf(file: string): { readonly [variable: string]: string } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Complaint(`cannot read the secrets: ${(error as Error).message}`)
  }
  const { values, problems } = readSecrets(text)
  if (problems.length > 0) throw new Complaint(`${file}: ${problems.join('; ')}`)
  return values
}

/** Resolves with the exit code. */
export async function command(args: readonly string[]): Promise<number> {
  const { values, positionals } = parse(args)
  const build = ownBuild()
  if (values.help) return print(USAGE)
  if (values.version) return print(`${build.version}${build.build === null ? '' : ` ${build.build}`}\n`)
  const [verb, more] = positionals
  if (more !== undefined || (verb !== undefined && !VERBS.includes(verb)))
    throw new Complaint(`unknown command ${more ?? verb}. Try --help.`)

  const name = agentName(values.name)
  const home = resolve(values.home ?? join(homedir(), '.flambe', 'agents', name))
  const hub = values.hub === undefined ? null : parseHub(values.hub)
  const cpus = values.cpus === undefined ? null : number('--cpus', values.cpus)
  const program = values.program === undefined ? ownProgram() : resolve(values.program)
  const workdir = values.workdir === undefined ? null : resolve(values.workdir)
  const line = (text: string) => void process.stdout.write(`${text}\n`)
  const again = { args: ownArguments(values), unit: process.env[UNIT] }
  if (verb === 'doctor') return (await doctor({ home, workdir, hub, program, build, again, cpus, print: line })) ? 0 : 2
  const units = unitFolder(process.env)
  if (values.uninstall) {
    if (verb !== 'install') throw new Complaint('--uninstall belongs to install: flambe-agent install --uninstall')
    uninstall({ name, home, units, print: line })
    return 0
  }
  if (hub === null) throw new Complaint('--hub URL is missing. Example: flambe-agent --hub http://hub.local:8080')
  if (verb === 'forget') {
    await forget({ home, workdir, hub, yes: values.yes ?? false, print: line })
    return 0
  }
  if (verb === 'install') {
    const bundle = fileURLToPath(import.meta.url)
    const folder = process.cwd()
    const fixed = { ...values, hub, name, home: values.home === undefined ? undefined : home }
    const token = values['token-file'] === undefined ? [] : ['--token-file', resolve(values['token-file'])]
    install({ name, home, args: [...ownArguments(fixed), ...token], bundle, build, folder, units, print: line })
    if (token.length === 0 && readIdentity(home, hub) === null)
      line('It has not joined this hub yet: install it with --token-file FILE, or start it once by hand.')
    return 0
  }
  if (values.drain && values['stop-trials']) throw new Complaint('--drain and --stop-trials exclude each other.')
  const parent = values.parent === undefined ? null : number('--parent', values.parent)
  const log = makeLog({ json: values.json ?? false }, process.stdout)
  const secrets = values.secrets === undefined ? {} : secretsOf(resolve(values.secrets))
  // Trials inherit them, as they do everything but our tokens.
  Object.assign(process.env, secrets)
  const joinToken = joinTokenFrom(values['token-file'])
  log.info({ hub, home }, `agent ${name} ${build.version}`)
  const agent = await startAgent({
    hub,
    name,
    home,
    workdir,
    build,
    again,
    program,
    log,
    processes: {
      // A program of a test's knows nothing of waiting.
      spares: values.spares === undefined ? (values.program === undefined ? 1 : 0) : whole('--spares', values.spares),
      trials: whole('--trials-per-process', values['trials-per-process'] ?? '100'),
    },
    hidden: values['no-shield'] ? null : hidden(values.hide ?? []),
    secrets,
    labels: {},
    // Asked for only before a first join: then a typing mistake in the address is told at once, and later a hub is waited for.
    async joinToken() {
      await mustBeHub(hub)
      return joinToken()
    },
    async probe(folder) {
      const found = await probe({ folder, program, cpus, again: false })
      const gpus = found.gpus.map(gpu => gpu.name).join(', ') || 'none'
      log.info({ cpus: found.cpu, gpus }, 'trying the backends')
      return found
    },
  })
  await untilToldToStop(agent, {
    log,
    parent,
    how: values.drain ? 'drain' : values['stop-trials'] ? 'stop-trials' : 'leave',
  })
  return 0
}

type Given = ReturnType<typeof parse>['values']
type Values = { readonly [K in keyof Given]: Given[K] | undefined }

/** The arguments that start the same agent again, from anywhere: paths are absolute. Not the join token's file: it is spent. */
function ownArguments(values: Values): string[] {
  const path = (name: 'home' | 'workdir' | 'secrets') =>
    values[name] === undefined ? [] : [`--${name}`, resolve(values[name])]
  const text = (name: 'name' | 'cpus' | 'spares' | 'trials-per-process') =>
    values[name] === undefined ? [] : [`--${name}`, values[name]]
  const flag = (name: 'no-shield' | 'drain' | 'stop-trials' | 'json') => (values[name] ? [`--${name}`] : [])
  return [
    ...(values.hub === undefined ? [] : ['--hub', parseHub(values.hub)]),
    ...[...text('name'), ...path('home'), ...path('workdir'), ...path('secrets'), ...text('cpus')],
    ...[
      ...text('spares'),
      ...text('trials-per-process'),
      ...(values.hide ?? []).flatMap(one => ['--hide', resolve(one)]),
    ],
    ...[...flag('no-shield'), ...flag('drain'), ...flag('stop-trials'), ...flag('json')],
  ]
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    throw new Complaint(`${(error as Error).message.split('. ')[0]}. Try --help.`)
  }
}

/** Names are labels on the wire: letters, digits, `_`, `.` and `-`. */
function agentName(given: string | undefined): string {
  if (given !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(given))
    throw new Complaint(
      `--name ${given}: letters, digits, "_", "." and "-" only, at most 100, a letter or digit first.`,
    )
  return (
    given ??
    (hostname()
      .replace(/[^A-Za-z0-9_.-]/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '')
      .slice(0, 100) ||
      'agent')
  )
}

function hidden(folders: readonly string[]): readonly string[] {
  for (const folder of folders)
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      throw new Complaint(`--hide ${folder}: there is no such folder.`)
  return folders.map(folder => resolve(folder))
}

function number(option: string, text: string): number {
  const value = Number(text)
  if (!(value > 0) || value > 4_194_304) throw new Complaint(`${option} ${text}: a positive number is expected.`)
  return value
}

function whole(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new Complaint(`${option} ${text}: a whole number is expected.`)
  return Number(text)
}

function print(text: string): 0 {
  process.stdout.write(text)
  return 0
}

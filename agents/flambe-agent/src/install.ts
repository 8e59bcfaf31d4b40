/**
 * `flambe-agent install`: copies this agent into its home and writes a systemd user unit that runs the copy, so that it comes
 * back after a restart of the machine. Prints the commands that put it in force and runs none of them. Doing it again upgrades:
 * the unit leaves trials alone when it is restarted. `install --uninstall` takes both away.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Build } from './build.ts'
import { Complaint } from './complaint.ts'
import { writeDurable } from './files.ts'

export interface InstallOptions {
  readonly name: string
  readonly home: string
  /** Arguments of the agent itself; paths in them are absolute. */
  readonly args: readonly string[]
  /** The file that runs, and the folder of its build. */
  readonly bundle: string
  readonly build: Build
  /** Absolute: where the agent starts, and relative !cluster locations with it. */
  readonly folder: string
  /** Where the units of this user lie. */
  readonly units: string
  print(line: string): void
}

/** Variable that tells an agent which unit runs it. */
export const UNIT = 'FLAMBE_AGENT_UNIT'

/** systemd's own order. */
export const unitFolder = (environment: NodeJS.ProcessEnv): string =>
  join(environment.XDG_CONFIG_HOME || join(homedir(), '.config'), 'systemd', 'user')

export function install(options: InstallOptions): void {
  const { name, home, build, print } = options
  if (process.platform !== 'linux') throw new Complaint('install writes a systemd unit, and this is no Linux.')
  if (build.build === null) throw new Complaint('Running from sources: build the agent first (pnpm build).')
  const unit = unitOf(name)
  const file = join(options.units, unit)
  const known = existsSync(file)
  const program = copyProgram(dirname(options.bundle), home, build.build)
  mkdirSync(options.units, { recursive: true })
  writeDurable(file, unitText(options, program), 0o644)
  print(`${known ? 'Renewed' : 'Wrote'} ${file}`)
  print(`It runs ${program} (${build.version} ${build.build}).`)
  print('Now:')
  print('  systemctl --user daemon-reload')
  print(known ? `  systemctl --user restart ${unit}     # trials go on` : `  systemctl --user enable --now ${unit}`)
  if (!known) print('  loginctl enable-linger               # so that it runs while nobody is signed in')
  print(`Its log: journalctl --user -u ${unit} -f`)
}

export function uninstall(options: Pick<InstallOptions, 'name' | 'home' | 'units' | 'print'>): void {
  const unit = unitOf(options.name)
  const file = join(options.units, unit)
  if (!existsSync(file)) throw new Complaint(`There is no ${file}. Installed under another --name?`)
  rmSync(file)
  rmSync(join(options.home, 'program'), { recursive: true, force: true })
  options.print(`Removed ${file}`)
  options.print('Now:')
  options.print(`  systemctl --user disable --now ${unit}   # trials that run go on to their end`)
  options.print('  systemctl --user daemon-reload')
  options.print(
    `${options.home} still holds who this agent is, its trials and downloads; delete it when nothing of them is needed.`,
  )
}

export const unitOf = (name: string): string => `flambe-agent-${name}.service`

/** Where the hub's address of npx may be forgotten any day, this stays. A running agent keeps the files that it has open. */
function copyProgram(from: string, home: string, build: string): string {
  const folder = join(home, 'program', build)
  if (!existsSync(folder)) {
    const aside = `${folder}.${process.pid}.tmp`
    mkdirSync(aside, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(from))
      if (/\.(mjs|wasm|json)$/.test(name)) copyFileSync(join(from, name), join(aside, name))
    renameSync(aside, folder)
  }
  // The one before may still run, until it is restarted.
  const older = readdirSync(join(home, 'program'))
    .filter(name => name !== build)
    .map(name => join(home, 'program', name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
  for (const old of older.slice(1)) rmSync(old, { recursive: true, force: true })
  return join(folder, 'agent.mjs')
}

function unitText({ name, args, folder }: InstallOptions, program: string): string {
  const command = [process.execPath, program, ...args].map(quoted).join(' ')
  return `# Written by flambe-agent install; written anew by every install.
[Unit]
Description=Flambé agent ${name}

[Service]
Environment=${UNIT}=${unitOf(name)}
WorkingDirectory=${folder.replaceAll('%', '%%')}
ExecStart=${command}
# A restart of the agent must not end its trials: only the agent itself is stopped.
KillMode=process
Restart=on-failure
RestartSec=5
# Refused by the hub, or wrong arguments: trying again helps nobody.
RestartPreventExitStatus=2
OOMPolicy=continue

[Install]
WantedBy=default.target
`
}

/** As systemd reads it back: quotes and backslashes by backslash, its specifiers and variables doubled. */
function quoted(word: string): string {
  const plain = word.replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /^[\w@%+=:,./$-]+$/.test(plain) ? plain : `"${plain.replace(/["\\]/g, found => `\\${found}`)}"`
}

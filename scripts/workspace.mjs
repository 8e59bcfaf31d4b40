/** Brings the checkout to the state that its lockfile and sources name: pnpm from npm, `pnpm install`, `turbo run build`. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { npmInstall, toolsFolder } from '../packages/flambe/bin/right-node.mjs'
import { run } from './step.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Skipped when the stamp inside node_modules names this lockfile, these manifests and this Node version. */
export async function install(env) {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).packageManager
  const pnpm = join(toolsFolder(), 'node_modules', 'pnpm', 'package.json')
  if (!existsSync(pnpm) || `pnpm@${JSON.parse(readFileSync(pnpm, 'utf8')).version}` !== wanted) {
    process.stdout.write(`fetching ${wanted} from npm ...\n`)
    npmInstall([wanted])
  }
  const stampFile = join(root, 'node_modules', '.flambe-stamp')
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .update(readFileSync(join(root, 'pnpm-workspace.yaml')))
    .update(env.npm_config_nodedir)
    .digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  await run('install', 'pnpm', ['install', '--frozen-lockfile', '--reporter=append-only'], {
    env: { ...env, CI: 'true' },
    cwd: root,
  })
  writeFileSync(stampFile, stamp)
}

/** turbo rebuilds only what changed since its cache. */
export async function build(env) {
  await run('build', 'pnpm', ['exec', 'turbo', 'run', 'build', '--output-logs=errors-only', '--no-update-notifier'], {
    env,
    cwd: root,
  })
}

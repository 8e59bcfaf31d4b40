/**
 * Where the folder of an extension lies on this machine: as it is for a local one, fetched by npm or git (`--install`) into
 * `~/.flambe/extensions` for the others. No script of a package is run. Called by read.ts.
 */
import { execFile } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { cp, mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join, sep } from 'node:path'
import { promisify } from 'node:util'
import type { PlannedExtension } from '@flambe/language'
import { localPath } from '../client/experiment-file.ts'
import { extensionsHome } from './pack.ts'

export interface Obtained {
  readonly folder: string
  /** The node_modules that its imports find; null: it has none. */
  readonly modules: string | null
  /** An npm version or a git commit; null for a local folder. */
  readonly version: string | null
}

/** Why there is no folder, as a Problem says it after the extension's name. */
export class NotObtained extends Error {
  readonly hint: string
  constructor(message: string, hint: string) {
    super(message)
    this.hint = hint
  }
}

const INSTALL = '--install installs it'
/** ms for npm or git. */
const LIMIT = 600_000

/** Throws NotObtained. */
export async function obtain(file: string, from: PlannedExtension['from'], install: boolean): Promise<Obtained> {
  switch (from.kind) {
    case 'folder': {
      const folder = localPath(file, from.path)
      return { folder, modules: await modulesOf(folder, false), version: null }
    }
    case 'npm': {
      const spec = `${from.package}@${from.range}`
      const place = await fetched('npm', spec, install, into => npmPackage(into, from.package, spec))
      const folder = join(place, 'package')
      const { version } = packageOf(folder)
      return {
        folder,
        modules: await modulesOf(folder, install),
        version: typeof version === 'string' ? version : null,
      }
    }
    case 'git': {
      const repository = await fetched('git', `${from.url}#${from.ref ?? ''}`, install, into => clone(into, from))
      const folder = await inside(repository, from.folder ?? '')
      const version = await command('git', ['rev-parse', 'HEAD'], repository)
      return { folder, modules: await modulesOf(folder, install), version: version.trim() }
    }
  }
}

/** By what was asked for; asked again with `--install`, it is fetched anew, since a branch or a range may have moved. */
async function fetched(
  kind: 'npm' | 'git',
  what: string,
  install: boolean,
  fill: (folder: string) => Promise<void>,
): Promise<string> {
  const place = join(extensionsHome(), kind, createHash('sha256').update(what).digest('hex').slice(0, 32))
  if (!install) {
    if (!existsSync(place)) throw new NotObtained('is not installed here', INSTALL)
    return place
  }
  const part = `${place}-${randomUUID()}`
  await mkdir(part, { recursive: true })
  try {
    await fill(part)
    await rm(place, { recursive: true, force: true })
    await rename(part, place)
    return place
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

/** The package as a folder of its own, so that what it needs is resolved once, here: its package-lock.json travels with it. */
async function npmPackage(into: string, name: string, spec: string): Promise<void> {
  const first = join(into, 'first')
  const folder = join(into, 'package')
  await mkdir(first)
  await writeFile(join(first, 'package.json'), '{"private":true}\n')
  await npm(first, [spec])
  const installed = join(first, 'node_modules', name)
  await cp(installed, folder, {
    recursive: true,
    filter: path => basename(path) !== 'node_modules' || path === installed,
  })
  await rm(first, { recursive: true, force: true })
  if (needs(folder)) await npm(folder, [])
}

/** A link of the repository leads nowhere else (S9). */
async function inside(repository: string, folder: string): Promise<string> {
  const path = join(repository, folder)
  if (!existsSync(path)) throw new NotObtained(`has no folder ${folder}`, '')
  const [real, root] = await Promise.all([realpath(path), realpath(repository)])
  if (real !== root && !real.startsWith(root + sep)) throw new NotObtained(`has ${folder} as a link that leaves it`, '')
  return real
}

async function clone(into: string, { url, ref }: { readonly url: string; readonly ref: string | null }): Promise<void> {
  const git = (...args: string[]) => command('git', args, into)
  await git('init', '--quiet')
  try {
    await git('fetch', '--quiet', '--depth', '1', '--', url, ref ?? 'HEAD')
    await git('checkout', '--quiet', 'FETCH_HEAD')
  } catch (error) {
    if (ref === null) throw error
    // Not every server gives a single commit, and none one by the start of its name.
    await git('fetch', '--quiet', '--tags', '--', url, '+refs/heads/*:refs/remotes/origin/*')
    await git('checkout', '--quiet', '--detach', ref)
  }
}

/** What its package.json needs; on this machine only where it was asked for. */
async function modulesOf(folder: string, install: boolean): Promise<string | null> {
  const modules = join(folder, 'node_modules')
  if (existsSync(modules)) return modules
  if (!needs(folder)) return null
  if (!install) throw new NotObtained('needs npm packages that are not installed', `run npm install in ${folder}`)
  await npm(folder, [])
  return modules
}

const needs = (folder: string): boolean => Object.keys(packageOf(folder).dependencies ?? {}).length > 0

function packageOf(folder: string): { readonly version?: unknown; readonly dependencies?: object } {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return {}
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as object
  } catch (error) {
    throw new NotObtained(`has a damaged package.json: ${(error as Error).message}`, '')
  }
}

/** Peers stay out: those are the host's own modules. */
const npm = (folder: string, what: readonly string[]) =>
  command(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--omit=dev',
      '--omit=peer',
      '--legacy-peer-deps',
      '--no-audit',
      '--no-fund',
      '--package-lock',
      ...what,
    ],
    folder,
  )

async function command(program: 'npm' | 'git', args: readonly string[], cwd: string): Promise<string> {
  try {
    // Nobody sits there to type a password.
    const kept = Object.entries(process.env).filter(([key]) => !key.toUpperCase().startsWith('FLAMBE_'))
    const env = { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https:ssh:file' }
    const { stdout } = await promisify(execFile)(program, args, { cwd, env, timeout: LIMIT })
    return stdout
  } catch (error) {
    const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string }
    if (code === 'ENOENT') throw new NotObtained(`needs ${program}, which is not on this machine`, '')
    throw new NotObtained(`cannot be installed: ${program} says ${stderr.trim().slice(-500) || message}`, '')
  }
}

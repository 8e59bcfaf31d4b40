/** The `flambe` command as it stands, in this process or bundled as one of its own, for tests. Never left behind: `tidy` ends all. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { vi } from 'vitest'
import { main } from '../cli/main.ts'

const root = resolve(import.meta.dirname, '../../../..')
/** Tests that need the agent or the report site run after the build, as in `npm test`. */
export const agentBuilt = existsSync(join(root, 'agents/flambe-agent/dist/agent.mjs'))
export const siteBuilt = agentBuilt && existsSync(join(root, 'apps/web/dist/server.mjs'))

export interface Command {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  stdout(): string
  stderr(): string
  /** Resolves when what it wrote matches; rejects with all of it when it ends before. */
  wrote(pattern: RegExp): Promise<void>
}

const commands: Command[] = []
const folders: string[] = []

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'flambe-command-'))
  folders.push(made)
  return made
}

/** A file of a folder of its own. */
export function file(text: string, name = 'x.yaml'): string {
  const path = join(folder(), name)
  writeFileSync(path, text)
  return path
}

const here = resolve(import.meta.dirname, '../..')
/** Where packages and programs are found from as they are from `dist`. */
const bundle = join(here, 'dist', 'testing')

/** To be called once before `start`: a process from sources would take seconds to load them. */
export function bundleCommand(): void {
  execFileSync(process.execPath, ['build.mjs', bundle], { cwd: here, stdio: 'inherit' })
}

export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Command {
  const url = JSON.stringify(pathToFileURL(join(bundle, 'main.mjs')).href)
  const program = `const { main } = await import(${url}); process.exitCode = await main(process.argv.slice(1))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, '--', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', HOME: folder(), ...env },
  })
  const text = { stdout: '', stderr: '' }
  const looks = new Set<() => void>()
  for (const from of ['stdout', 'stderr'] as const)
    child[from].setEncoding('utf8').on('data', (chunk: string) => {
      text[from] += chunk
      for (const look of looks) look()
    })
  const ended = new Promise<number | null>(done => child.once('close', code => done(code)))
  const all = () => `${text.stdout}\n${text.stderr}`
  const command: Command = {
    child,
    ended,
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    wrote: pattern =>
      new Promise((found, lost) => {
        const look = () => {
          if (!pattern.test(all())) return
          looks.delete(look)
          found()
        }
        looks.add(look)
        look()
        void ended.then(code => lost(new Error(`ended with ${code} before ${pattern}:\n${all()}`)))
      }),
  }
  commands.push(command)
  return command
}

/** Runs it to its end in this process, with a home of its own. */
export async function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const text = { stdout: '', stderr: '' }
  for (const [name, value] of Object.entries({ HOME: folder(), ...env })) vi.stubEnv(name, value)
  for (const to of ['stdout', 'stderr'] as const)
    vi.spyOn(process[to], 'write').mockImplementation(chunk => {
      text[to] += String(chunk)
      return true
    })
  try {
    const code = await main(args)
    return { code, ...text }
  } finally {
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
  }
}

export async function tidy(): Promise<void> {
  for (const { child, ended } of commands.splice(0)) {
    child.kill('SIGKILL')
    await ended
  }
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true, maxRetries: 20 })
}

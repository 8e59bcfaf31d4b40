/**
 * A script's process: started with its files and environment, its output passed on to the trial's, its reports read. Events
 * come in order through `next`; the last one says how it ended.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseReport, type Report, splitter, tail } from './reports.ts'

export interface Start {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: { readonly [name: string]: string | undefined }
  /** A folder of the script's own for reports and checkpoints. */
  readonly folder: string
  /** Told at once, before it is its turn in `next`. */
  onReport(report: Report): void
}

export type ChildEvent =
  /** `checkpoint` is a copy of what the script named. */
  | { readonly kind: 'report'; readonly report: Report; readonly checkpoint: string | null }
  | { readonly kind: 'end'; readonly code: number | null; readonly signal: string | null; readonly stderr: string }
  | { readonly kind: 'not-started'; readonly error: NodeJS.ErrnoException }

export interface Child {
  next(): Promise<ChildEvent>
  /** The next event if it is here already. */
  peek(): ChildEvent | undefined
  /** SIGTERM; SIGKILL after `grace` ms. */
  stop(grace: number): void
  kill(): void
}

const STDERR_KEPT = 4_000
/** ms that a grandchild may hold the output open after the script itself has ended. */
const OUTPUT_GRACE = 2_000

export function startChild({ program, args, cwd, env, folder, onReport }: Start): Child {
  const reports = join(folder, 'reports')
  const told = join(folder, 'told')
  mkdirSync(told, { recursive: true })
  writeFileSync(reports, '')

  const queue: ChildEvent[] = []
  let wake: (() => void) | null = null
  const push = (event: ChildEvent) => {
    queue.push(event)
    wake?.()
  }
  let copies = 0
  const onLine = (line: string) => {
    const report = parseReport(line)
    if (report === null) return
    onReport(report)
    const checkpoint = report.checkpoint === undefined ? null : copy(resolve(cwd, report.checkpoint))
    if (report.metrics !== undefined || checkpoint !== null) push({ kind: 'report', report, checkpoint })
  }
  /** The script may write there again as soon as it likes. */
  const copy = (from: string): string | null => {
    if (!existsSync(from)) {
      console.warn(`the checkpoint ${from} is not there, left out`)
      return null
    }
    const to = join(folder, 'checkpoints', String(++copies))
    cpSync(from, statSync(from).isDirectory() ? to : join(to, basename(from)), { recursive: true })
    if (from.startsWith(told)) rmSync(from, { recursive: true })
    return to
  }

  const child: ChildProcess = spawn(program, args, {
    cwd,
    env: { ...env, FLAMBE_REPORT: reports, FLAMBE_CHECKPOINTS: told },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  const file = tail(reports, onLine)
  const out = splitter(onLine, text => process.stdout.write(text))
  child.stdout?.on('data', chunk => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk)
    stderr = (stderr + chunk.toString('utf8')).slice(-STDERR_KEPT)
  })
  child.once('error', error => {
    file.end()
    push({ kind: 'not-started', error })
  })
  child.once('exit', (code, signal) => {
    let ended = false
    const end = () => {
      if (ended) return
      ended = true
      out.end()
      file.end()
      push({ kind: 'end', code, signal, stderr })
    }
    child.once('close', end)
    setTimeout(end, OUTPUT_GRACE).unref()
  })

  return {
    async next() {
      while (queue.length === 0)
        await new Promise<void>(done => {
          wake = done
        })
      return queue.shift() as ChildEvent
    },
    peek: () => queue[0],
    stop(grace) {
      child.kill('SIGTERM')
      setTimeout(() => child.kill('SIGKILL'), grace).unref()
    },
    kill() {
      child.kill('SIGKILL')
    },
  }
}

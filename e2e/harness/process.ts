/** Child processes of a test: started, waited for by what they print, killed for real, and never left behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Running {
  readonly child: ChildProcess
  readonly lines: string[]
  /** Resolves with the first line (old or new) that matches; rejects when the process ends first. */
  line(pattern: RegExp, timeout?: number): Promise<string>
  kill(signal: NodeJS.Signals): Promise<void>
  readonly ended: Promise<number | null>
}

const running = new Set<Running>()

export function start(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const lines: string[] = []
  const waiting = new Set<{ pattern: RegExp; found(line: string): void }>()
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', line => {
      lines.push(line)
      for (const w of waiting) if (w.pattern.test(line)) w.found(line)
    })
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
  const self: Running = {
    child,
    lines,
    ended,
    line(pattern, timeout = 30_000) {
      const old = lines.find(l => pattern.test(l))
      if (old !== undefined) return Promise.resolve(old)
      return new Promise((resolve, reject) => {
        const fail = (why: string) => {
          waiting.delete(entry)
          reject(new Error(`${why} before ${pattern} was printed; its lines:\n${lines.join('\n')}`))
        }
        const timer = setTimeout(() => fail('time ran out'), timeout)
        const entry = {
          pattern,
          found(line: string) {
            clearTimeout(timer)
            waiting.delete(entry)
            resolve(line)
          },
        }
        waiting.add(entry)
        void ended.then(code => {
          clearTimeout(timer)
          fail(`the process ended (exit ${code})`)
        })
      })
    },
    async kill(signal) {
      child.kill(signal)
      await ended
    },
  }
  running.add(self)
  void ended.then(() => running.delete(self))
  return self
}

/** After every test: ends what still runs. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map(r => r.kill('SIGKILL')))
}

/**
 * Where a join token comes from: a file, the environment, a prompt, or the first line of stdin; never the command line, which
 * every user of the machine can read. Asked for once.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Complaint } from './complaint.ts'

const STDIN_LIMIT = 30_000

/** Takes FLAMBE_JOIN_TOKEN out of the environment at once, so that no child inherits it. */
export function joinTokenFrom(file: string | undefined): () => Promise<string | null> {
  const env = process.env.FLAMBE_JOIN_TOKEN
  delete process.env.FLAMBE_JOIN_TOKEN
  let asked: Promise<string | null> | null = null
  return () => {
    asked ??=
      file !== undefined
        ? fromFile(file)
        : env
          ? Promise.resolve(env.trim())
          : process.stdin.isTTY
            ? prompt()
            : firstLine()
    return asked
  }
}

async function fromFile(file: string): Promise<string> {
  if (!existsSync(file)) throw new Complaint(`--token-file ${file}: there is no such file.`)
  const token = readFileSync(file, 'utf8').trim()
  if (token === '') throw new Complaint(`--token-file ${file} is empty.`)
  return token
}

function firstLine(): Promise<string | null> {
  const lines = createInterface({ input: process.stdin })
  return new Promise(resolve => {
    const settle = (value: string | null) => {
      clearTimeout(timer)
      resolve(value)
      // After the answer: closing says `close`, which means that there was no line.
      lines.close()
      process.stdin.unref?.()
    }
    const timer = setTimeout(() => settle(null), STDIN_LIMIT)
    lines.once('line', line => settle(line.trim() || null))
    lines.once('close', () => settle(null))
  })
}

/** Without echo. Ctrl-C ends the program, as everywhere. */
function prompt(): Promise<string | null> {
  process.stderr.write('Join token (shown on the page "Agents" of the hub): ')
  const { stdin } = process
  stdin.setRawMode(true)
  stdin.resume()
  let token = ''
  return new Promise(resolve => {
    const take = (chunk: Buffer) => {
      for (const char of chunk.toString('utf8')) {
        if (char === '\r' || char === '\n' || char === '\u0003' || char === '\u0004') {
          stdin.off('data', take)
          stdin.setRawMode(false)
          stdin.pause()
          process.stderr.write('\n')
          if (char === '\u0003') process.exit(130)
          resolve(token.trim() || null)
          return
        }
        token = char === '\u007f' ? token.slice(0, -1) : token + char
      }
    }
    stdin.on('data', take)
  })
}

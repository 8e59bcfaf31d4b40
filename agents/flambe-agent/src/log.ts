/**
 * The agent's voice: pino lines with `json`, else one readable line each. Tokens never reach it: callers log names and ids.
 */

import pc from 'picocolors'
import { type Logger, pino } from 'pino'

export type Log = Logger

export function makeLog(options: { json: boolean; level?: string }, out: NodeJS.WritableStream): Log {
  const level = options.level ?? 'info'
  return pino({ level, base: null }, options.json ? out : { write: line => out.write(readable(line)) })
}

function readable(line: string): string {
  const { level, time, msg, pid: _pid, err, ...rest } = JSON.parse(line)
  const clock = new Date(time).toTimeString().slice(0, 8)
  const mark = level >= 50 ? pc.red('error ') : level >= 40 ? pc.yellow('warn  ') : ''
  const extra = Object.entries(rest)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
  const stack = err?.stack ? `\n${err.stack}` : ''
  return `${pc.dim(clock)} ${mark}${msg}${extra === '' ? '' : ` ${pc.dim(extra)}`}${stack}\n`
}

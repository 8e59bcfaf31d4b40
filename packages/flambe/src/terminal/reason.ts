/**
 * Reasons of failures for a terminal: one line where there is room for one, all of it where a person looks for it. What a
 * trial printed is part of them, so control characters are taken out.
 */
import { stripVTControlCharacters } from 'node:util'

/** One line: how it ended, and what it said last (`train.py ended with exit code 1: ValueError: ...`). */
export function headline(reason: string): string {
  const lines = linesOf(reason)
  const first = (lines[0] ?? '').replace(/:$/, '')
  const last = lines.at(-1)
  return lines.length < 2 || last === undefined ? first : `${first}: ${last.trim()}`
}

/** Every line of it, to be indented by the caller; no more than the last ten of what follows the first. */
export function allOf(reason: string): readonly string[] {
  const [first = '', ...rest] = linesOf(reason)
  if (rest.length === 0) return [first.replace(/:$/, '')]
  return [first, ...(rest.length > TAIL ? ['…'] : []), ...rest.slice(-TAIL)]
}

const TAIL = 10

const linesOf = (reason: string): string[] =>
  stripVTControlCharacters(reason)
    .split(/\r?\n/)
    .map(line => line.replace(/[^\t\P{Cc}]/gu, '').trimEnd())
    // Reasons of blocks hold the first line of a trial's, cut behind its colon.
    .map(line => line.replaceAll(/:(?=;)/g, ''))
    .filter(line => line !== '')

/**
 * What a script says: one JSON object a line, in the file named by FLAMBE_REPORT or on stdout behind `::flambe `. Turns bytes
 * into reports; a line that makes no sense is a warning in the trial's stderr, never the trial's end.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { z } from 'zod'

const number = z.union([
  z.number(),
  z.enum(['.nan', '.inf', '-.inf', 'NaN', 'Infinity', '-Infinity']).transform(text => Number(NAMES[text] ?? text)),
])
const NAMES: { readonly [name: string]: number } = {
  '.nan': Number.NaN,
  '.inf': Number.POSITIVE_INFINITY,
  '-.inf': Number.NEGATIVE_INFINITY,
}

const report = z.object({
  step: z.number().optional(),
  metrics: z.record(z.string(), number).optional(),
  log: z.record(z.string(), z.union([number, z.string()])).optional(),
  checkpoint: z.string().min(1).optional(),
  progress: number.optional(),
})
export type Report = z.infer<typeof report>

export const PREFIX = '::flambe '

export function parseReport(line: string): Report | null {
  const parsed = report.safeParse(json(line))
  if (parsed.success) return parsed.data
  console.warn(`not a report, left out: ${line.slice(0, 200)}`)
  return null
}

/** Python's json module writes NaN and Infinity bare, which JSON does not know. */
function json(line: string): unknown {
  for (const text of [line, line.replace(/([:[,]\s*)(-?(?:NaN|Infinity))(?=\s*[,}\]])/g, '$1"$2"')]) {
    try {
      return JSON.parse(text)
    } catch {
      // the second reading may do
    }
  }
  return undefined
}

/** Whole lines out of chunks; `rest` is what stands after the last line break. */
export function lines(onLine: (line: string) => void): { push(chunk: Uint8Array): void; end(): void } {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  const take = (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) if (line.trim() !== '') onLine(line)
  }
  return {
    push: chunk => take(decoder.write(Buffer.from(chunk))),
    end() {
      take(`${decoder.end()}\n`)
    },
  }
}

/**
 * Splits a script's stdout: lines that start with `::flambe ` go to `onLine`, everything else is passed on at once, whole
 * lines or not (a progress bar ends none).
 */
export function splitter(
  onLine: (line: string) => void,
  pass: (text: string) => void,
): { push(chunk: Uint8Array): void; end(): void } {
  const decoder = new StringDecoder('utf8')
  let held = '' // the start of a line that may yet become a report
  let middle = false // inside a line that is none
  const take = (text: string) => {
    let out = ''
    held += text
    while (held !== '') {
      const at = held.indexOf('\n')
      const line = at < 0 ? held : held.slice(0, at)
      if (!middle && line.startsWith(PREFIX)) {
        if (at < 0) break
        onLine(line.slice(PREFIX.length))
      } else if (!middle && at < 0 && PREFIX.startsWith(line)) break
      else {
        out += at < 0 ? line : `${line}\n`
        middle = at < 0
      }
      held = at < 0 ? '' : held.slice(at + 1)
    }
    if (out !== '') pass(out)
  }
  return {
    push: chunk => take(decoder.write(Buffer.from(chunk))),
    end() {
      take(decoder.end())
      if (held.startsWith(PREFIX)) onLine(held.slice(PREFIX.length))
      else if (held !== '') pass(held)
      held = ''
    },
  }
}

const LOOK_EVERY = 100

/** Follows a file that grows; `end` reads what is left and stops. */
export function tail(file: string, onLine: (line: string) => void): { end(): void } {
  const fd = openSync(file, 'r')
  const split = lines(onLine)
  const chunk = Buffer.allocUnsafe(1 << 16)
  let at = 0
  const look = () => {
    if (fstatSync(fd).size <= at) return
    for (let n = readSync(fd, chunk, 0, chunk.length, at); n > 0; n = readSync(fd, chunk, 0, chunk.length, at)) {
      at += n
      split.push(chunk.subarray(0, n))
    }
  }
  const timer = setInterval(look, LOOK_EVERY)
  return {
    end() {
      clearInterval(timer)
      look()
      split.end()
      closeSync(fd)
    },
  }
}

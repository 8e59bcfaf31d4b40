/**
 * `log` and its family: what a component tells the world while it runs. Everything becomes records of the attempt folder;
 * nothing here waits for a network (G5). Values that are not numbers, text or maps of numbers are refused with a warning.
 */
import { context } from './context.ts'

const wire = (v: number) => (Number.isNaN(v) ? '.nan' : v === Infinity ? '.inf' : v === -Infinity ? '-.inf' : v)

/** A scalar (number), several (map of numbers), or a text, under `tag`, at `step` (default: the component's step). */
export function log(
  tag: string,
  value: number | string | { readonly [name: string]: number },
  step = context().step,
): void {
  if (typeof value === 'number') log_scalars({ [tag]: value }, step)
  else if (typeof value === 'string') log_text(tag, value, step)
  else if (value !== null && typeof value === 'object')
    log_scalars(Object.fromEntries(Object.entries(value).map(([name, v]) => [`${tag}/${name}`, v])), step)
  else console.warn(`log(${JSON.stringify(tag)}): neither a number, a text nor a map of numbers; not plotted`)
}

/** Several scalars of one moment in one record. */
export function log_scalars(values: { readonly [tag: string]: number }, step = context().step): void {
  const { prefix, write } = context()
  const tags: string[] = []
  const numbers: ReturnType<typeof wire>[] = []
  for (const [tag, value] of Object.entries(values)) {
    if (typeof value !== 'number') {
      console.warn(`log(${JSON.stringify(tag)}): not a number; not plotted`)
      continue
    }
    tags.push(prefix + tag)
    numbers.push(wire(value) as number)
  }
  if (tags.length > 0) write({ t: 'points', time: Date.now(), step, tags, values: numbers })
}

export function log_text(tag: string, text: string, step = context().step): void {
  context().write({ t: 'text', time: Date.now(), step, tag: context().prefix + tag, text: text.slice(0, 100_000) })
}

/** Progress inside a long step: `done` in 0..1. */
export function log_progress(done: number, note = '', step = context().step): void {
  context().write({ t: 'progress', time: Date.now(), step, done, note: note.slice(0, 200) })
}

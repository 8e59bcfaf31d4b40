/** Where a YAML node stands, its tag included: the composer tells the place of the content only. Called by `convert`. */
import type { Node } from 'yaml'
import type { Birth, Conversion } from './conversion.ts'
import type { Span } from './source.ts'
import type { Tag } from './stream.ts'

/** `after` is where an absent value would stand. */
export function bear(node: Node | null, path: string, after: number, context: Conversion): Birth {
  const inner = node === null ? { start: after, end: after } : spanOf(node)
  const tag = node?.tag === undefined ? null : tagBefore(inner.start, node.tag, context)
  const start = tag?.start ?? inner.start
  let end = Math.max(inner.end, tag?.end ?? 0)
  while (end > start + 1 && /\s/.test(context.text[end - 1] ?? '')) end -= 1
  const span = { start, end }
  return { id: context.nextId++, span, tagSpan: tag ?? span, path, shared: false }
}

export function spanOf(node: Node): Span {
  const range = node.range
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 }
}

/** The node's own tag: the nearest before its content, unless that belongs to its first key. */
function tagBefore(offset: number, tag: string, context: Conversion): Tag | null {
  let low = 0
  let high = context.tags.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((context.tags[middle]?.start ?? 0) < offset || context.tags[middle]?.start === offset) low = middle + 1
    else high = middle
  }
  for (let i = low - 1; i >= 0 && i >= low - 4; i -= 1) {
    if (context.tags[i]?.text === tag) return context.tags[i] ?? null
  }
  return context.tags[low - 1] ?? null
}

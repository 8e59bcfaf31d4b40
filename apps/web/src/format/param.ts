/**
 * Parameters as text: a value as the language writes it (`{"tag": "c.Enc", "index": 0}` is a component alternative,
 * `{"link": "a.x"}` a chosen link), and which of them differ between trials.
 */
import type { Json } from '@flambe/language'
import { shortNumber } from './number.ts'

export type Params = { readonly [key: string]: Json }

export function paramText(value: Json | undefined): string {
  if (value === undefined) return ''
  if (value === null) return 'null'
  if (typeof value === 'number') return shortNumber(value)
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (isMap(value)) {
    if (typeof value.tag === 'string') return `!${value.tag}`
    if (typeof value.link === 'string') return `!@ ${value.link}`
  }
  return JSON.stringify(value)
}

/** `train.optimizer.learning_rate` → `learning_rate`; list places keep their name: `encoder.filters[0]` → `filters[0]`. */
export function shortKey(key: string): string {
  const cut = key.lastIndexOf('.')
  return cut < 0 ? key : key.slice(cut + 1)
}

/** Keys whose values differ between the given trials, in order of appearance; every key when there is one trial only. */
export function differingKeys(rows: readonly { readonly params: Params }[]): string[] {
  const first = new Map<string, string>()
  const counts = new Map<string, number>()
  const differing = new Set<string>()
  for (const row of rows) {
    for (const [key, value] of Object.entries(row.params)) {
      const text = JSON.stringify(value)
      const seen = first.get(key)
      if (seen === undefined) first.set(key, text)
      else if (seen !== text) differing.add(key)
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
  }
  return [...first.keys()].filter(key => rows.length === 1 || differing.has(key) || counts.get(key) !== rows.length)
}

/** Short names for columns; two keys that would share one keep as many parts as tell them apart. */
export function columnNames(keys: readonly string[]): Map<string, string> {
  const names = new Map(keys.map(key => [key, shortKey(key)]))
  const uses = new Map<string, number>()
  for (const name of names.values()) uses.set(name, (uses.get(name) ?? 0) + 1)
  for (const [key, name] of names) if ((uses.get(name) ?? 0) > 1) names.set(key, key)
  return names
}

function isMap(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

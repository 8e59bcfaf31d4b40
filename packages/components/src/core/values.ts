/**
 * Data as JSON without losing anything: NaN, infinities and -0 are tagged, and whatever JSON cannot hold (tensors, typed
 * arrays, components) goes through `special`, which sees every text too. Tags are maps with one key that starts with `$`; a user's map with such a key
 * is written as a list of pairs, so nothing can be mistaken for a tag. Key order is kept: it may carry meaning.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }
export type Tagged = { readonly [key: string]: Json }

/** Throws a TypeError naming the place of anything that is not data. */
export function encode(
  value: unknown,
  special: (value: object | string, path: string) => Tagged | undefined,
  path = '',
): Json {
  if (value === null || typeof value === 'boolean') return value
  if (typeof value === 'string') return special(value, path) ?? value
  if (value === undefined) return { $undefined: true }
  if (typeof value === 'number')
    return Number.isFinite(value) && !Object.is(value, -0)
      ? value
      : { $number: Object.is(value, -0) ? '-0' : String(value) }
  if (typeof value === 'object') {
    const tagged = special(value, path)
    if (tagged !== undefined) return tagged
    if (Array.isArray(value)) return Array.from(value, (v, i) => encode(v, special, join(path, i)))
    if (isPlain(value)) {
      const pairs = Object.entries(value).map(([k, v]) => [k, encode(v, special, join(path, k))] as const)
      return pairs.some(([k]) => k.startsWith('$')) ? { $map: pairs } : Object.fromEntries(pairs)
    }
  }
  const what = typeof value === 'object' ? (value.constructor?.name ?? 'object') : typeof value
  throw new TypeError(`${path === '' ? 'value' : path}: ${what} is not data`)
}

/** The inverse; `special` gets the tags that `encode`'s made. */
export function decode(json: Json, special: (tagged: Tagged) => unknown): unknown {
  if (json === null || typeof json !== 'object') return json
  if (Array.isArray(json)) return json.map(v => decode(v, special))
  const map = json as Tagged
  const [first] = Object.keys(map)
  if (first?.startsWith('$')) {
    if (first === '$number') return Number(map.$number)
    if (first === '$undefined') return undefined
    if (first === '$map')
      return Object.fromEntries((map.$map as readonly [string, Json][]).map(([k, v]) => [k, decode(v, special)]))
    return special(map)
  }
  return Object.fromEntries(Object.entries(map).map(([k, v]) => [k, decode(v, special)]))
}

export const isPlain = (value: object): value is { [key: string]: unknown } => {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

const join = (path: string, key: string | number) => (path === '' ? String(key) : `${path}.${key}`)

/** What a file may hold at most (promise S7). Chosen so that the worst file under them is read within 500 ms. */
export const LIMITS = {
  /** Bytes of UTF-8. */
  bytes: 256 * 1024,
  /** Nested lists and maps, as written and with aliases written out. */
  depth: 32,
  /** Pieces of text that the YAML lexer makes: punctuation, blanks, scalars. */
  lexemes: 60_000,
  /** Keys and values, as written. */
  nodes: 20_000,
  /** Keys and values with aliases written out. */
  expanded: 50_000,
  blocks: 256,
  options: 1_000,
  /** Values that all `!s` draw together. */
  draws: 100_000,
} as const

export const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/

export const PROTOTYPE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

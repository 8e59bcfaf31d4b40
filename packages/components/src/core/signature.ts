/**
 * Keyword names of a class or function without `static params`: read from the destructuring pattern of its first parameter
 * in the source text. No default = required, a rest element = any keyword. Used by the catalogue and before construction.
 */
import type { Json } from './values.ts'

export interface Signature {
  readonly names: readonly { readonly name: string; readonly required: boolean; readonly default?: Json }[]
  readonly open: boolean
}

// biome-ignore lint/complexity/noBannedTypes: any class or function.
type Callable = Function

/** null when the first parameter is not a pattern: then any keyword may be right. */
export function signatureOfClass(cls: Callable): Signature | null {
  for (let c = cls; typeof c === 'function' && c !== Function.prototype; c = Object.getPrototypeOf(c)) {
    const list = constructorParameters(c.toString())
    if (list !== null) return pattern(list)
  }
  return { names: [], open: false }
}

export function signatureOfFunction(fn: Callable): Signature | null {
  const text = fn.toString()
  const open = [...tokens(text)].find(t => t.text === '(')
  return open === undefined ? null : pattern(inside(text, open.at))
}

export const hasConstructor = (cls: Callable): boolean => constructorParameters(cls.toString()) !== null

/** The text between the brackets of the constructor; null when the class text has none. */
function constructorParameters(text: string): string | null {
  let depth = 0
  let last = ''
  for (const { text: token, at } of tokens(text)) {
    if (token === '(' && last === 'constructor' && depth === 1) return inside(text, at)
    if ('([{'.includes(token)) depth++
    else if (')]}'.includes(token)) depth--
    last = token
  }
  return null
}

function pattern(parameters: string): Signature | null {
  const first = split(parameters)[0]?.trim() ?? ''
  if (first === '') return { names: [], open: false }
  if (!first.startsWith('{')) return null
  const names: { name: string; required: boolean; default?: Json }[] = []
  let open = false
  for (const part of split(inside(first, 0))) {
    const item = part.trim()
    if (item.startsWith('...')) open = true
    else if (item !== '') {
      const name = /^(?:[\w$]+|'[^']*'|"[^"]*")/.exec(item)?.[0]?.replace(/^['"]|['"]$/g, '')
      if (name === undefined) return null
      const at = [...tokens(item)].find(t => t.text === '=' && t.depth === 0)?.at
      const value = at === undefined ? undefined : literal(item.slice(at + 1).trim())
      names.push({ name, required: at === undefined, ...(value === undefined ? {} : { default: value }) })
    }
  }
  return { names, open }
}

function literal(text: string): Json | undefined {
  try {
    return JSON.parse(text.replace(/^'([^'"\\]*)'$/, '"$1"'))
  } catch {
    return undefined // an expression: there is a default, but not one to show
  }
}

/** The text between the bracket at `at` and its partner. */
function inside(text: string, at: number): string {
  for (const token of tokens(text.slice(at))) {
    if (token.depth === 0 && ')]}'.includes(token.text)) return text.slice(at + 1, at + token.at)
  }
  return ''
}

function split(text: string): string[] {
  const parts: string[] = []
  let from = 0
  for (const token of tokens(text)) {
    if (token.text !== ',' || token.depth !== 0) continue
    parts.push(text.slice(from, token.at))
    from = token.at + 1
  }
  return [...parts, text.slice(from)]
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`|=>|[=!<>]=+|[\w$]+|\/|\s+|[\s\S]/g
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y

/** Words and signs with the bracket depth outside of them; strings, comments and regular expressions are one piece each. */
function* tokens(text: string): Generator<{ text: string; at: number; depth: number }> {
  let depth = 0
  let last = ''
  const token = new RegExp(TOKEN)
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [piece] = match
    if (/^\s/.test(piece) || piece.startsWith('//') || piece.startsWith('/*')) continue
    if (
      piece === '/' &&
      (/^[=(,:[!&|?{};+\-*%~^<>]$|^=>$|^[=!<>]=+$/.test(last) || /^(return|typeof|case|in|of)$/.test(last))
    ) {
      REGEX.lastIndex = match.index
      const regex = REGEX.exec(text)
      if (regex !== null) token.lastIndex = REGEX.lastIndex
    }
    if (')]}'.includes(piece)) depth--
    yield { text: piece, at: match.index, depth }
    if ('([{'.includes(piece)) depth++
    last = piece
  }
}

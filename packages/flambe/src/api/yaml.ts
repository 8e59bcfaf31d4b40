/**
 * Builders to YAML text, in flow form below the blocks. Called by Experiment; from there the text goes the one way of every
 * file. An object that stands in two places becomes an anchor and its aliases. Throws TypeError for what no YAML can say.
 */
import { Node, type Value } from './builders.ts'

/**
 * @param experiment top-level keys in their order; undefined ones are left out
 * @param extensions the first document; none, no document
 */
export function experimentText(
  experiment: { readonly [key: string]: Value | undefined },
  extensions: { readonly [name: string]: Value } = {},
): string {
  const writer = new Writer()
  for (const value of Object.values(experiment)) writer.count(value)
  const lines = Object.entries(extensions).map(([name, from]) => `${quote(name)}: ${new Writer().text(from)}`)
  if (lines.length > 0) lines.push('---')
  lines.push('!Experiment')
  for (const [key, value] of Object.entries(experiment)) {
    if (value === undefined) continue
    const entries = key === 'pipeline' && isMap(value) ? Object.entries(value) : []
    if (entries.length === 0) lines.push(`${quote(key)}: ${writer.text(value)}`)
    else {
      lines.push(`${key}:`)
      for (const [id, block] of entries) if (block !== undefined) lines.push(`  ${quote(id)}: ${writer.text(block)}`)
    }
  }
  return `${lines.join('\n')}\n`
}

const isMap = (value: Value): value is { readonly [key: string]: Value | undefined } =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Node)

class Writer {
  readonly #seen = new Map<object, number>()
  readonly #anchors = new Map<object, string>()
  readonly #open = new Set<object>()

  count(value: Value | undefined): void {
    if (value === null || typeof value !== 'object') return
    if (this.#open.has(value)) throw new TypeError('a value of the pipeline contains itself')
    const times = (this.#seen.get(value) ?? 0) + 1
    this.#seen.set(value, times)
    if (times > 1) return
    this.#open.add(value)
    const inside = value instanceof Node ? [value.body] : Array.isArray(value) ? value : Object.values(value)
    for (const item of inside) this.count(item)
    this.#open.delete(value)
  }

  text(value: Value): string {
    if (typeof value === 'string') return quote(value)
    if (typeof value === 'number') return numberText(value)
    if (value === null || typeof value === 'boolean') return String(value)
    if (typeof value !== 'object') throw new TypeError(`a ${typeof value} cannot stand in an experiment`)
    const known = this.#anchors.get(value)
    if (known !== undefined) return `*${known} `
    const shared = (this.#seen.get(value) ?? 0) > 1
    const name = `shared${this.#anchors.size + 1}`
    if (shared) this.#anchors.set(value, name)
    const anchor = shared ? `&${name} ` : ''
    if (!(value instanceof Node)) return anchor + this.#collection(value)
    if (value.tag === '') return anchor + floatText(value.body as number)
    if (!/^(@|[A-Za-z][\w.]*)$/.test(value.tag)) throw new TypeError(`${JSON.stringify(value.tag)} is no tag`)
    return `!${value.tag} ${anchor}${value.body === undefined ? '' : this.text(value.body)}`
  }

  #collection(value: readonly Value[] | { readonly [key: string]: Value | undefined }): string {
    if (Array.isArray(value)) return `[${value.map(item => this.text(item)).join(', ')}]`
    const entries = Object.entries(value).filter((entry): entry is [string, Value] => entry[1] !== undefined)
    return `{${entries.map(([key, item]) => `${quote(key)}: ${this.text(item)}`).join(', ')}}`
  }
}

/** Words that are only words stay bare; everything else as JSON, which YAML reads the same. */
const quote = (text: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(text) && !/^(true|false|null)$/i.test(text) ? text : JSON.stringify(text)

function numberText(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  // Beyond 2^53 a number is a float, which an integer of so many digits would not be.
  const text = Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value)
  // YAML wants a point before the exponent.
  return /^-?\d+e/.test(text) ? text.replace('e', '.0e') : text
}

const floatText = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : numberText(value))

/**
 * The keys of an experiment that are maps of their own: reduce, devices, search, schedulers, resume. Called by `experiment`; whether the
 * blocks that they name exist is checked by `checks/references.ts`.
 */
import { type AstComponent, type AstEntry, type AstNode, deref } from './ast.ts'
import type { Report, Span } from './source.ts'
import { didYouMean } from './suggest.ts'
import { describe, readChoice, readMap, readNumber, readText, scalarOf, short, wrongType } from './value.ts'

export interface ParsedReduce {
  readonly block: string
  readonly keySpan: Span
  readonly path: string
  readonly k: number
  readonly mode: 'min' | 'max' | null
}

interface DeviceShares {
  readonly cpu: number | null
  readonly gpu: number | null
}

export interface ParsedDevices {
  readonly given: boolean
  readonly all: DeviceShares
  readonly blocks: readonly { block: string; keySpan: Span; path: string; shares: DeviceShares }[]
}

export function readReduce(entry: AstEntry | undefined, report: Report): ParsedReduce[] {
  if (entry === undefined) return []
  const found: ParsedReduce[] = []
  for (const block of readMap(entry, 'a map of blocks and numbers', report, 'for example reduce: {block: 1}')) {
    const common = { block: block.key, keySpan: block.keySpan, path: block.path }
    const value = deref(block.value)
    if (value.kind !== 'map') {
      const k = readNumber(block, report, { int: true, min: 1 })
      found.push({ ...common, k: k ?? 1, mode: null })
      continue
    }
    let k: number | null = null
    let mode: 'min' | 'max' | null = null
    for (const part of value.entries) {
      if (part.key === 'k') k = readNumber(part, report, { int: true, min: 1 }) ?? 1
      else if (part.key === 'mode') mode = readChoice(part, ['min', 'max'], report)
      else unknownPart(part, 'reduce', ['k', 'mode'], report)
    }
    if (k === null) {
      const message = `\`reduce\` of \`${short(block.key)}\` has no \`k\``
      report.add({ rule: 'missing-key', span: block.keySpan, path: block.path, message, hint: '{k: 1, mode: min}' })
    }
    found.push({ ...common, k: k ?? 1, mode })
  }
  return found
}

/** One entry of `search` or `schedulers`. */
export interface ParsedEntry {
  readonly block: string
  readonly keySpan: Span
  readonly path: string
  readonly value: AstNode
  /** What the value is, aliases followed. */
  readonly component: AstComponent
}

/** The values must be components; whether they are of the right kind is checked where the catalogue is known. */
export function readEntries(
  entry: AstEntry | undefined,
  key: 'search' | 'schedulers',
  report: Report,
): readonly ParsedEntry[] {
  if (entry === undefined) return []
  const example = key === 'search' ? '!TPE {n_trials: 20}' : '!ASHA {max_t: 10}'
  const whole = deref(entry.value)
  const hint = `for example ${key}: {block: ${example}}`
  if (whole.kind === 'component') {
    const message = `\`${key}\` is a map of blocks, not the component !${short(whole.tag)}`
    report.add({ rule: 'wrong-type', span: whole.tagSpan, path: entry.path, message, hint })
    return []
  }
  return readMap(entry, 'a map of blocks', report, hint).flatMap(part => {
    const component = deref(part.value)
    if (component.kind === 'component') {
      return [{ block: part.key, keySpan: part.keySpan, path: part.path, value: part.value, component }]
    }
    if (component.kind === 'scalar' || component.kind === 'list' || component.kind === 'map') {
      const what = key === 'search' ? 'a search algorithm' : 'a scheduler'
      const name = component.kind === 'scalar' && /^[A-Za-z][\w.]{0,63}$/.test(component.text) ? component.text : null
      const message = `\`${short(part.key)}\` of \`${key}\` must be ${what}, not ${describe(part.value)}`
      const hint = `write ${name === null ? example : `!${name}`}`
      report.add({ rule: 'entry-not-component', span: part.value.span, path: part.path, message, hint })
    }
    return []
  })
}

const DEVICE_KEYS = ['cpu', 'gpu']

/** `cpu` and `gpu` hold for all blocks; any other key names a block with shares of its own. */
export function readDevices(entry: AstEntry | undefined, report: Report): ParsedDevices {
  if (entry === undefined) return { given: false, all: { cpu: null, gpu: null }, blocks: [] }
  const entries = readMap(entry, 'a map with cpu and gpu', report, 'for example devices: {cpu: 1, gpu: 1}')
  const blocks = entries
    .filter(part => !DEVICE_KEYS.includes(part.key))
    .map(part => {
      if (scalarOf(part.value) !== null) {
        unknownPart(part, 'devices', DEVICE_KEYS, report, 'A block id takes {cpu, gpu} of its own.')
        return null
      }
      const shares = readMap(part, 'a map with cpu and gpu', report, '{cpu: 1, gpu: 1}')
      for (const share of shares) {
        if (!DEVICE_KEYS.includes(share.key)) unknownPart(share, 'devices', DEVICE_KEYS, report)
      }
      return { block: part.key, keySpan: part.keySpan, path: part.path, shares: readShares(shares, report) }
    })
    .filter(part => part !== null)
  return { given: entries.some(part => DEVICE_KEYS.includes(part.key)), all: readShares(entries, report), blocks }
}

function readShares(entries: readonly AstEntry[], report: Report): DeviceShares {
  const cpu = entries.find(entry => entry.key === 'cpu')
  const gpu = entries.find(entry => entry.key === 'gpu')
  return {
    cpu: cpu === undefined ? null : readNumber(cpu, report, { int: false, min: 0, above: true }),
    gpu: gpu === undefined ? null : readNumber(gpu, report, { int: false, min: 0 }),
  }
}

export function unknownPart(part: AstEntry, of: string, known: readonly string[], report: Report, hint = ''): void {
  const message = `\`${of}\` has no key \`${short(part.key)}\``
  const mean = [didYouMean(part.key, known), hint].filter(text => text !== '').join(' ')
  report.add({ rule: 'unknown-key', span: part.keySpan, path: part.path, message, hint: mean })
}

/** `resume`: null when nothing is resumed; `upto` one block, exactly some blocks, or all that is done. */
export interface ParsedResume {
  readonly kind: 'upto' | 'blocks' | 'all'
  readonly keySpan: Span
  readonly blocks: readonly { readonly block: string; readonly keySpan: Span; readonly path: string }[]
}

export function readResume(entry: AstEntry | undefined, report: Report): ParsedResume | null {
  if (entry === undefined) return null
  const { keySpan, path } = entry
  const value = deref(entry.value)
  if (value.kind === 'list') {
    const blocks = value.items.flatMap(item => {
      const block = readText({ key: 'resume', keySpan: item.span, value: item, path: item.path }, report)
      return block === null ? [] : [{ block, keySpan: item.span, path: item.path }]
    })
    return value.items.length === 0 ? null : { kind: 'blocks', keySpan, blocks }
  }
  if (value.kind !== 'scalar') return wrongType(entry.value, path, 'a block, a list of blocks, or true', report)
  if (value.value === false) return null
  if (value.value === true) return { kind: 'all', keySpan, blocks: [] }
  const block = typeof value.value === 'string' ? value.value : value.text
  return { kind: 'upto', keySpan, blocks: [{ block, keySpan: entry.value.span, path }] }
}

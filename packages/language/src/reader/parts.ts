/**
 * The keys of an experiment that are maps of their own: resources, reduce, devices. Called by `experiment`; whether the
 * blocks that they name exist is checked by `checks/blocks.ts`.
 */
import { type AstComponent, type AstEntry, type AstNode, deref } from './ast.ts'
import { NAME } from './limits.ts'
import type { Report, Span } from './source.ts'
import { didYouMean } from './suggest.ts'
import { describe, readChoice, readMap, readNumber, scalarOf, short, wrongType } from './value.ts'

export interface ParsedResource {
  readonly name: string
  readonly location: string
  readonly kind: 'local' | 'cluster'
  readonly keySpan: Span
  readonly span: Span
  readonly path: string
}

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

export function readResources(entry: AstEntry | undefined, report: Report): ParsedResource[] {
  if (entry === undefined) return []
  const found: ParsedResource[] = []
  for (const { key, keySpan, value, path } of readMap(entry, 'a map of names and locations', report)) {
    if (!NAME.test(key)) {
      const message = `\`${short(key)}\` is no name of a resource: letters, digits, - and _ only, at most 64`
      report.add({ rule: 'bad-name', span: keySpan, path, message })
      continue
    }
    const target = deref(value)
    const common = { name: key, keySpan, span: value.span, path }
    if (target.kind === 'cluster') {
      found.push({ ...common, location: target.location, kind: 'cluster' })
      continue
    }
    if (target.kind !== 'scalar' || typeof target.value !== 'string' || target.value === '') {
      wrongType(value, path, 'a path', report)
      // The name is known all the same, so that links to it are not reported too.
      found.push({ ...common, location: '', kind: 'cluster' })
      continue
    }
    checkScheme(target.value, value.span, path, report)
    found.push({ ...common, location: target.value, kind: isRemote(target.value) ? 'cluster' : 'local' })
  }
  return found
}

const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):/
const LATER: ReadonlySet<string> = new Set(['http', 'https', 's3', 'git', 'ssh', 'git+https', 'git+ssh', 'npm'])

function isRemote(location: string): boolean {
  return SCHEME.test(location)
}

function checkScheme(location: string, span: Span, path: string, report: Report): void {
  const scheme = SCHEME.exec(location)?.[1]?.toLowerCase()
  if (scheme === undefined) return
  if (LATER.has(scheme)) {
    const hint = 'download it and give the local path'
    report.notSupported('RESOURCE', span, path, `a resource from \`${scheme}:\` is`, hint)
    return
  }
  const message =
    scheme.length === 1 ? 'drive letters are not understood' : `a location cannot start with \`${short(scheme)}:\``
  report.add({
    rule: 'resource-location',
    span,
    path,
    message,
    hint: 'give a path relative to this file, or !cluster path',
  })
}

export function readReduce(entry: AstEntry | undefined, report: Report): ParsedReduce[] {
  if (entry === undefined) return []
  const found: ParsedReduce[] = []
  for (const block of readMap(entry, 'a map of blocks and numbers', report)) {
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
  const example = key === 'search' ? '!TPE {n_trials: 20}' : '!ASHA'
  return readMap(entry, `a map of blocks, such as block: ${example},`, report).flatMap(part => {
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
  const entries = readMap(entry, 'a map with cpu and gpu', report)
  const blocks = entries
    .filter(part => !DEVICE_KEYS.includes(part.key))
    .map(part => {
      if (scalarOf(part.value) !== null) {
        unknownPart(part, 'devices', DEVICE_KEYS, report, 'or a block id with {cpu, gpu} of its own')
        return null
      }
      const shares = readMap(part, 'a map with cpu and gpu', report)
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
  const mean = [didYouMean(part.key, known), hint].filter(text => text !== '').join(', ')
  report.add({ rule: 'unknown-key', span: part.keySpan, path: part.path, message, hint: mean })
}

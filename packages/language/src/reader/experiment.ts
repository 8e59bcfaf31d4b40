/**
 * The experiment as written: every top-level key read, without a look at the catalogue. Made by `parse` from the
 * `!Experiment` document, taken by `plan`.
 */
import type { Settings } from '../plan.ts'
import type { Problem } from '../problem.ts'
import { type AstComponent, type AstEntry, type AstNode, children, deref, isOption } from './ast.ts'
import { badName, type ParsedBlock, readBlocks, sameNames } from './blocks.ts'
import type { ParsedExtension } from './extensions.ts'
import { EXPERIMENT_KEYS } from './keys.ts'
import { NAME } from './limits.ts'
import { type ParsedResource, readResources } from './locations.ts'
import {
  type ParsedDevices,
  type ParsedEntry,
  type ParsedReduce,
  type ParsedResume,
  readDevices,
  readEntries,
  readReduce,
  readResume,
} from './parts.ts'
import { DEFAULTS, readSettings } from './settings.ts'
import type { Report, Source, Span } from './source.ts'
import { didYouMean, suggest } from './suggest.ts'
import { describe, isNull, readBoolean, readNumber, scalarOf, short, wrongType } from './value.ts'

export interface ParsedExperiment {
  readonly source: Source
  /** What `parse` reported; with an error among them there is no plan. */
  readonly problems: readonly Problem[]
  readonly name: string
  /** Null when the file has none. */
  readonly seed: number | null
  readonly seedSpan: Span | null
  readonly root: AstComponent
  /** In document order; ids are unique. */
  readonly blocks: readonly ParsedBlock[]
  readonly pipelineSpan: Span
  readonly resources: readonly ParsedResource[]
  readonly reduce: readonly ParsedReduce[]
  readonly devices: ParsedDevices
  readonly search: readonly ParsedEntry[]
  readonly schedulers: readonly ParsedEntry[]
  readonly settings: Settings
  /** Of the first document. */
  readonly extensions: readonly ParsedExtension[]
  readonly resume: ParsedResume | null
  /** Where `reuse: true` stands, else null. */
  readonly reuse: AstEntry | null
}

const KEYS = EXPERIMENT_KEYS.map(({ key }) => key)

export function readExperiment(
  root: AstComponent,
  extensions: readonly ParsedExtension[],
  report: Report,
): ParsedExperiment {
  const known = new Map(root.entries.map(entry => [entry.key, entry]))
  for (const entry of root.entries) unknownKey(entry, report)
  for (const entry of root.entries) {
    if (entry.key !== 'pipeline' && KEYS.includes(entry.key)) outsidePipeline(entry.value, entry.key, report)
  }
  // A misspelt key is told once, where it stands.
  const meant = new Set(root.entries.map(({ key }) => (KEYS.includes(key) ? null : suggest(key, KEYS))))
  const lacks = (key: string) => !known.has(key) && !meant.has(key)
  const pipeline = known.get('pipeline')
  const seed = present(known, 'seed')
  const blocks = pipeline === undefined && !lacks('pipeline') ? [] : readBlocks(root, pipeline, report)
  const resources = readResources(present(known, 'resources'), report)
  sameNames(blocks, resources, report)
  return {
    source: report.source,
    problems: report.problems,
    name: lacks('name') || known.has('name') ? readName(root, known.get('name'), report) : '',
    seed: seed === undefined ? null : readNumber(seed, report, { int: true, min: 0 }),
    seedSpan: seed?.value.span ?? null,
    root,
    blocks,
    pipelineSpan: pipeline?.keySpan ?? root.tagSpan,
    resources,
    reduce: readReduce(present(known, 'reduce'), report),
    devices: readDevices(present(known, 'devices'), report),
    search: readEntries(present(known, 'search'), 'search', report),
    schedulers: readEntries(present(known, 'schedulers'), 'schedulers', report),
    resume: readResume(present(known, 'resume'), report),
    reuse: readReuse(present(known, 'reuse'), report),
    settings: readSettings(known, DEFAULTS, report),
    extensions,
  }
}

/** A key that is written and not null. */
function present(entries: ReadonlyMap<string, AstEntry>, key: string): AstEntry | undefined {
  const entry = entries.get(key)
  return entry === undefined || isNull(entry.value) ? undefined : entry
}

function unknownKey(entry: AstEntry, report: Report): void {
  if (KEYS.includes(entry.key)) return
  const message = `an experiment has no key \`${short(entry.key)}\``
  const hint =
    entry.key === 'env' || entry.key === 'user_provider'
      ? 'this one exists in the TypeScript API only'
      : didYouMean(entry.key, KEYS)
  report.add({ rule: 'unknown-key', span: entry.keySpan, path: entry.path, message, hint })
}

/** Keys whose values are components: search algorithms and schedulers. */
const WITH_COMPONENTS: ReadonlySet<string> = new Set(['search', 'schedulers'])

function readReuse(entry: AstEntry | undefined, report: Report): AstEntry | null {
  return entry !== undefined && readBoolean(entry, report) === true ? entry : null
}

/** Options, components and links mean something in the pipeline only (DOC-11). */
function outsidePipeline(node: AstNode, key: string, report: Report): void {
  const stack: AstNode[] = [node]
  const seen = new Set<number>()
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const target = deref(top)
    if (seen.has(target.id)) continue
    seen.add(target.id)
    if (isOption(target)) {
      const message = `an option cannot stand in \`${short(key)}\``
      report.add({
        rule: 'option-outside-pipeline',
        span: top.span,
        path: top.path,
        message,
        hint: 'options stand in the pipeline',
      })
      continue
    }
    if ((target.kind === 'component' && !WITH_COMPONENTS.has(key)) || target.kind === 'link') {
      const message = `${describe(target)} cannot stand in \`${short(key)}\``
      report.add({ rule: 'component-outside-pipeline', span: top.span, path: top.path, message })
      continue
    }
    if (target.kind === 'cluster' && key !== 'resources') {
      const message = `!cluster cannot stand in \`${short(key)}\``
      report.add({
        rule: 'component-outside-pipeline',
        span: top.span,
        path: top.path,
        message,
        hint: '!cluster stands in `resources`',
      })
      continue
    }
    stack.push(...children(target))
  }
}

function readName(root: AstComponent, entry: AstEntry | undefined, report: Report): string {
  if (entry === undefined) {
    const message = 'the experiment has no `name`'
    report.add({ rule: 'missing-key', span: root.tagSpan, path: '', message, hint: 'name: my-experiment' })
    return ''
  }
  const scalar = scalarOf(entry.value)
  if (scalar === null || scalar.value === null || typeof scalar.value === 'boolean') {
    wrongType(entry.value, entry.path, 'a name', report)
    return ''
  }
  const name = typeof scalar.value === 'string' ? scalar.value : scalar.text
  if (NAME.test(name)) return name
  badName(name, entry.value.span, entry.path, report)
  return ''
}

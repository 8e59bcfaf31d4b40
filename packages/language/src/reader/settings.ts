/** The simple keys of an experiment, with their defaults. Called by `experiment`. */
import type { Settings } from '../plan.ts'
import { type AstEntry, deref } from './ast.ts'
import { unknownPart } from './parts.ts'
import type { Report } from './source.ts'
import { isNull, readBoolean, readChoice, readMap, readNumber, readText, scalarOf, short, wrongType } from './value.ts'

const BACKENDS = ['auto', 'tensorflow-gpu', 'webgpu', 'tensorflow', 'wasm', 'cpu'] as const

const OVERLAPS = ['blocks', 'none', 'trials'] as const

export const DEFAULTS: Settings = {
  max_failures: 1,
  stop_on_failure: true,
  overlap: 'blocks',
  budget: { trials: null, hours: null },
  max_trials: 10_000,
  resume: null,
  reuse: false,
  merge_plot: true,
  save_path: null,
  notes: null,
  tags: [],
  backend: 'auto',
  checkpoint: { steps: null, seconds: 30, keep: 2 },
}

/** `resume` and `reuse` need the blocks and the seed: `plan` fills them in. */
export function readSettings(known: ReadonlyMap<string, AstEntry>, defaults: Settings, report: Report): Settings {
  /** Null, and what was reported as wrong, is the default. */
  const read = <Value>(key: string, reader: (entry: AstEntry) => Value | null, fallback: Value): Value => {
    const entry = known.get(key)
    return entry === undefined || isNull(entry.value) ? fallback : (reader(entry) ?? fallback)
  }
  return {
    max_failures: read('max_failures', e => readNumber(e, report, { int: true, min: 0 }), defaults.max_failures),
    stop_on_failure: read('stop_on_failure', e => readBoolean(e, report), defaults.stop_on_failure),
    overlap: read('overlap', e => readChoice(e, OVERLAPS, report), defaults.overlap),
    budget: read('budget', e => readBudget(e, report), defaults.budget),
    resume: defaults.resume,
    reuse: defaults.reuse,
    max_trials: read('max_trials', e => readNumber(e, report, { int: true, min: 1 }), defaults.max_trials),
    merge_plot: read('merge_plot', e => readBoolean(e, report), defaults.merge_plot),
    save_path: read<string | null>('save_path', e => readText(e, report), defaults.save_path),
    notes: read<string | null>('notes', e => readText(e, report), defaults.notes),
    tags: read('tags', e => readTags(e, report), defaults.tags),
    backend: read('backend', e => readChoice(e, BACKENDS, report), defaults.backend),
    checkpoint: read('checkpoint', e => readCheckpoint(e, report), defaults.checkpoint),
  }
}

function readBudget(entry: AstEntry, report: Report): Settings['budget'] {
  let { trials, hours } = DEFAULTS.budget
  const stop: { patience?: number; plateau?: number } = {}
  for (const part of readMap(
    entry,
    'a map with trials and hours',
    report,
    'for example budget: {trials: 100, hours: 8, patience: 20}',
  )) {
    if (isNull(part.value)) continue
    if (part.key === 'trials') trials = readNumber(part, report, { int: true, min: 1 })
    else if (part.key === 'hours') hours = readNumber(part, report, { int: false, min: 0, above: true })
    else if (part.key === 'patience' || part.key === 'plateau') {
      const wanted = part.key === 'patience' ? { int: true, min: 1 } : { int: false, min: 0 }
      const read = readNumber(part, report, wanted)
      if (read !== null) stop[part.key] = read
    } else unknownPart(part, 'budget', ['trials', 'hours', 'patience', 'plateau'], report)
  }
  return { trials, hours, ...stop }
}

function readTags(entry: AstEntry, report: Report): readonly string[] | null {
  const target = deref(entry.value)
  if (target.kind !== 'list') {
    const word = target.kind === 'scalar' && target.text !== '' ? short(target.text) : 'word'
    const keys = target.kind === 'map' ? target.entries.map(({ key }) => short(key)).slice(0, 3) : []
    const hint = keys.length === 0 ? `tags: [${word}]` : `tags are plain words, for example tags: [${keys.join(', ')}]`
    return wrongType(entry.value, entry.path, 'a list of texts', report, hint)
  }
  const texts: string[] = []
  for (const item of target.items) {
    const text = readText({ key: 'tags', keySpan: item.span, value: item, path: item.path }, report)
    if (text !== null && !texts.includes(text)) texts.push(text)
  }
  return texts
}

type Checkpoint = Settings['checkpoint']

function readCheckpoint(entry: AstEntry, report: Report): Checkpoint {
  let { steps, seconds, keep } = DEFAULTS.checkpoint
  for (const part of readMap(
    entry,
    'a map with every and keep',
    report,
    'for example checkpoint: {every: 10 steps, keep: 2}',
  )) {
    if (part.key === 'every') ({ steps, seconds } = readEvery(part, report))
    else if (part.key === 'keep') keep = readNumber(part, report, { int: true, min: 1 }) ?? keep
    else unknownPart(part, 'checkpoint', ['every', 'keep'], report)
  }
  return { steps, seconds, keep }
}

/** `10 steps`, `30 seconds` or `30 s`; the unit must be written. */
function readEvery(entry: AstEntry, report: Report): { steps: number | null; seconds: number } {
  const { steps, seconds } = DEFAULTS.checkpoint
  const match = /^(\d{1,9}(?:\.\d{1,9})?) *(steps?|seconds?|s)$/.exec(scalarOf(entry.value)?.text ?? '')
  const amount = Number(match?.[1])
  const inSteps = match?.[2]?.startsWith('st') === true
  if (match === null || amount <= 0 || (inSteps && !Number.isInteger(amount))) {
    wrongType(entry.value, entry.path, 'a number of steps or seconds', report, '10 steps, or 30 seconds')
    return { steps, seconds }
  }
  return inSteps ? { steps: amount, seconds } : { steps: null, seconds: amount }
}

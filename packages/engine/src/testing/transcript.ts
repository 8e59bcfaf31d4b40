/**
 * Transcripts: a story told to the engine, with all its answers. A file holds blocks of a command, `----`, and the expected
 * output: the rows that changed and the actions. `#` lines and blank lines are kept. The grammar of the commands is below.
 */
import type { Event, Exit } from '../event.ts'
import type { Earlier, FailureClass, JournalRow, MetricValue, Row } from '../rows.ts'
import { type EngineState, keyOf } from '../state.ts'
import { waitingReason } from '../waiting.ts'
import { type BlockSketch, sketch } from './sketch.ts'
import { rowsOf } from './state-rows.ts'
import { type World, world } from './world.ts'

/** The same text with the output that the engine gives now. */
export function runTranscript(text: string): string {
  const told = { world: world(), time: 0 }
  const out: string[] = []
  for (const part of text.trimEnd().split(/\n\n/)) {
    const lines = part.split('\n')
    const comments = lines.filter(line => line.startsWith('#'))
    const rest = lines.filter(line => !line.startsWith('#'))
    const end = rest.indexOf('----')
    const input = end === -1 ? rest : rest.slice(0, end)
    if (input.length === 0) out.push(comments.join('\n'))
    else out.push([...comments, ...input, '----', tell(told, input)].join('\n'))
  }
  return `${out.join('\n\n')}\n`
}

interface Told {
  readonly world: World
  time: number
}

function tell(told: Told, input: readonly string[]): string {
  const before = new Map(rowsOf(told.world.state).map(row => [`${row.kind} ${keyOf(row)}`, row]))
  const acted = told.world.actions.length
  const refused: string[] = []
  const said: string[] = []
  const [head = '', ...below] = input
  // Several commands may stand below each other; the lines below `submit` are its blocks.
  for (const line of head.startsWith('submit') ? [head] : input) {
    if (line.startsWith('why ')) said.push(why(told.world.state, line.slice(4)))
    else if (line.startsWith('wait ')) told.time += Number(line.slice(5)) * 1000
    else
      for (const event of eventsOf(told, line, below)) {
        const decision = told.world.send(event)
        if (decision.refused) refused.push(`refused ${decision.refused}: ${decision.why}`)
      }
  }
  const changed = rowsOf(told.world.state).flatMap(row => describe(before.get(`${row.kind} ${keyOf(row)}`), row))
  const actions = told.world.actions.slice(acted).map(a => {
    const how = a.type === 'end' ? ` (${a.how})` : ''
    return `=> ${a.agent}: ${a.type} ${a.attempt}${how}`
  })
  return [...said, ...refused, ...changed, ...actions].join('\n') || 'ok'
}

/**
 *   submit ID [setting=value] [resume=ID|reuse=ID]   with a line a block: `b after=a,c options=2 reduce=1 mode=min cpu=2 gpu=0.5`, and
 *                                    `search=Random n_trials=5 search.max_concurrent=2 scheduler=ASHA scheduler.max_t=9`
 *   agent ID cpu=4 gpus=1 backends=cpu holds=ATTEMPT,ATTEMPT
 *   silent ID suspect|disconnected|lost          enable ID          disable ID [note]
 *   pause|resume|cancel|retry EXPERIMENT|TRIAL
 *   start ATTEMPT ...     report ATTEMPT STEP METRIC [TAG=VALUE ...]     save ATTEMPT NUMBER STEP
 *   end ATTEMPT done|paused|stopped|failed [CLASS MESSAGE]
 *   finish ATTEMPT METRIC    started, one report, saved, done
 *   wait SECONDS          why TRIAL
 */
function eventsOf(told: Told, line: string, below: readonly string[]): Event[] {
  const time = told.time
  const [command = '', id = '', ...words] = line.trim().split(/\s+/)
  const options = new Map(words.filter(w => w.includes('=')).map(w => w.split('=', 2) as [string, string]))
  const list = (key: string): string[] => options.get(key)?.split(',') ?? []
  switch (command) {
    case 'submit': {
      const { paused, ...settings } = Object.fromEntries([...options].map(([k, v]) => [k, value(v)]))
      const { resume, reuse, ...others } = settings
      const budget = { trials: null, hours: null, ...pick(settings, 'budget.') }
      const plan = sketch(below.map(blockOf), { ...others, budget })
      const from = told.world.state.experiments.get(String(resume ?? reuse))
      return [
        {
          type: 'experiment-submitted',
          time,
          experiment: id,
          user: 'ada',
          plan,
          resources: {},
          paused: paused === true,
          ...(from ? { earlier: earlierOf(told.world.state, from.id, resume !== undefined) } : {}),
        },
      ]
    }
    case 'agent': {
      const gpus = Array.from({ length: Number(options.get('gpus') ?? 0) }, (_, index) => ({
        index,
        name: 'X',
        memory: 1,
      }))
      const cpu = Number(options.get('cpu'))
      return [
        {
          type: 'agent-connected',
          time,
          agent: id,
          name: id,
          cpu,
          gpus,
          backends: list('backends'),
          attempts: list('holds'),
        },
      ]
    }
    case 'silent':
      return [{ type: 'agent-silent', time, agent: id, state: words[0] as 'suspect' }]
    case 'enable':
    case 'disable':
      return [{ type: 'agent-commanded', time, agent: id, command, note: words.join(' ') || null }]
    case 'pause':
    case 'resume':
    case 'cancel':
    case 'retry':
      if (command === 'retry' || id.includes('.')) return [{ type: 'trial-commanded', time, trial: id, command }]
      return [{ type: 'experiment-commanded', time, experiment: id, command }]
    case 'start':
      return [id, ...words].map(attempt => ({ type: 'attempt-started', time, attempt, environment: {} }))
    case 'report':
      return [
        {
          type: 'attempt-reported',
          time,
          attempt: id,
          step: Number(words[0]),
          metric: metricOf(words[1]),
          ...(options.size > 0
            ? { metrics: Object.fromEntries([...options].map(([name, v]) => [name, metricOf(v) as MetricValue])) }
            : {}),
        },
      ]
    case 'save':
      return [saved(time, id, Number(words[0]), Number(words[1]))]
    case 'end':
      return [{ type: 'attempt-ended', time, attempt: id, exit: exitOf(words) }]
    case 'finish':
      return [
        { type: 'attempt-started', time, attempt: id, environment: {} },
        { type: 'attempt-reported', time, attempt: id, step: 1, metric: metricOf(words[0]) },
        saved(time, id, 1, 1),
        { type: 'attempt-ended', time, attempt: id, exit: { kind: 'done' } },
      ]
    default:
      throw new Error(`transcript: unknown command: ${line}`)
  }
}

/** What a hub would find: all of the earlier experiment, and with `resume` its searches as they were. */
function earlierOf(state: EngineState, from: string, resume: boolean): Earlier {
  const trials = [...state.trials.values()].filter(t => t.experiment === from)
  const done = trials.filter(t => t.state === 'success' || t.state === 'pruned')
  const searched: { [block: string]: string[] } = {}
  for (const { id, search } of state.experiments.get(from)?.plan.blocks ?? [])
    if (search && resume) searched[id] = trials.filter(t => t.block === id).map(t => t.id)
  return { finished: done.map(t => ({ block: t.block, variant: t.variant, trial: t.id })), searched }
}

/** `budget.trials=5` among the settings. */
function pick(settings: { readonly [key: string]: unknown }, prefix: string): { [key: string]: number } {
  const found = Object.entries(settings).filter(([key]) => key.startsWith(prefix))
  return Object.fromEntries(found.map(([key, v]) => [key.slice(prefix.length), Number(v)]))
}

function saved(time: number, attempt: string, number: number, step: number): Event {
  return {
    type: 'attempt-saved',
    time,
    attempt,
    checkpoint: { attempt, number, step, manifest: { kind: 'folder', files: [] } },
  }
}

function exitOf([kind, failure, ...message]: readonly string[]): Exit {
  if (kind !== 'failed') return { kind: kind as 'done' }
  return { kind, failure: { class: failure as FailureClass, message: message.join(' ') || 'boom', stack: null } }
}

const metricOf = (word: string | undefined): MetricValue | null => {
  if (word === undefined || word === 'none') return null
  return word.includes('nan') || word.includes('inf') ? (word as '.nan') : Number(word)
}

const value = (text: string): unknown => {
  if (text === 'true' || text === 'false') return text === 'true'
  return Number.isNaN(Number(text)) ? text : Number(text)
}

function blockOf(line: string): BlockSketch {
  const [id = '', ...words] = line.trim().split(/\s+/)
  const block: { [key: string]: unknown } = { id }
  const entries: { [kind: string]: { tag: string; n_trials?: number; params: { [name: string]: unknown } } } = {}
  for (const [key, v] of words.map(w => w.split('=', 2) as [string, string])) {
    const [kind = '', name] = key.split('.')
    if (name !== undefined)
      (entries[kind] as (typeof entries)[string]).params[name] = v.includes(',') ? v.split(',').map(value) : value(v)
    else if (key === 'search' || key === 'scheduler') block[key] = entries[key] = { tag: v, params: {} }
    else if (key === 'n_trials') Object.assign(entries.search ?? {}, { n_trials: Number(v) })
    else block[key] = key === 'after' ? v.split(',') : v === 'null' ? null : value(v)
  }
  return block as unknown as BlockSketch
}

function why(state: EngineState, id: string): string {
  const trial = state.trials.get(id)
  return trial ? `${id}: ${waitingReason(state, trial) ?? 'does not wait'}` : `${id}: no such trial`
}

/** Left out: times, and what a new row has that its plan says already. */
const QUIET = new Set([
  'kind',
  'id',
  'experiment',
  'block',
  'number',
  'variant_index',
  'params',
  'seed',
  'devices',
  'plan',
  'user',
  'name',
  'resources',
  'earlier',
  'index',
  'trial',
  'epoch',
  'environment',
  'created',
  'started',
  'ended',
  'assigned',
  'seen',
  'backends',
  'seq',
  'drawn',
  'since',
])

function describe(before: Row | undefined, after: Row): string[] {
  const was = (before ?? {}) as unknown as { readonly [key: string]: unknown }
  const words: string[] = []
  if (after.kind === 'journal') return before ? [] : [`journal ${keyOf(after)}: ${told(after)}`]
  for (const [key, now] of Object.entries(after)) {
    if (QUIET.has(key) || JSON.stringify(was[key]) === JSON.stringify(now)) continue
    if (before === undefined && QUIET_WHEN_NEW.has(JSON.stringify(now))) continue
    if (key === 'state') words.unshift(before ? `${was[key]} -> ${now}` : `new, ${now}`)
    else words.push(`${key} ${show(now)}`)
  }
  return words.length > 0 ? [`${after.kind} ${keyOf(after)}: ${words.join(', ')}`] : []
}

function told({ kind: _k, experiment: _e, block: _b, seq: _s, what, ...rest }: JournalRow): string {
  const words = Object.entries(rest).map(([key, v]) => `${key} ${show(v)}`)
  return [what, ...words].join(' ')
}

const QUIET_WHEN_NEW = new Set(['null', '0', '{}', '[]', '"run"', 'true'])

function show(x: unknown): string {
  if (typeof x === 'string') return x
  if (Array.isArray(x)) return `[${x.map(show).join(' ')}]`
  if (x === null || typeof x !== 'object') return String(x)
  const o = x as { readonly [key: string]: unknown }
  if ('manifest' in o) return `#${o.number} of ${o.attempt} at step ${o.step}`
  if ('kept' in o) return `${o.trial}=${o.metric}${o.kept ? '*' : ''}`
  return `{${Object.entries(o)
    .filter(([, v]) => v !== null)
    .map(([k, v]) => `${k}: ${show(v)}`)
    .join(', ')}}`
}

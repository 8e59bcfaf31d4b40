/** Searches and schedulers under faults, and over restarts of the hub at any event: the simulator with seeded worlds. */
import { describe, expect, it } from 'vitest'
import { apply, type Change, decide, type EngineState, emptyState, FINAL, stateOf } from './index.ts'
import type { Failure, TrialRow } from './rows.ts'
import {
  type BlockSketch,
  random,
  rowsOf,
  type Script,
  type Simulated,
  simulate,
  sketch,
  sketchVariants,
} from './testing/index.ts'

const BOOM: Failure = { class: 'user-code', message: 'boom', stack: null }
const AGENTS = [
  { id: 'g1', cpu: 2, gpus: 0 },
  { id: 'g2', cpu: 3, gpus: 0 },
]

/** Better near 0.3; the same for the same assignment, on whichever machine. */
function script(trial: TrialRow): Script {
  const x = Object.values(trial.params).find(value => typeof value === 'number' && value < 1) as number | undefined
  const distance = Math.abs((x ?? 0.5) - 0.3)
  return { steps: 9, step: 4_000, save: 2, metric: step => 1 - distance - 0.2 / step, fails: () => null }
}

function fragile(trial: TrialRow): Script {
  const draw = random(trial.seed ^ 0x5bd1e995)
  const bad = draw.chance(0.2)
  const blind = draw.chance(0.1)
  const usual = script(trial)
  return {
    ...usual,
    metric: step => (blind && step > 2 ? '.nan' : usual.metric(step)),
    fails: (attempt, step) => (bad && attempt.epoch < 3 && step === 2 ? BOOM : null),
  }
}

const asha = (mode: string) => ({ tag: 'ASHA', params: { max_t: 9, grace: 1, factor: 3, mode } })
const SEARCHES: { readonly [name: string]: Pick<BlockSketch, 'search' | 'scheduler'> } = {
  'ASHA + TPE': { search: { tag: 'TPE', n_trials: 14, params: { startup: 4 } }, scheduler: asha('stop') },
  'promoting ASHA + TPE': { search: { tag: 'TPE', n_trials: 14, params: { startup: 4 } }, scheduler: asha('promote') },
  'HyperBand + Random': {
    search: { tag: 'Random', n_trials: 14 },
    scheduler: { tag: 'HyperBand', params: { max_t: 9 } },
  },
  'synchronous HyperBand + Sobol': {
    search: { tag: 'Sobol', n_trials: 14 },
    scheduler: { tag: 'SyncHyperBand', params: { max_t: 9 } },
  },
  'PBT + Random': {
    search: { tag: 'Random', n_trials: 6 },
    scheduler: { tag: 'PBT', params: { interval: 2, max_t: 9 } },
  },
  'Replay + Random': {
    search: { tag: 'Random', n_trials: 3 },
    scheduler: {
      tag: 'Replay',
      params: {
        max_t: 9,
        schedule: [
          { step: 3, params: { x: 0.5 } },
          { step: 6, params: { x: 0.25 } },
        ],
      },
    },
  },
  'median rule, at most 2 at a time': {
    search: { tag: 'Random', n_trials: 12, params: { max_concurrent: 2 } },
    scheduler: { tag: 'MedianStopping', params: {} },
  },
}

/** What happens in runs of these, or they would show nothing. */
const WHAT: { readonly [tag: string]: string } = {
  ASHA: 'pruned',
  HyperBand: 'pruned',
  SyncHyperBand: 'resumed',
  PBT: 'exploited',
  Replay: 'exploited',
  MedianStopping: 'pruned',
}

const pipeline = (searched: Pick<BlockSketch, 'search' | 'scheduler'>): BlockSketch[] => [
  { id: 'a', options: 2 },
  { id: 'b', after: ['a'], reduce: 2, ...searched },
  { id: 'c', after: ['b'], options: 2 },
]

interface Run {
  readonly seed: number
  readonly searched: Pick<BlockSketch, 'search' | 'scheduler'>
  readonly faults: boolean
  readonly settings?: Parameters<typeof sketch>[1]
}

const run = ({ seed, searched, faults, settings = {} }: Run): Simulated =>
  simulate({
    plans: [sketch(pipeline(searched), { stop_on_failure: false, ...settings }, seed)],
    agents: AGENTS,
    seed,
    script: faults ? fragile : script,
    faults: faults ? 20_000 : null,
    commands: faults ? 20_000 : null,
    until: 600_000,
    check: 3,
  })

describe.each(Object.entries(SEARCHES))('%s', (_name, searched) => {
  it('runs to its end, every trial counted once', () => {
    const { state, ended } = run({ seed: 1, searched, faults: false })
    expect(ended).not.toBeNull()
    expect(state.experiments.get('e1')).toMatchObject({ state: 'success', reason: null })
    const trials = [...state.trials.values()].filter(t => t.block === 'b')
    expect(trials.length).toBe(searched.search?.n_trials)
    for (const trial of trials) {
      expect(['success', 'pruned']).toContain(trial.state)
      if (trial.state === 'pruned') expect(trial.reason).toMatch(/^(stopped|diverged|the median|best)/i)
    }
    const kept = trials.filter(t => t.kept).map(t => t.id)
    expect(kept.length).toBe(2)
    const built = [...state.trials.values()].filter(t => t.block === 'c').map(t => t.ancestors.b)
    expect(built.sort()).toEqual([kept[0], kept[0], kept[1], kept[1]].sort())
  })

  it('comes to an end whatever is commanded, lost or broken (G12)', { timeout: 120_000 }, () => {
    for (let seed = 1; seed <= 25; seed++) {
      const settings = {
        stop_on_failure: seed % 3 === 0,
        max_failures: seed % 2,
        budget: { trials: seed % 5 === 0 ? 9 : null, hours: null },
      }
      const { state, ended } = run({ seed, searched, faults: true, settings })
      expect(ended, `seed ${seed}`).not.toBeNull()
      for (const experiment of state.experiments.values()) expect(FINAL.experiment(experiment.state)).toBe(true)
    }
  })

  it('decides the same when the hub is killed at any event and starts again from rows (G16, G17)', {
    timeout: 120_000,
  }, () => {
    const met = new Set<string>()
    for (let seed = 1; seed <= 8; seed++) {
      const { events, world, state } = run({ seed, searched, faults: seed > 3 })
      for (const { changes } of world.decisions)
        for (const row of changes) if (row.kind === 'journal') met.add(row.what)
      for (const trial of state.trials.values()) met.add(trial.state)
      const draw = random(seed)
      let live: EngineState = emptyState()
      events.forEach((event, i) => {
        live = stateOf(shuffled(JSON.parse(JSON.stringify(rowsOf(live))), draw.next))
        const decision = decide(live, event, sketchVariants)
        expect(JSON.stringify(decision), `seed ${seed}, event ${i}`).toBe(JSON.stringify(world.decisions[i]))
        apply(live, decision.changes)
      })
    }
    expect(met).toContain(WHAT[searched.scheduler?.tag ?? ''])
  })
})

it('runs a schedule again: each trial goes on from its own checkpoint with the values of each change', () => {
  const { state } = run({ seed: 2, searched: SEARCHES['Replay + Random'] ?? {}, faults: false })
  const trials = [...state.trials.values()].filter(t => t.block === 'b')
  expect(trials.length).toBe(3)
  for (const { id, schedule, drawn, step, state: ended } of trials) {
    expect([ended, step, drawn?.values['b.x']]).toEqual(['success', 9, 0.25])
    expect(schedule.map(({ params, donor }) => [params['b.x'], donor]).slice(1)).toEqual([
      [0.5, id],
      [0.25, id],
    ])
    // Saved at the end of the step in which it was told (not at its own times, 2, 4, 6): no step is run again.
    expect(schedule.map(s => s.step)).toEqual([0, 4, 7])
  }
})

it('a replayed schedule survives what is lost or broken: no value comes before its step (G11)', () => {
  const first: { readonly [value: string]: number } = { 0.5: 3, 0.25: 6 }
  let changed = 0
  for (let seed = 1; seed <= 60; seed++) {
    const { state } = run({ seed, searched: SEARCHES['Replay + Random'] ?? {}, faults: true })
    for (const { id, schedule } of state.trials.values()) {
      for (const { step, params } of schedule.slice(1)) {
        expect(step, `seed ${seed}, ${id}`).toBeGreaterThanOrEqual(first[String(params['b.x'])] ?? 0)
        changed++
      }
    }
  }
  expect(changed).toBeGreaterThan(100)
})

it('judges in the direction of the search, where that is not the one of the block', () => {
  const stopped = (mode: 'min' | 'max', params: { readonly mode?: string }): unknown[] => {
    const search = { tag: 'Random', n_trials: 14, params }
    const plan = sketch([{ id: 'b', mode, search, scheduler: asha('stop') }], {}, 4)
    const { state } = simulate({
      plans: [plan],
      agents: AGENTS,
      seed: 4,
      script,
      faults: null,
      commands: null,
      until: 600_000,
      check: 3,
    })
    return [...state.trials.values()].map(trial => [trial.number, trial.state, trial.step])
  }
  const minimized = stopped('min', {})
  expect(stopped('max', { mode: 'min' })).toEqual(minimized)
  expect(stopped('max', {})).not.toEqual(minimized)
})

it('proposes the same in every run of the same file and seed, whatever the timing, with Random (G17)', () => {
  const searched = { search: { tag: 'Random', n_trials: 8 } }
  const drawn = (faults: boolean): unknown[] => {
    const { state } = run({ seed: 5, searched, faults })
    return [...state.trials.values()].filter(t => t.block === 'b').map(t => t.drawn?.values['b.x'])
  }
  expect(drawn(true)).toEqual(drawn(false))
})

function shuffled(rows: Change[], next: () => number): Change[] {
  const out = [...rows]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[out[i], out[j]] = [out[j] as Change, out[i] as Change]
  }
  return out
}

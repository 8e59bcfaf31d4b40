/** Whole experiments under faults. These runs also pass `checkInvariants` all the way, or they throw. */
import { describe, expect, it } from 'vitest'
import { apply, type Change, decide, type EngineState, emptyState, FINAL, stateOf } from './index.ts'
import type { Failure, TrialRow } from './rows.ts'
import { random, rowsOf, type Script, type Simulated, simulate, sketch, sketchVariants } from './testing/index.ts'

const BOOM: Failure = { class: 'user-code', message: 'boom', stack: null }
const DISK: Failure = { class: 'infrastructure', message: 'disk full', stack: null }
const AGENTS = [
  { id: 'g1', cpu: 2, gpus: 0 },
  { id: 'g2', cpu: 3, gpus: 1 },
  { id: 'g3', cpu: 1, gpus: 2 },
]
const PIPELINE = [
  { id: 'data' },
  { id: 'train', after: ['data'], options: 6, reduce: 2, mode: 'min', gpu: null },
  { id: 'side', options: 3, cpu: 0.5 },
  { id: 'eval', after: ['train'], options: 2, reduce: 1 },
  { id: 'last', after: ['eval', 'side'], cpu: 2 },
] as const

/** Metrics are a function of variant and step alone, as training with a seed is. */
function script(trial: TrialRow): Script {
  const draw = random(trial.seed)
  const base = draw.next()
  return {
    steps: 3 + Math.floor(draw.next() * 10),
    step: 4_000,
    save: 2,
    metric: step => base / step,
    fails: () => null,
  }
}

/** Also fails: now and then by user code on the first attempt, now and then by the machine. */
function fragile(trial: TrialRow): Script {
  const draw = random(trial.seed ^ 0x5bd1e995)
  const bad = draw.chance(0.3)
  return {
    ...script(trial),
    fails: (attempt, step) => {
      if (bad && attempt.epoch === 1 && step === 2) return BOOM
      return random(trial.seed + attempt.epoch * 31 + step).chance(0.01) ? DISK : null
    },
  }
}

describe('an experiment under faults', () => {
  it('ends with the same rankings and metrics as one that ran undisturbed (G10, G11, G16)', {
    timeout: 120_000,
  }, () => {
    const run = (seed: number, faults: number | null): Simulated =>
      simulate({ plans: [sketch(PIPELINE)], agents: AGENTS, seed, script, faults, commands: null, until: 3_600_000 })
    const quiet = outcome(run(1, null).state)
    expect(quiet).toContain('e1 success')
    let lost = 0
    let fenced = 0
    for (let seed = 1; seed <= 60; seed++) {
      const { state, ended, world } = run(seed, 20_000)
      expect(ended, `seed ${seed}`).not.toBeNull()
      expect(outcome(state), `seed ${seed}`).toBe(quiet)
      lost += [...state.attempts.values()].filter(a => a.failure !== null).length
      fenced += world.decisions.filter(d => d.refused === 'FENCED').length
    }
    // The faults were real: many attempts had to be made again, and some came back too late.
    expect(lost).toBeGreaterThan(100)
    expect(fenced).toBeGreaterThan(10)
  })

  it('comes to an end whatever is commanded, lost or broken, for 200 seeds (G12)', { timeout: 120_000 }, () => {
    for (let seed = 1; seed <= 200; seed++) {
      const draw = random(seed)
      const settings = {
        stop_on_failure: draw.chance(0.5),
        overlap: draw.pick(['blocks', 'none', 'trials'] as const),
        max_failures: draw.between(0, 2),
      }
      const plans = Array.from({ length: draw.between(1, 3) }, () => sketch(PIPELINE, settings, draw.between(1, 1e6)))
      const { state, ended } = simulate({
        plans,
        agents: AGENTS,
        seed,
        script: fragile,
        faults: 30_000,
        commands: 15_000,
        until: 600_000,
        check: 4,
      })
      expect(ended, `seed ${seed}: ${outcome(state)}`).not.toBeNull()
      for (const experiment of state.experiments.values()) expect(FINAL.experiment(experiment.state)).toBe(true)
    }
  })
})

describe('replay', () => {
  const { events, world, state } = simulate({
    plans: [sketch(PIPELINE), sketch(PIPELINE, { stop_on_failure: false })],
    agents: AGENTS,
    seed: 11,
    script: fragile,
    faults: 30_000,
    commands: 15_000,
    until: 600_000,
  })

  it('gives the same bytes from the same events (G17)', () => {
    const again = emptyState()
    const bytes = events.map(event => {
      const decision = decide(again, event, sketchVariants)
      apply(again, decision.changes)
      return JSON.stringify(decision)
    })
    expect(events.length).toBeGreaterThan(300)
    expect(bytes).toEqual(world.decisions.map(d => JSON.stringify(d)))
  })

  it('gives the same bytes when the hub starts again between any two events, from rows in any order (G16)', () => {
    const draw = random(3)
    let live: EngineState = emptyState()
    events.forEach((event, i) => {
      if (i % 7 === 0) live = stateOf(shuffled(JSON.parse(JSON.stringify(rowsOf(live))), draw.next))
      const decision = decide(live, event, sketchVariants)
      expect(JSON.stringify(decision)).toBe(JSON.stringify(world.decisions[i]))
      apply(live, decision.changes)
    })
    expect(live.trials.size).toBe(state.trials.size)
  })

  it('leaves the state alone until `apply`', () => {
    const live = emptyState()
    for (const event of events) {
      const before = rowsOf(live)
      const index = JSON.stringify([live.index.order, live.index.open, live.index.agents])
      const decision = decide(live, event, sketchVariants)
      expect(rowsOf(live)).toEqual(before)
      expect(JSON.stringify([live.index.order, live.index.open, live.index.agents])).toBe(index)
      apply(live, decision.changes)
    }
  })
})

/** States, metrics and rankings: what a person would call the result. */
function outcome(state: EngineState): string {
  const lines: string[] = []
  for (const e of state.experiments.values()) lines.push(`${e.id} ${e.state}`)
  for (const [key, b] of state.blocks) lines.push(`${key} ${b.state} ${JSON.stringify(b.ranking)}`)
  for (const t of state.trials.values())
    lines.push(`${t.id} ${t.state} ${t.step} ${t.metric} ${t.best}@${t.best_step} ${t.checkpoint?.step}`)
  return lines.sort().join('\n')
}

function shuffled(rows: Change[], next: () => number): Change[] {
  const out = [...rows]
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[out[i], out[j]] = [out[j] as Change, out[i] as Change]
  }
  return out
}

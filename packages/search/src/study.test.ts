// Ask and tell without a hub, and going on from a record.

import { describe, expect, it } from 'vitest'
import { canonical, type Json } from './json.ts'
import { createStudy, type Study, type StudyOptions } from './study.ts'

const options: StudyOptions = {
  space: { x: { kind: 'uniform', low: -1, high: 1 } },
  search: { tag: 'TPE', params: { n_trials: 40 } },
  scheduler: { tag: 'ASHA', params: { max_t: 9, grace: 1, mode: 'promote' } },
  mode: 'min',
  seed: 3,
}
const loss = (x: unknown, step: number) => (Number(x) - 0.5) ** 2 + 1 / step

function runAll(study: Study): Study {
  for (let trial = study.ask(); trial !== null; trial = study.ask()) {
    let { step } = trial
    do step++
    while (study.tell(trial.number, step, loss(trial.assignment.x, step)).kind === 'continue')
  }
  return study
}

describe('a study', () => {
  it('asks, is told, and ends with nobody waiting', () => {
    const study = runAll(createStudy(options))
    expect(study.done).toBe(true)
    expect(study.trials).toHaveLength(40)
    expect(study.trials.some(trial => trial.status === 'complete')).toBe(true)
    expect(study.trials.every(trial => trial.status === 'complete' || trial.status === 'stopped')).toBe(true)
    expect(study.best?.step).toBe(9)
    expect(study.best?.value).toBeLessThan(0.13)
  })

  it('judges in the direction of the search, where that has one of its own', () => {
    const rising: StudyOptions = {
      ...options,
      search: { tag: 'Random', params: { n_trials: 9, mode: 'max' } },
      scheduler: { tag: 'ASHA', params: { max_t: 9, grace: 1 } },
    }
    const study = createStudy(rising)
    const told = Array.from({ length: 9 }, (_, i) => {
      const trial = study.ask()
      return trial && study.tell(trial.number, 1, i).kind
    })
    expect(told).toEqual(Array.from({ length: 9 }, () => 'continue'))
  })

  it('goes on from its record after a crash as if nothing had happened (G16, G17)', () => {
    const whole = runAll(createStudy(options))
    for (const events of [1, 7, 60, whole.record.length]) {
      const record = JSON.parse(JSON.stringify(whole.record.slice(0, events)))
      const study = createStudy(options, record)
      for (const { number, status, assignment, reports } of [...study.trials]) {
        if (status !== 'running') continue
        for (
          let step = (reports.at(-1)?.step ?? 0) + 1;
          study.tell(number, step, loss(assignment.x, step)).kind === 'continue';
        )
          step++
      }
      expect(canonical(runAll(study).record as unknown as Json)).toBe(canonical(whole.record as unknown as Json))
    }
  })

  it('takes NaN for no value, and steps that were told before for nothing', () => {
    const study = createStudy({ ...options, scheduler: { tag: 'FIFO' } })
    const trial = study.ask()
    expect(trial?.number).toBe(1)
    expect(study.tell(1, 1, Number.NaN).kind).toBe('continue')
    expect(study.tell(1, 1, 0.5).kind).toBe('continue')
    study.end(1, 'failed')
    expect(study.trials[0]).toMatchObject({ status: 'failed', reports: [{ step: 1, value: null }] })
    expect(() => study.end(1)).toThrow('trial 1 is failed')
    expect(() => study.tell(2, 1, 0)).toThrow('there is no trial 2')
  })

  it('refuses a record of another search', () => {
    const { record } = runAll(createStudy(options))
    const other = { ...options, scheduler: { tag: 'FIFO', params: { max_t: 9 } } }
    expect(() => createStudy(other, record)).toThrow()
    expect(() => createStudy({ ...options, search: { tag: 'Sobold' } })).toThrow('did you mean Sobol?')
  })

  it('takes several objectives and constraints, and goes on from their record', () => {
    const params = { n_trials: 60, metric: ['loss', 'size'], mode: ['min', 'max'] }
    const several: StudyOptions = {
      space: { x: { kind: 'uniform', low: 0, high: 1 }, y: { kind: 'uniform', low: 0, high: 1 } },
      search: { tag: 'TPE', params },
      mode: 'min',
    }
    const run = (study: Study) => {
      for (let trial = study.ask(); trial !== null; trial = study.ask()) {
        const [x, y] = [Number(trial.assignment.x), Number(trial.assignment.y)]
        study.finish(trial.number, trial.number === 9 ? [0, Number.NaN] : [x + y, x - y], [x - 0.5])
      }
      return study
    }
    const whole = run(createStudy(several))
    // Both want a small y; x is what they trade.
    const points = whole.front.map(number => whole.trials[number - 1])
    expect(points.length).toBeGreaterThan(2)
    for (const a of points)
      for (const b of points)
        expect(Number(a?.assignment.x) < Number(b?.assignment.x)).toBe(
          Number(a?.reports[0]?.values?.[0]) < Number(b?.reports[0]?.values?.[0]),
        )
    expect(whole.front).not.toContain(9)
    const feasible = whole.trials.filter(({ assignment }) => Number(assignment.x) <= 0.5).length
    expect(feasible).toBeGreaterThan(40)
    const again = createStudy(several, JSON.parse(JSON.stringify(whole.record.slice(0, 60))))
    expect(canonical(run(again).record as unknown as Json)).toBe(canonical(whole.record as unknown as Json))
  })
})

// The cases for schedulers. Most run whole searches in virtual time: 60 trials on few and many slots, with values that are bad
// now and then and trials that fail; every call and answer is recorded, and held against a replay from the record.

import type { Scheduler, Verdict } from '../contract.ts'
import type { History, Result, TrialRecord } from '../history.ts'
import { canonical, type Json } from '../json.ts'
import { type Curves, type Driven, drive } from '../simulate/drive.ts'
import { type ContractCase, check, copy, same } from './check.ts'
import { goldenLoss } from './golden.ts'

export interface SchedulerCaseOptions {
  /** Where the scheduler ends a trial; absent: trials end by themselves. */
  readonly max_t?: number
  /** Trials that a run has; default 60. */
  readonly trials?: number
  /** What a bad value brings from which step on; default `stop` from step 1. */
  readonly bad?: { readonly from: number; readonly brings: 'stop' | 'ignore' | 'fail' }
}

/** `make` builds the scheduler for a metric to be minimised, over the assignment `{ x: number in 0 to 1 }` if it changes any. */
export function schedulerCases<State extends Json>(
  make: () => Scheduler<State>,
  options: SchedulerCaseOptions = {},
): ContractCase[] {
  const steps = (options.max_t ?? 27) + (options.max_t === undefined ? 0 : 3)
  const run = (slots: number, curves: Partial<Curves> = {}, calls: Call[] | null = null) => {
    const scheduler = recording(make(), calls)
    const whole: Curves = { steps, value: (trial, _assignment, step) => goldenLoss(trial, step), ...curves }
    const driven = drive({ search: sixty(options.trials ?? 60), scheduler, slots, curves: whole })
    return driven
  }
  const everyWay = (curves: Partial<Curves>, holds: (driven: Driven) => void) => {
    for (const slots of [1, 4, 100]) holds(run(slots, curves))
  }
  return [
    {
      name: 'replays its record to the same bytes, state through JSON, calls of next that gave nothing left out (G17)',
      run: () => {
        const calls: Call[] = []
        const driven = run(4, troubled, calls)
        const fresh = make()
        let state = fresh.initial
        for (const call of calls) {
          const { state: next, ...answer } = call.ask(fresh, state) as { state: State }
          same(canonical(answer as Json), call.answer)
          state = copy(next)
        }
        same(canonical(state), canonical(driven.state))
      },
    },
    {
      name: 'comes to the same state when its record is folded over the history of today',
      run: () => {
        const calls: Call[] = []
        const driven = run(4, troubled, calls)
        const today = driven.trials.map(trial => ({ ...trial, status: trial.status }))
        const fresh = make()
        let state = fresh.initial
        for (const call of calls) state = (call.ask(fresh, state, today) as { state: State }).state
        same(canonical(state), canonical(driven.state))
      },
    },
    {
      name: 'decides by the order of arrival alone: equal runs are equal',
      run: () => same(bytes(run(4)), bytes(run(4))),
    },
    {
      name: 'lets ties go on',
      run: () => {
        const ties = [0.5, 0.5, 0.5, 0.5].map((value, at) => ({ trial: 11 + at, step: 1, value }))
        check(!judged(make(), ties).includes('stop'), 'a tie was stopped')
      },
    },
    {
      name: 'is not moved by null reports of another trial',
      run: () => {
        const values = [0.5, null, 0.2, 0.9, 0.5, 0.1]
        const among = (trials: readonly number[]) =>
          answers(make(), trials, trial => values[trial - 11] ?? null).flatMap(answer =>
            answer.trial === 16 ? canonical(answer) : [],
          )
        same(String(among([11, 12, 13, 14, 15, 16])), String(among([11, 13, 14, 15, 16])))
      },
    },
    {
      name: 'answers a bad value, NaN and infinities alike, by its rule, and only from its first step on',
      run: () => {
        const { from, brings } = options.bad ?? { from: 1, brings: 'stop' }
        for (const value of [null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
          for (const step of [from - 1, from]) {
            if (step < 1) continue
            const scheduler = make()
            const { state, verdict } = scheduler.judge(scheduler.initial, { trial: 1, step, value }, [])
            const own = verdict.kind !== 'stop' ? 'ignore' : verdict.as === 'failed' ? 'fail' : (verdict.as ?? 'stop')
            const expected = step < from ? 'ignore' : brings
            check(own === expected, `${String(value)} at step ${step}: ${own}, not ${expected}`)
            same(canonical(state), canonical(scheduler.initial))
          }
      },
    },
    {
      name: 'takes NaN and either infinity for what null is, in whole runs',
      run: () => {
        const expected = bytes(run(4, troubled))
        for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
          same(bytes(run(4, { ...troubled, value: (...point) => troubled.value?.(...point) ?? value })), expected)
      },
    },
    {
      name: 'takes a lost trial for what a failed one is',
      run: () => {
        // One before its first report, and one that is the best of all after its second.
        const ends = [
          { trial: 11, step: 1 },
          { trial: 13, step: 3 },
        ]
        const over = (status: 'failed' | 'lost') =>
          canonical(answers(make(), [11, 12, 13, 14, 15], trial => (trial === 13 ? 0.01 : trial / 100), ends, status))
        same(over('lost'), over('failed'))
      },
    },
    {
      name: 'brings every trial to an end, with a reason for every stop',
      run: () => everyWay({}, ended),
    },
    {
      name: 'leaves nobody waiting for trials that fail, or for values that are missing',
      run: () => everyWay(troubled, ended),
    },
    {
      name: 'leaves nobody waiting when every trial fails',
      run: () => everyWay({ fails: () => true }, ended),
    },
    {
      name: 'leaves nobody waiting when failed trials are opened again',
      run: () => everyWay({ ...troubled, reopens: trial => trial % 2 === 0 }, ended),
    },
    {
      name: 'takes a history without one finite value',
      run: () => everyWay({ value: () => null }, ended),
    },
    {
      name: 'takes the end of a trial that never reported',
      run: () => {
        const scheduler = make()
        for (const status of ['failed', 'lost', 'complete'] as const) {
          const { state } = scheduler.ended(scheduler.initial, { trial: 3, status }, [])
          scheduler.judge(state, { trial: 1, step: 1, value: 0.5 }, [])
        }
      },
    },
    {
      name: 'lets a trial that is the best at every step run to its end',
      run: () => {
        const value: Curves['value'] = (trial, _, step) => goldenLoss(trial, step) * (trial === BEST ? 0.01 : 1)
        everyWay({ value }, ({ trials }) => {
          const best = trials[BEST - 1]
          check(best?.status === 'complete', `it was ${best?.status}: ${best?.reason}`)
        })
      },
    },
    ...(options.max_t === undefined ? [] : [atMaxT(options.max_t, everyWay)]),
  ]
}

const BEST = 7

function atMaxT(
  max_t: number,
  everyWay: (curves: Partial<Curves>, holds: (driven: Driven) => void) => void,
): ContractCase {
  return {
    name: 'ends every trial that reaches max_t there, as complete, and none beyond',
    run: () =>
      everyWay({}, ({ trials }) => {
        for (const { number, step, status } of trials) {
          check(step <= max_t, `trial ${number} went to ${step}`)
          check((step === max_t) === (status === 'complete'), `trial ${number} ended at ${step} as ${status}`)
        }
        check(
          trials.some(trial => trial.status === 'complete'),
          'nobody reached max_t',
        )
      }),
  }
}

/** The first and a fifth of the trials fail at some step, and a seventh of the values are missing. */
const troubled: Partial<Curves> = {
  value: (trial, _assignment, step) => ((trial * 31 + step * 17) % 7 === 0 ? null : goldenLoss(trial, step)),
  fails: (trial, step) => (trial % 5 === 0 && step === 1 + (trial % 9)) || (trial === 1 && step === 2),
}

function ended({ trials }: Driven): void {
  for (const { number, status, reason, step } of trials) {
    check(status !== 'paused', `trial ${number} waits for ever at ${step}`)
    check(
      status !== 'stopped' || (reason !== null && reason.length > 8),
      `trial ${number} was stopped without a reason`,
    )
  }
}

function sixty(trials: number) {
  return {
    initial: null,
    propose: (state: Json, { length }: History, n: number) => {
      const count = Math.min(n, trials - length)
      const variants = Array.from({ length: count }, (_, at) => ({ x: ((length + at) % 10) / 10 }))
      return { state, variants, done: length + count >= trials }
    },
  }
}

interface Call {
  /** Asks again, of the history as it stood, or of another. */
  readonly ask: <State extends Json>(scheduler: Scheduler<State>, state: State, history?: History) => Answer
  /** Its answer but the state, canonical. */
  readonly answer: string
}

type Answer = { readonly state: Json }
type Question = (scheduler: Scheduler, state: Json, history: History) => Answer

/** Notes every call that may change a state, with the history as it stood; a state that is changed in place throws. */
function recording<State extends Json>(scheduler: Scheduler<State>, calls: Call[] | null): Scheduler {
  const plain: Scheduler = scheduler
  const put = <Given extends Answer>(
    state: Json,
    history: History,
    question: (...to: Parameters<Question>) => Given,
  ) => {
    const answer = question(plain, frozen(state), history)
    const then = calls === null ? [] : history.map(record => ({ ...record, reports: [...record.reports] }))
    const ask: Call['ask'] = (to, own, today) => question(to as Scheduler, own, today ?? then)
    const note = () => {
      const { state: _state, ...rest } = answer
      calls?.push({ ask, answer: canonical(rest as Json) })
      return answer
    }
    return { answer, note }
  }
  return {
    initial: scheduler.initial,
    judge: (state, result, history) => put(state, history, (to, own, then) => to.judge(own, result, then)).note(),
    ended: (state, end, history) => put(state, history, (to, own, then) => to.ended(own, end, then)).note(),
    next: (state, history) => {
      const { answer, note } = put(state, history, (to, own, then) => to.next(own, then))
      if (answer.trial !== null || (answer.others ?? []).length > 0) return note()
      if (answer.state !== state) same(canonical(answer.state), canonical(state))
      return answer
    },
    closed: (state, history) => put(state, history, (to, own, then) => to.closed?.(own, then) ?? { state: own }).note(),
  }
}

/** Frozen to the ground; what is frozen already was frozen so. */
function frozen<T extends Json>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const part of Object.values(value)) frozen(part)
  return Object.freeze(value)
}

/** Reports of these trials in turn, step by step to the ninth, of those that go on; some end at the begin of a step. */
function answers<State extends Json>(
  scheduler: Scheduler<State>,
  trials: readonly number[],
  value: (trial: number) => number | null,
  ends: readonly { readonly trial: number; readonly step: number }[] = [],
  status: 'failed' | 'lost' = 'failed',
): { readonly trial: number; readonly step: number; readonly verdict: Verdict }[] {
  let state = scheduler.initial
  const going = new Set(trials)
  const given: { readonly trial: number; readonly step: number; readonly verdict: Verdict }[] = []
  const history: TrialRecord[] = Array.from({ length: Math.max(...trials) }, (_, at) => ({
    number: at + 1,
    status: 'running',
    assignment: { x: 0.5 },
    reports: [],
  }))
  for (let step = 1; step <= 9; step++) {
    for (const { trial } of ends.filter(end => end.step === step)) {
      if (!going.delete(trial)) continue
      state = copy(scheduler.ended(state, { trial, status }, history).state)
    }
    for (const trial of [...going]) {
      const record = history[trial - 1]
      if (record === undefined) continue
      const report = { step, value: value(trial) }
      history[trial - 1] = { ...record, reports: [...record.reports, report] }
      const { state: next, verdict } = scheduler.judge(state, { trial, ...report }, history)
      state = copy(next)
      given.push({ trial, step, verdict })
      if (verdict.kind === 'stop' || verdict.kind === 'pause') going.delete(trial)
    }
  }
  return given
}

function judged<State extends Json>(scheduler: Scheduler<State>, results: readonly Result[]): string[] {
  let state = scheduler.initial
  return results.map(result => {
    const answer = scheduler.judge(state, result, [])
    state = copy(answer.state)
    return answer.verdict.kind
  })
}

function bytes(driven: Driven): string {
  return canonical(driven as unknown as Json)
}

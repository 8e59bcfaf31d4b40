import { expect, it } from 'vitest'
import type { TrialView } from '../api/views.ts'
import { trialsCsv } from './export.ts'

it('writes one column for every parameter and every objective, with all digits', () => {
  const base = {
    experiment: 'e',
    block: 'train',
    variant: 'abc',
    state: 'success',
    reason: null,
    step: 3,
    metric: '.nan',
    metrics: null,
    best: 0.123456789,
    best_step: 2,
    kept: true,
    epoch: 1,
    failures: 0,
    held: null,
    reused_from: null,
    schedule: [],
    truncated: false,
    agent: 'box',
    backend: 'wasm',
    checkpoint: null,
    created: 0,
    started: null,
    ended: null,
  } as const
  const rows: TrialView[] = [
    { ...base, id: 'e.train.1', number: 1, params: { 'train.lr': 0.000123456789 } },
    { ...base, id: 'e.train.2', number: 2, params: { 'train.name': 'a,b' }, metrics: { size: 7, speed: '.inf' } },
  ]
  expect(trialsCsv(rows)).toBe(
    [
      'id,block,number,state,reason,train.lr,train.name,step,metric,metrics.size,metrics.speed,best,best_step,kept,agent,backend,epoch,failures,created,started,ended',
      'e.train.1,train,1,success,,0.000123456789,,3,.nan,,,0.123456789,2,true,box,wasm,1,0,1970-01-01T00:00:00.000Z,,',
      'e.train.2,train,2,success,,,"a,b",3,.nan,7,.inf,0.123456789,2,true,box,wasm,1,0,1970-01-01T00:00:00.000Z,,',
      '',
    ].join('\n'),
  )
})

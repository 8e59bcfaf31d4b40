import { createHash } from 'node:crypto'
import { frame, type Record } from '@flambe/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeAgent, type Folder } from '../testing/fake-agent.ts'
import { SMALL } from '../testing/files.ts'
import { eventually, type House, openHouse } from '../testing/house.ts'

let house: House
let agent: FakeAgent
let folder: Folder
let attempt: string
let experiment: string
let release: () => void

/** An agent whose first trial stands still before its first step, so that the test can speak for it. */
beforeEach(async () => {
  house = await openHouse()
  const gate = new Promise<void>(resolve => {
    release = resolve
  })
  const { token } = await house.api.agents.joinToken.mutate()
  agent = new FakeAgent({ url: house.url, token, cpu: 1, play: { steps: 1, before: () => gate } })
  await agent.connect()
  const answer = await house.api.experiments.submit.mutate({ text: SMALL, resources: {}, command: 'command-1' })
  if (!answer.ok) throw new Error('not submitted')
  experiment = answer.id
  folder = await eventually(() => [...agent.folders.values()].find(f => f.state === 'running'))
  attempt = folder.spec.attempt
})

afterEach(async () => {
  agent.close()
  await house.close()
})

const bytes = (...records: Record[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat(records.map(r => frame(Buffer.from(JSON.stringify(r))))))
const point = (step: number, value = step): Record => ({ t: 'points', time: 1, step, tags: ['loss'], values: [value] })
const result = (step: number, metric: number): Record => ({ t: 'result', time: 1, step, metric })
const append = (offset: number, data: Uint8Array<ArrayBuffer>, stream: 'records' | 'stdout' = 'records') =>
  agent.ask('append', { attempt, stream, offset, data })
const points = async () => {
  const { series } = await house.api.series.read.query({ trials: [folder.spec.trial], tags: ['loss'], points: 100 })
  return series[0]?.values ?? []
}

describe('records', () => {
  it('are acknowledged cumulatively, and a repeat is stored once (G2)', async () => {
    const data = bytes(point(1), result(1, 5))
    expect(await append(0, data)).toEqual({ ok: true, next: data.length })
    expect(await append(0, data)).toEqual({ ok: true, next: data.length })
    expect(await points()).toEqual([1])
  })

  it('are not taken after a gap: the answer is the offset that is expected (G3)', async () => {
    const data = bytes(point(1))
    expect(await append(1_000, data)).toEqual({ ok: true, next: 0 })
    expect(await points()).toEqual([])
  })

  it('that overlap are asked for again from where the hub stands', async () => {
    const first = bytes(point(1))
    const both = bytes(point(1), point(2))
    await append(0, first)
    expect(await append(0, both)).toEqual({ ok: true, next: first.length })
    expect(await append(first.length, bytes(point(2)))).toEqual({ ok: true, next: both.length })
    expect(await points()).toEqual([1, 2])
  })

  it('with other content at the same offset are a conflict (G2)', async () => {
    await append(0, bytes(point(1, 1)))
    expect(await append(0, bytes(point(1, 2)))).toMatchObject({ ok: false, refusal: { code: 'CONFLICT' } })
    expect(await points()).toEqual([1])
  })

  it('sent at once come out in order', async () => {
    const frames = Array.from({ length: 30 }, (_, i) => bytes(point(i + 1)))
    let offset = 0
    const sends = frames.map(data => {
      const at = offset
      offset += data.length
      return append(at, data)
    })
    expect((await Promise.all(sends)).at(-1)).toEqual({ ok: true, next: offset })
    expect(await points()).toEqual(frames.map((_, i) => i + 1))
  })

  it('that were damaged on their way are asked for again and leave nothing (G3)', async () => {
    const data = bytes(point(1))
    data[data.length - 1] = (data[data.length - 1] as number) ^ 1
    const again = { ok: false, refusal: { code: 'BUSY', after: 1_000 } }
    expect(await append(0, data)).toMatchObject(again)
    expect(await append(0, bytes(point(1)).slice(0, 5))).toMatchObject(again)
    expect(await append(0, bytes(point(1)))).toMatchObject({ ok: true })
  })

  it('that fit no kind are kept as an error of the attempt', async () => {
    const odd = new Uint8Array(Buffer.concat([frame(Buffer.from('{"t":"unheard"}')), frame(Buffer.from('not json'))]))
    expect(await append(0, odd)).toEqual({ ok: true, next: odd.length })
    const stored = await house.hub.services.store.records({ trial: folder.spec.trial, types: ['error'], limit: 10 })
    expect(stored.map(r => JSON.parse(r.json).message)).toEqual([
      expect.stringContaining('fits no kind'),
      expect.stringContaining('not JSON'),
    ])
  })

  it('with results move the trial, with NaN and infinities as they are', async () => {
    await append(0, bytes(result(1, 5), { t: 'result', time: 1, step: 2, metric: '.nan' }))
    const trial = await house.api.trials.get.query({ id: folder.spec.trial })
    expect([trial.step, trial.metric, trial.best, trial.best_step]).toEqual([2, '.nan', 5, 1])
  })
})

describe('output', () => {
  it('is taken with overlaps, and shown as it was written', async () => {
    const text = (s: string) => new Uint8Array(Buffer.from(s))
    expect(await append(0, text('one\n'), 'stdout')).toEqual({ ok: true, next: 4 })
    expect(await append(0, text('one\ntwo\n'), 'stdout')).toEqual({ ok: true, next: 8 })
    const window = await house.api.output.read.query({ attempt, stream: 'stdout', bytes: 100 })
    expect([window.text, window.size]).toEqual(['one\ntwo\n', 8])
  })
})

describe('the end of an attempt', () => {
  const ended = (records: number, stdout = 0) =>
    agent.ask('ended', {
      attempt,
      exit: { kind: 'done' },
      sizes: { records, stdout, stderr: 0 },
      dropped: { stdout: 3, stderr: 0 },
    })

  it('is refused until everything is there, with what the hub has (G3)', async () => {
    const data = bytes(result(1, 5))
    const refused = await ended(data.length, 4)
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'INCOMPLETE', after: 0 } })
    if (refused.ok) throw new Error('was taken')
    expect(JSON.parse(/\{.*\}/.exec(refused.refusal.message)?.[0] ?? '')).toEqual({ records: 0, stdout: 0, stderr: 0 })
    await append(0, data)
    await append(0, new Uint8Array(Buffer.from('out\n')), 'stdout')
    expect(await ended(data.length, 4)).toEqual({ ok: true })
    // The answer was lost: it is told again.
    expect(await ended(data.length, 4)).toEqual({ ok: true })
    expect((await house.api.trials.get.query({ id: folder.spec.trial })).state).toBe('success')
    expect((await house.api.output.read.query({ attempt, stream: 'stdout', bytes: 100 })).dropped).toBe(3)
    const { attempts } = await house.api.trials.get.query({ id: folder.spec.trial })
    expect(attempts.map(a => a.truncated)).toEqual([{ stdout: 3, stderr: 0 }])
  })

  it('with a failure of the user is retried, then final', async () => {
    const failure = { class: 'user-code' as const, message: 'it broke', stack: null }
    const end = (id: string) =>
      agent.ask('ended', {
        attempt: id,
        exit: { kind: 'failed', failure },
        sizes: { records: 0, stdout: 0, stderr: 0 },
        dropped: { stdout: 0, stderr: 0 },
      })
    await end(attempt)
    const again = await eventually(() =>
      [...agent.folders.values()].find(f => f.spec.trial === folder.spec.trial && f.spec.epoch === 2),
    )
    await end(again.spec.attempt)
    const trial = await house.api.trials.get.query({ id: folder.spec.trial })
    expect([trial.state, trial.failures]).toEqual(['failure', 2])
    expect(trial.attempts.map(a => a.failure?.message)).toEqual(['it broke', 'it broke'])
  })
})

describe('checkpoints', () => {
  const manifest = (content: string) => {
    const sha256 = createHash('sha256').update(content).digest('hex')
    return { kind: 'folder' as const, files: [{ path: 'w.bin', sha256, size: content.length }] }
  }

  it('are refused until their blobs are there, with the names of those that are missing (G20)', async () => {
    const message = { attempt, number: 1, step: 1, metric: null, manifest: manifest('weights') }
    expect(await agent.ask('saved', message)).toMatchObject({
      ok: false,
      refusal: { code: 'INCOMPLETE', message: expect.stringContaining(message.manifest.files[0]?.sha256 as string) },
    })
    await agent.upload(Buffer.from('weights'))
    expect(await agent.ask('saved', message)).toEqual({ ok: true })
    expect(await agent.ask('saved', message)).toEqual({ ok: true })
    const trial = await house.api.trials.get.query({ id: folder.spec.trial })
    expect(trial.checkpoint).toEqual({ number: 1, step: 1, bytes: 7 })
  })

  it('are uploaded in chunks that go on where they were cut (G21), and checked', async () => {
    const content = Buffer.alloc(3 * 1024 * 1024, 'x')
    const sha256 = createHash('sha256').update(content).digest('hex')
    const size = content.length
    const chunk = (offset: number) =>
      agent.put('blob-chunk', { sha256, offset, data: new Uint8Array(content.subarray(offset, offset + 1024 * 1024)) })
    await agent.put('blob-begin', { sha256, size })
    expect(await chunk(0)).toEqual({ ok: true, next: 1024 * 1024 })
    agent.uploads?.disconnect()
    const begun = await agent.put('blob-begin', { sha256, size })
    expect(begun).toEqual({ ok: true, offset: 1024 * 1024 })
    expect(await agent.put('blob-end', { sha256, size })).toMatchObject({ ok: false, refusal: { code: 'INCOMPLETE' } })
    await chunk(1024 * 1024)
    await chunk(2 * 1024 * 1024)
    expect(await agent.put('blob-end', { sha256, size })).toEqual({ ok: true })

    const wrong = 'f'.repeat(64)
    await agent.put('blob-begin', { sha256: wrong, size: 3 })
    await agent.put('blob-chunk', { sha256: wrong, offset: 0, data: new Uint8Array([1, 2, 3]) })
    expect(await agent.put('blob-end', { sha256: wrong, size: 3 })).toMatchObject({
      ok: false,
      refusal: { code: 'CONFLICT' },
    })
  })
})

describe('attempts of others', () => {
  it('are refused, and unknown ones too (S8)', async () => {
    const { token } = await house.api.agents.joinToken.mutate()
    const other = new FakeAgent({ url: house.url, token, name: 'other' })
    await other.connect()
    const message = { attempt, stream: 'records' as const, offset: 0, data: bytes(point(1)) }
    expect(await other.ask('append', message)).toMatchObject({ ok: false, refusal: { code: 'FORBIDDEN' } })
    expect(await other.ask('accepted', { attempt: `${experiment}.a.99.1` })).toMatchObject({
      ok: false,
      refusal: { code: 'UNKNOWN' },
    })
    other.close()
  })

  it('are fenced once a newer one exists or the lease has ended (G7)', async () => {
    const { driver } = house.hub.services
    await driver.record({ type: 'agent-silent', agent: agent.id as string, state: 'lost' })
    expect(await append(0, bytes(point(1)))).toMatchObject({ ok: false, refusal: { code: 'FENCED' } })
    agent.cut()
    const hello = await agent.connect()
    expect(hello.fenced).toEqual([attempt])
    release()
    // The trial goes on under a new epoch.
    await eventually(() => [...agent.specs.values()].find(s => s.trial === folder.spec.trial && s.epoch === 2))
    expect(await append(0, bytes(point(1)))).toMatchObject({ ok: false, refusal: { code: 'FENCED' } })
  })
})

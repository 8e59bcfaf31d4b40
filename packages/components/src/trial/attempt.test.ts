import { createHash } from 'node:crypto'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { resolved } from './testing/experiment.ts'
import { type Attempt, goOn, makeAttempt, until } from './testing/folder.ts'
import './testing/parts.ts'

// Every test starts several processes; on a busy machine each takes seconds.
vi.setConfig({ testTimeout: 180_000 })

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-attempt-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const train = (more = '') => resolved(`t: !Train {net: !Net {width: 3}${more}}`, 't')
const attempt = (name: string, config = train(), ...rest: [object?, object?]) =>
  makeAttempt(join(dir, name), config, ...rest)
const run = (a: Attempt) => a.run().ended
const weights = (a: Attempt) =>
  readFileSync(join(a.state(a.checkpoints().at(-1)?.number ?? -1), 'net', 'state.tensors'))

describe('an attempt that goes well', () => {
  test('leaves results, points, checkpoints and "done", and exits with 0', async () => {
    const a = attempt('a', train(), { params: { 't.lr': 0.1 }, merge_plot: false })
    expect(await run(a)).toBe(0)
    expect(a.exit()).toEqual({ kind: 'done' })
    const records = a.records()
    expect(records[0]).toMatchObject({ t: 'start', environment: { backend: 'none', node: process.version } })
    expect(records[1]).toMatchObject({ t: 'hparams', values: { 't.lr': 0.1 } })
    const results = a.results()
    expect(results.map(([step]) => step)).toEqual([1, 2, 3])
    expect(records.filter(r => r.t === 'points')).toMatchObject(
      results.map(([step, metric]) => ({ step, tags: ['t sum'], values: [metric] })),
    )
    expect(a.output('stdout')).toBe('step 1\nstep 2\nstep 3\n')
    expect(JSON.parse(readFileSync(join(a.path, 'process.json'), 'utf8'))).toMatchObject({
      pid: expect.any(Number),
      start: expect.stringMatching(/^\d+$/),
    })
  })

  test('keeps the last checkpoints and the best, each with a manifest of what is on disk (G20)', async () => {
    const a = attempt('a', train(', steps: 6'), { mode: 'min', checkpoint: { steps: 2, seconds: 30, keep: 2 } })
    await run(a)
    const kept = a.checkpoints()
    // The sums grow, so that the first step was the best: 1 at the best, 2 and 3 by the policy, 4 at the end.
    expect(kept.map(c => [c.number, c.step, c.best])).toEqual([
      [1, 1, true],
      [3, 4, false],
      [4, 6, false],
    ])
    expect(a.records().flatMap(r => (r.t === 'checkpoint' ? [[r.number, r.step]] : []))).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
      [4, 6],
    ])
    for (const { number, manifest } of kept) {
      const files = readdirSync(a.state(number), { recursive: true, withFileTypes: true }).filter(e => e.isFile())
      expect(manifest.files).toHaveLength(files.length)
      for (const { path, sha256, size } of manifest.files) {
        const content = readFileSync(join(a.state(number), path))
        expect([createHash('sha256').update(content).digest('hex'), content.length]).toEqual([sha256, size])
      }
    }
  })

  test('the same seed gives the same results and weights, another seed others', async () => {
    const [a, b, c] = [attempt('a'), attempt('b'), attempt('c', train(), { seed: 8 })]
    for (const one of [a, b, c]) await run(one)
    expect(b.results()).toEqual(a.results())
    expect(b.checkpoints().at(-1)?.manifest).toEqual(a.checkpoints().at(-1)?.manifest)
    expect(c.results()).not.toEqual(a.results())
  })

  test('a component without a metric is one step; ancestors come from their checkpoints and are not run', async () => {
    const pipeline = 't: !Train {net: !Net {width: 3}}\nl: !Look {parts: [!@ t.net, !@ t.step]}'
    const a = attempt('a', resolved(pipeline, 't'))
    await run(a)
    const inputs = { t: a.state(a.checkpoints().at(-1)?.number ?? 0) }
    const b = attempt('b', resolved(pipeline, 'l'), {}, { inputs })
    expect(await run(b)).toBe(0)
    expect(b.results()).toEqual([[1, null]])
    const part = join(b.state(1), 'parts.0', 'state.tensors')
    expect(readFileSync(part)).toEqual(weights(a))
    expect(b.output('stdout')).toBe('')
  })
})

describe('wishes', () => {
  const endless = () => train(', steps: 1000000')
  const running = async (a: Attempt) => {
    const started = a.run()
    await until(() => a.results().length > 2)
    return started
  }

  test('pause ends after the running step with a checkpoint; what is resumed ends bit for bit as one that ran through (G11)', async () => {
    const whole = attempt('whole', train(', steps: 40'))
    await run(whole)
    // Paused before its first step, then killed and paused on the way: any number of times.
    const first = attempt('first', train(', steps: 40'))
    first.wish('pause')
    expect(await run(first)).toBe(0)
    expect([first.exit(), first.results()]).toEqual([{ kind: 'paused' }, []])
    const second = goOn(first, endless(), join(dir, 'second'), { checkpoint: { steps: 1, seconds: 30, keep: 2 } })
    const { child, ended } = await running(second)
    child.kill('SIGKILL')
    expect(await ended).toBe('SIGKILL')
    expect(second.exit()).toBeNull()
    const at = second.checkpoints().at(-1)?.step ?? 0
    const third = goOn(second, train(`, steps: ${Math.max(40, at + 1)}`), join(dir, 'third'))
    expect(await run(third)).toBe(0)
    const expected = attempt('expected', train(`, steps: ${Math.max(40, at + 1)}`))
    await run(expected)
    expect(third.exit()).toEqual({ kind: 'done' })
    expect(third.results()).toEqual(expected.results().slice(at))
    expect(second.results().slice(0, 3)).toEqual(expected.results().slice(0, 3))
    expect(weights(third)).toEqual(weights(expected))
    expect(weights(whole)).toHaveLength(weights(expected).length)
  })

  test.runIf(process.platform === 'linux')(
    'G5: a trial that runs has no connection to anything: its steps cannot wait for a hub or a network',
    async () => {
      const a = attempt('a', endless(), {}, { hub: 'http://127.0.0.1:9' })
      const { child, ended } = await running(a)
      expect(connectionsOf(child.pid ?? 0)).toEqual([])
      child.kill('SIGKILL')
      await ended
      // That it would be seen: this very process, connected to itself.
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      const socket = connect((server.address() as AddressInfo).port)
      await once(socket, 'connect')
      expect(connectionsOf(process.pid).length).toBeGreaterThan(0)
      socket.destroy()
      server.close()
    },
  )

  test('stop ends after the running step, with a checkpoint for later blocks', async () => {
    const a = attempt('a', endless())
    const { ended } = await running(a)
    a.wish('stop')
    expect(await ended).toBe(0)
    expect(a.exit()).toEqual({ kind: 'stopped' })
    expect(a.checkpoints().at(-1)?.step).toBe(a.results().at(-1)?.[0])
  })

  test('SIGTERM means stop, and stop beats an earlier pause', async () => {
    const a = attempt('a', endless())
    const { child, ended } = await running(a)
    child.kill('SIGTERM')
    await ended
    expect(a.exit()).toEqual({ kind: 'stopped' })
    const b = attempt('b', endless())
    b.wish('pause')
    b.wish('stop')
    await run(b)
    expect(b.exit()).toEqual({ kind: 'stopped' })
  })

  test('a checkpoint is taken once for a wish, and the trial goes on', async () => {
    const a = attempt('a', endless(), { mode: 'min' })
    const { ended } = await running(a)
    const before = a.checkpoints().length
    a.wish('checkpoint')
    await until(() => a.checkpoints().length > before)
    const { step = 0, number = 0 } = a.checkpoints().at(-1) ?? {}
    await until(() => (a.results().at(-1)?.[0] ?? 0) > step + 5)
    expect(a.checkpoints().at(-1)?.number).toBe(number)
    a.wish('stop')
    await ended
  })
})

describe('an attempt that goes wrong says how', () => {
  test.each([
    ['throw', 'user-code', 'no such luck'],
    ['reject', 'user-code', 'nobody waits for me'],
    ['exit', 'user-code', 'the code called process.exit(0)'],
    ['dry', 'user-code', 'it waits for something that never comes'],
    ['memory', 'out-of-memory', 'memory access out of bounds'],
    ['text', 'user-code', 'metric() of Train gave string'],
  ])('%s: %s', async (trouble, failure, message) => {
    const a = attempt('a', train(`, trouble: ${trouble}`))
    expect(await run(a)).toBe(1)
    expect(a.exit()).toMatchObject({
      kind: 'failed',
      failure: { class: failure, message: expect.stringContaining(message) },
    })
    // What was reached before stays.
    expect(a.results().map(([step]) => step)).toEqual([1])
    expect(a.output('stderr')).toContain(message)
  })

  test('a configuration that cannot be built is a configuration failure', async () => {
    const [block] = train()
    if (block === undefined) throw new Error('no block')
    const config = [
      { ...block, root: { ...block.root, args: [['nett', { kind: 'scalar' as const, value: 1 }] as const] } },
    ]
    const a = attempt('a', config)
    expect(await run(a)).toBe(1)
    expect(a.exit()).toMatchObject({
      failure: { class: 'configuration', message: expect.stringContaining('pipeline.t: !Train has no keyword') },
    })
  })

  test('a backend that the file names and the machine lacks is a configuration failure', async () => {
    const a = attempt('a', resolved('d: !Data {}', 'd'), { backend: 'tensorflow-gpu' })
    expect(await run(a)).toBe(1)
    expect(a.exit()).toMatchObject({
      failure: { class: 'configuration', message: expect.stringContaining('backend tensorflow-gpu on tester: ') },
    })
  })

  test('a folder without a readable spec is not the user’s fault', async () => {
    const a = attempt('a')
    writeFileSync(join(a.path, 'spec.json'), '{')
    expect(await run(a)).toBe(1)
    expect(a.exit()).toMatchObject({ failure: { class: 'infrastructure' } })
  })

  test('killed, it leaves no exit record, whole records and no torn checkpoint (G4, G20)', async () => {
    const a = attempt('a', train(', steps: 1000000'), { checkpoint: { steps: 1, seconds: 30, keep: 2 } })
    const { child, ended } = a.run()
    await until(() => a.checkpoints().length > 1)
    child.kill('SIGKILL')
    await ended
    expect(a.exit()).toBeNull()
    for (const { number, manifest } of a.checkpoints())
      for (const { path, size } of manifest.files) expect(statSync(join(a.state(number), path)).size).toBe(size)
    // Something torn, as a crash at a worse moment would leave it: not a checkpoint, and cleared away by the next process.
    mkdirSync(join(a.path, 'checkpoints', '.9.tmp', 'state'), { recursive: true })
    rmSync(join(a.path, 'process.json'))
    const again = a.run()
    await until(() => !existsSync(join(a.path, 'checkpoints', '.9.tmp')))
    again.child.kill('SIGKILL')
    await again.ended
    expect(a.records().filter(r => r.t === 'start')).toHaveLength(2)
  })

  test('of two processes over one folder exactly one runs', async () => {
    const a = attempt('a', train(', steps: 20'))
    const codes = await Promise.all([run(a), run(a), run(a)])
    expect(codes.sort()).toEqual([0, 75, 75])
    expect(a.results()).toHaveLength(20)
    expect(a.records().filter(r => r.t === 'start')).toHaveLength(1)
    expect(await run(a)).toBe(75)
    expect(a.exit()).toEqual({ kind: 'done' })
  })
})

/** Sockets of the internet that a process has open, by inode. */
function connectionsOf(pid: number): string[] {
  const inodes = new Set(
    ['tcp', 'tcp6', 'udp', 'udp6'].flatMap(table =>
      readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
        .split('\n')
        .slice(1)
        .map(line => line.trim().split(/\s+/)[9] ?? ''),
    ),
  )
  return readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
    const [, inode] = /^socket:\[(\d+)\]$/.exec(target(`/proc/${pid}/fd/${fd}`)) ?? []
    return inode !== undefined && inodes.has(inode) ? [inode] : []
  })
}

function target(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    return '' // closed since it was listed
  }
}

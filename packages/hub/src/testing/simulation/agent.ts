/**
 * A simulated agent: attempt folders that survive, trial processes that write into them whatever becomes of the agent, and the
 * agent itself, which ships what stands there by the protocol's rules: one batch in flight a stream, the cumulative ack, a
 * rewind at hello, `ended` when everything was taken.
 */
import type { Random } from '@flambe/engine/testing'
import { type Down, type Exit, frame, PROTOCOL_VERSION, type Record, type Refusal, type Spec } from '@flambe/protocol'
import type { Agenda } from './agenda.ts'
import type { Line } from './line.ts'

export interface Folder {
  readonly spec: Spec
  readonly bytes: { records: Buffer; stdout: Buffer }
  /** The machine lost power: the end of the files may be gone, and with it what the hub already has. */
  torn: boolean
  /** Told to the hub as durable so far; kept on disk now and then. */
  offsets: { records: number; stdout: number; stderr: number }
  /** The hub has more of them than this machine: its word stands, and nothing more is sent. */
  readonly stopped: Set<'records' | 'stdout'>
  process: { step: number; lives: boolean; saved: number }
  wish: 'run' | 'pause' | 'stop' | 'kill'
  exit: Exit | null
  state: 'preparing' | 'running' | 'ended'
  toTell: ('accepted' | 'started' | { readonly number: number; readonly step: number })[]
  told: boolean
}

export interface World {
  readonly agenda: Agenda
  readonly random: Random
  /** Opens a line; null while the hub is away. */
  dial(agent: SimAgent): Line | null
  wall(): number
  /** An acknowledgement reached the agent: what it says must be on the hub's disk. */
  acked(attempt: string, stream: 'records' | 'stdout', next: number): void
  /** Everything that was ever written, also in folders that are gone. */
  readonly written: Map<string, Folder>
}

type Answer = { ok: true; [key: string]: unknown } | { ok: false; refusal: Refusal }
const NOT_OURS = ['FENCED', 'UNKNOWN', 'FORBIDDEN']
const ANSWER = 20_000

export class SimAgent {
  readonly id: string
  readonly cpu: number
  readonly folders = new Map<string, Folder>()
  private readonly world: World
  private line: Line | null = null
  private ready = false
  private up = true
  /** Grows with each life of the agent and each connection: what belongs to an older one is ignored. */
  private life = 0
  private flying = new Set<string>()

  constructor(world: World, id: string, cpu: number) {
    this.world = world
    this.id = id
    this.cpu = cpu
  }

  start(): void {
    this.up = true
    this.connect()
    this.beat()
  }

  /** The agent's process dies; trial processes go on. */
  crash(): void {
    this.up = false
    this.lose()
    for (const folder of this.folders.values())
      if (this.world.random.chance(0.5)) this.moveTo(folder, { records: 0, stdout: 0, stderr: 0 })
  }

  /** The machine goes down: processes too, and what was not yet flushed. */
  powerLoss(): void {
    this.crash()
    for (const folder of this.folders.values()) {
      folder.process.lives = false
      if (folder.exit !== null) continue
      for (const stream of ['records', 'stdout'] as const) {
        const { length } = folder.bytes[stream]
        const kept = Math.max(0, length - this.world.random.between(0, 300))
        if (kept === length) continue
        folder.torn = true
        folder.bytes[stream] = folder.bytes[stream].subarray(0, stream === 'records' ? wholeFrames(folder, kept) : kept)
      }
      folder.exit = fail('agent-restarted', 'the machine restarted')
      folder.state = 'ended'
    }
  }

  killTrial(): boolean {
    const running = [...this.folders.values()].filter(f => f.process.lives && f.exit === null)
    if (running.length === 0) return false
    const folder = this.world.random.pick(running)
    folder.process.lives = false
    this.exits(folder, fail('infrastructure', 'killed'))
    return true
  }

  cut(): void {
    this.line?.cut()
  }

  /** The connection as such is gone at once, as when the hub died. */
  lose(): void {
    this.line?.cut()
    this.line = null
    this.ready = false
    this.life++
    this.flying = new Set()
  }

  private connect(): void {
    if (!this.up) return
    const { agenda, random } = this.world
    const line = this.world.dial(this)
    if (line === null) {
      const { life } = this
      agenda.after(random.between(500, 5_000), () => this.life === life && this.line === null && this.connect())
      return
    }
    this.life++
    this.line = line
    this.ready = false
    this.flying = new Set()
    const { life } = this
    this.ask('hello', this.hello(), answer => {
      if (this.life !== life) return
      if (answer === null) this.again()
      else if (!answer.ok) agenda.after(answer.refusal.after ?? 3_000, () => this.life === life && this.again())
      else {
        for (const [attempt, offsets] of Object.entries(answer.offsets as { [a: string]: Folder['offsets'] })) {
          const folder = this.folders.get(attempt)
          if (folder !== undefined) this.moveTo(folder, offsets)
        }
        for (const attempt of answer.fenced as string[]) this.drop(attempt)
        this.ready = true
        for (const folder of this.folders.values()) this.pump(folder)
      }
    })
  }

  private again(): void {
    this.lose()
    const { life } = this
    this.world.agenda.after(this.world.random.between(100, 5_000), () => this.life === life && this.connect())
  }

  /** The line noticed that it is gone. */
  gone(line: Line): void {
    if (this.line === line) this.again()
  }

  private beat(): void {
    const { agenda } = this.world
    if (!this.up) return
    if (this.ready)
      this.ask('heartbeat', { ...LOAD, clock: this.world.wall() }, answer => {
        if (answer === null) this.again()
      })
    const mine = this.beats
    agenda.after(9_000, () => mine === this.beats && this.beat())
  }
  private beats = 0
  restart(): void {
    this.beats++
    this.start()
  }

  /** `null`: no answer came in time. Answers to an older connection are lost. */
  private ask(event: string, message: object, done: (answer: Answer | null) => void): void {
    const { life, line } = this
    if (line === null) {
      done(null)
      return
    }
    let over = false
    const finish = (answer: Answer | null) => {
      if (over || this.life !== life) return
      over = true
      done(answer)
    }
    const cancel = this.world.agenda.after(ANSWER, () => finish(null))
    line.ask(event, message, value => {
      cancel()
      finish(value as Answer)
    })
  }

  private hello() {
    return {
      version: PROTOCOL_VERSION,
      build: null,
      name: this.id,
      agent: this.id,
      host: { hostname: this.id, platform: 'linux', arch: 'x64', node: 'v24.0.0', pid: 7 },
      devices: { cpu: this.cpu, memory: 1e9, gpus: [] },
      backends: [{ name: 'cpu', accepted: true, detail: '' }],
      labels: {},
      attempts: [...this.folders].map(([attempt, { state }]) => ({ attempt, state })),
    }
  }

  receive(event: string, message: never, ack: (value: unknown) => void): void {
    if (!this.up) return
    if (event === 'assign') this.assign(message as Down['assign'])
    else if (event === 'forget') this.drop((message as Down['forget']).attempt)
    else this.end(message as Down['end'])
    ack({ ok: true })
  }

  private assign({ attempt, spec }: Down['assign']): void {
    if (this.folders.has(attempt)) return
    const folder: Folder = {
      spec,
      bytes: { records: Buffer.alloc(0), stdout: Buffer.alloc(0) },
      torn: false,
      offsets: { records: 0, stdout: 0, stderr: 0 },
      stopped: new Set(),
      process: { step: spec.resume?.step ?? 0, lives: true, saved: spec.resume?.number ?? 0 },
      wish: 'run',
      exit: null,
      state: 'preparing',
      toTell: ['accepted'],
      told: false,
    }
    this.folders.set(attempt, folder)
    // A folder that comes again after it was forgotten writes the same: what the first wrote is what counts.
    if (!this.world.written.has(attempt)) this.world.written.set(attempt, folder)
    this.pump(folder)
    this.world.agenda.after(this.world.random.between(50, 1_500), () => this.begin(folder))
  }

  private end({ attempt, how }: Down['end']): void {
    const folder = this.folders.get(attempt)
    if (folder === undefined || folder.exit !== null) return
    folder.wish = how
    if (how === 'kill') {
      folder.process.lives = false
      this.exits(folder, { kind: 'stopped' })
    }
  }

  private begin(folder: Folder): void {
    if (!folder.process.lives || folder.exit !== null) return
    folder.state = 'running'
    folder.toTell.push('started')
    this.write(folder, [{ t: 'start', time: 1, environment: { backend: 'cpu' } }], '')
    this.next(folder)
  }

  private next(folder: Folder): void {
    const { agenda, random } = this.world
    const { process, spec } = folder
    const steps = 3 + (spec.seed % 5)
    if (process.step >= steps || folder.wish !== 'run') {
      this.exits(folder, { kind: process.step >= steps ? 'done' : folder.wish === 'pause' ? 'paused' : 'stopped' })
      return
    }
    agenda.after(random.between(300, 9_000), () => {
      if (!process.lives || folder.exit !== null) return
      process.step++
      const value = process.step + spec.trial_number / 100
      const { step } = process
      this.write(
        folder,
        [
          { t: 'points', time: step, step, tags: ['loss', 'rate'], values: [1 / step, value] },
          { t: 'result', time: step, step, metric: value },
        ],
        `${spec.attempt} step ${step}\n`,
      )
      if (step % 2 === 0) folder.toTell.push({ number: ++process.saved, step })
      this.next(folder)
    })
  }

  private exits(folder: Folder, exit: Exit): void {
    if (folder.exit !== null) return
    if (exit.kind !== 'failed') folder.toTell.push({ number: ++folder.process.saved, step: folder.process.step })
    folder.exit = exit
    folder.state = 'ended'
    folder.process.lives = false
    this.soon(folder)
  }

  private write(folder: Folder, records: readonly Record[], text: string): void {
    const frames = records.map(r => frame(Buffer.from(JSON.stringify(r))))
    folder.bytes.records = Buffer.concat([folder.bytes.records, ...frames])
    folder.bytes.stdout = Buffer.concat([folder.bytes.stdout, Buffer.from(text)])
    this.soon(folder)
  }

  /** The next flush. */
  private soon(folder: Folder): void {
    this.world.agenda.after(250, () => this.pump(folder))
  }

  private pump(folder: Folder): void {
    const { attempt } = folder.spec
    if (!this.ready || this.folders.get(attempt) !== folder) return
    this.tell(folder)
    for (const stream of ['records', 'stdout'] as const) this.ship(folder, stream)
    this.finish(folder)
  }

  private tell(folder: Folder): void {
    const { attempt } = folder.spec
    const what = folder.toTell[0]
    if (what === undefined) return
    const done = (answer: Answer) => {
      // A word that comes too late for the hub (it has ended the attempt) is no longer of interest.
      if (answer.ok || answer.refusal.after === undefined) folder.toTell.shift()
    }
    const manifest = { kind: 'folder', files: [] }
    if (what === 'accepted') this.once(folder, 'tell', 'accepted', { attempt }, done)
    else if (what === 'started') this.once(folder, 'tell', 'started', { attempt, pid: 1, environment: {} }, done)
    else this.once(folder, 'tell', 'saved', { attempt, ...what, metric: null, manifest }, done)
  }

  /** Two batches in flight, more than a real agent has: the second one overtakes the first now and then, and is a gap. */
  private ship(folder: Folder, stream: 'records' | 'stdout'): void {
    const from = folder.offsets[stream]
    const { length } = folder.bytes[stream]
    if (length <= from || folder.stopped.has(stream)) return
    const middle = stream === 'records' ? wholeFrames(folder, (from + length) >> 1) : (from + length) >> 1
    if (middle > from && this.batch(folder, stream, 'first', from, middle))
      this.batch(folder, stream, 'second', middle, length)
    else this.batch(folder, stream, 'first', from, length)
  }

  private batch(folder: Folder, stream: 'records' | 'stdout', place: string, offset: number, to: number): boolean {
    const { attempt } = folder.spec
    const data = new Uint8Array(folder.bytes[stream].subarray(offset, to))
    return this.once(folder, `${stream} ${place}`, 'append', { attempt, stream, offset, data }, answer => {
      if (!answer.ok) {
        // Other bytes under the same offset: nothing more of this stream is sent.
        if (answer.refusal.after === undefined) folder.stopped.add(stream)
        return
      }
      this.world.acked(attempt, stream, answer.next as number)
      this.moveTo(folder, { ...folder.offsets, [stream]: answer.next as number })
    })
  }

  /** Where a stream that was given up ends at the hub: bytes may still have been on their way. */
  private askWhere(folder: Folder, stream: 'records' | 'stdout'): void {
    const { attempt } = folder.spec
    const nothing = { attempt, stream, offset: 0, data: new Uint8Array(0) }
    this.once(folder, `where ${stream}`, 'append', nothing, answer => {
      if (answer.ok) folder.offsets = { ...folder.offsets, [stream]: answer.next as number }
    })
  }

  /** The hub's word stands, also where it has more than a machine that lost power. */
  private moveTo(folder: Folder, to: Folder['offsets']): void {
    const next = { ...to }
    for (const stream of ['records', 'stdout'] as const) {
      if (folder.stopped.has(stream)) next[stream] = folder.offsets[stream]
      else if (next[stream] > folder.bytes[stream].length) folder.stopped.add(stream)
    }
    folder.offsets = next
  }

  private finish(folder: Folder): void {
    const { exit, offsets, bytes, spec } = folder
    if (exit === null || folder.told || folder.toTell.length > 0) return
    const sent = (stream: 'records' | 'stdout') => folder.stopped.has(stream) || offsets[stream] >= bytes[stream].length
    const all = sent('records') && sent('stdout')
    // Now and then too early: the hub must not take it for the end (G3).
    if (!all && !this.world.random.chance(0.1)) return
    const sizes = all ? offsets : { records: bytes.records.length, stdout: bytes.stdout.length, stderr: 0 }
    const message = { attempt: spec.attempt, exit, sizes, dropped: { stdout: 0, stderr: 0 } }
    this.once(folder, 'ended', 'ended', message, answer => {
      if (answer.ok || answer.refusal.after === undefined) folder.told = true
      // The hub misses something: what it has is told with the first batch.
      else if (answer.refusal.code === 'INCOMPLETE') {
        this.moveTo(folder, { records: 0, stdout: 0, stderr: 0 })
        for (const stream of folder.stopped) this.askWhere(folder, stream)
      }
    })
  }

  /** One of a kind in flight for each attempt; then the pump goes on. */
  private once(folder: Folder, kind: string, event: string, message: object, done: (answer: Answer) => void): boolean {
    const { attempt } = folder.spec
    const key = `${attempt} ${kind}`
    if (this.flying.has(key)) return false
    this.flying.add(key)
    this.ask(event, message, answer => {
      this.flying.delete(key)
      if (this.folders.get(attempt) !== folder) return
      if (answer !== null && !answer.ok && NOT_OURS.includes(answer.refusal.code)) return this.drop(attempt)
      if (answer !== null) done(answer)
      const wait = answer !== null && !answer.ok ? (answer.refusal.after ?? 0) : 0
      if (wait > 0) this.world.agenda.after(wait, () => this.pump(folder))
      else this.pump(folder)
    })
    return true
  }

  private drop(attempt: string): void {
    const folder = this.folders.get(attempt)
    if (folder === undefined) return
    folder.process.lives = false
    this.folders.delete(attempt)
  }
}

const LOAD = { cpu: 0.5, memory: { used: 1, total: 2 }, disk: { free: 1, total: 2 }, gpus: [], backlog: 0 }

const fail = (of: 'infrastructure' | 'agent-restarted', message: string): Exit => ({
  kind: 'failed',
  failure: { class: of, message, stack: null },
})

function wholeFrames(folder: Folder, kept: number): number {
  const { records } = folder.bytes
  let at = 0
  while (at + 8 <= kept && at + 8 + records.readUInt32LE(at) <= kept) at += 8 + records.readUInt32LE(at)
  return at
}

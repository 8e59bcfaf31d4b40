/**
 * An agent without machines: speaks the real protocol over a real connection and plays trials from a script. What it has
 * written stands in memory like attempt folders do on disk, so that it can be cut off and come back.
 */
import { createHash } from 'node:crypto'
import {
  AGENT_PATH,
  type Answer,
  CAN_DESCRIBE,
  type Down,
  type Exit,
  frame,
  type Manifest,
  PROTOCOL_VERSION,
  type Record,
  type Spec,
  UPLOAD_PATH,
  type Up,
  type UpAnswer,
  type Upload,
  type UploadAnswer,
} from '@flambe/protocol'
import { io, type Socket } from 'socket.io-client'

export interface Play {
  readonly steps: number
  /** Metric of a step; by default one that grows with the step and differs between trials. */
  readonly metric?: (spec: Spec, step: number) => number
  readonly exit?: (spec: Spec) => Exit
  /** Saves after so many steps too; by default at the end only. */
  readonly save?: number
  /** Awaited before a step is reported: a test holds a trial in the middle here. */
  readonly before?: (spec: Spec, step: number) => Promise<void> | void
}

export interface Folder {
  readonly spec: Spec
  readonly streams: { records: Uint8Array; stdout: Uint8Array; stderr: Uint8Array }
  readonly sent: { records: number; stdout: number; stderr: number }
  state: 'preparing' | 'running' | 'ended'
  wish: 'run' | 'pause' | 'stop' | 'kill'
}

export class FakeAgent {
  readonly name: string
  readonly url: string
  readonly play: Play
  readonly cpu: number
  /** What it answers about extensions, null for nothing; absent: it is an agent of before them. */
  readonly describes: ((asked: Down['describe']) => Promise<Up['described']['result'] | null>) | undefined
  token: string
  id: string | null = null
  socket: Socket | null = null
  uploads: Socket | null = null
  readonly folders = new Map<string, Folder>()
  /** All that it was ever told to run. */
  readonly specs = new Map<string, Spec>()
  readonly forgotten: string[] = []
  readonly ends: { readonly attempt: string; readonly how: string }[] = []
  readonly problems: unknown[] = []
  /** What its trial processes say of themselves. */
  readonly environment = { backend: 'cpu', detail: 'plain', versions: { tfjs: '4' }, node: 'v24.0.0', host: 'machine' }
  /** Played trials that are not over. */
  readonly running = new Set<Promise<void>>()

  constructor(options: {
    readonly url: string
    readonly token: string
    readonly name?: string
    readonly cpu?: number
    readonly play?: Play
    readonly describes?: FakeAgent['describes']
  }) {
    this.url = options.url
    this.token = options.token
    this.name = options.name ?? 'one'
    this.cpu = options.cpu ?? 2
    this.play = options.play ?? { steps: 2 }
    this.describes = options.describes
  }

  /** Connects and says hello; throws what the hub refused with. */
  async connect(): Promise<UpAnswer['hello']> {
    const socket = io(this.url, {
      path: AGENT_PATH,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: give => give({ token: this.token }),
    })
    this.socket = socket
    await connected(socket)
    socket.on('assign', (message: { attempt: string; spec: Spec }, ack: (a: object) => void) => {
      ack({ ok: true })
      if (this.folders.has(message.attempt)) return
      this.specs.set(message.attempt, message.spec)
      const empty = () => ({ records: new Uint8Array(), stdout: new Uint8Array(), stderr: new Uint8Array() })
      const folder: Folder = {
        spec: message.spec,
        streams: empty(),
        sent: { records: 0, stdout: 0, stderr: 0 },
        state: 'preparing',
        wish: 'run',
      }
      this.folders.set(message.attempt, folder)
      const run = this.run(folder).catch(error => {
        this.problems.push(error)
      })
      this.running.add(run)
      void run.finally(() => this.running.delete(run))
    })
    socket.on('end', (message: { attempt: string; how: 'pause' | 'stop' | 'kill' }, ack: (a: object) => void) => {
      this.ends.push(message)
      const folder = this.folders.get(message.attempt)
      if (folder !== undefined) folder.wish = message.how
      ack({ ok: true })
    })
    socket.on('forget', (message: { attempt: string }, ack: (a: object) => void) => {
      this.forgotten.push(message.attempt)
      this.folders.delete(message.attempt)
      ack({ ok: true })
    })
    socket.on('describe', async (message: Down['describe'], ack: (a: object) => void) => {
      ack({ ok: true })
      const result = (await this.describes?.(message)) ?? null
      if (result !== null) await this.tell('described', { request: message.request, result })
    })
    const answer = await this.ask('hello', this.hello())
    if (!answer.ok) throw Object.assign(new Error(answer.refusal.message), { refusal: answer.refusal })
    this.id = answer.agent
    if (answer.token !== null) this.token = answer.token
    for (const [attempt, offsets] of Object.entries(answer.offsets))
      Object.assign(this.folders.get(attempt)?.sent ?? {}, offsets)
    for (const attempt of answer.fenced) this.folders.delete(attempt)
    return answer
  }

  hello(): Up['hello'] {
    return {
      version: PROTOCOL_VERSION,
      build: null,
      name: this.name,
      agent: this.id,
      host: { hostname: 'machine', platform: 'linux', arch: 'x64', node: 'v24.0.0', pid: 7 },
      devices: { cpu: this.cpu, memory: 8e9, gpus: [] },
      backends: [{ name: 'cpu', accepted: true, detail: '' }],
      labels: {},
      attempts: [...this.folders].map(([attempt, folder]) => ({ attempt, state: folder.state })),
      ...(this.describes === undefined ? {} : { can: [CAN_DESCRIBE] }),
    }
  }

  /** Cuts the connection without a word, as a network does. */
  cut(): void {
    this.socket?.io.engine?.close()
    this.uploads?.io.engine?.close()
    this.socket?.disconnect()
    this.uploads?.disconnect()
    this.uploads = null
  }

  close(): void {
    this.cut()
  }

  async ask<K extends keyof Up>(event: K, message: Up[K]): Promise<Answer<UpAnswer[K]>> {
    if (this.socket?.connected !== true) throw new Error('not connected')
    return (await this.socket.timeout(5_000).emitWithAck(event, message)) as Answer<UpAnswer[K]>
  }

  /** Asks until the hub has answered, over as many connections as it takes: what a real agent does. */
  async tell<K extends keyof Up>(event: K, message: Up[K]): Promise<Answer<UpAnswer[K]>> {
    for (;;) {
      try {
        const answer = await this.ask(event, message)
        if (answer.ok || answer.refusal.after === undefined) return answer
      } catch {
        // cut: whoever plays with this agent connects it again
      }
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }

  write(folder: Folder, records: readonly Record[]): void {
    const frames = records.map(r => frame(Buffer.from(JSON.stringify(r))))
    folder.streams.records = Buffer.concat([folder.streams.records, ...frames])
  }

  print(folder: Folder, text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    folder.streams[stream] = Buffer.concat([folder.streams[stream], Buffer.from(text)])
  }

  /** Sends what the hub has not yet. */
  async ship(folder: Folder): Promise<void> {
    for (const stream of ['records', 'stdout', 'stderr'] as const) {
      while (folder.sent[stream] < folder.streams[stream].length) {
        const offset = folder.sent[stream]
        const data = folder.streams[stream].subarray(offset)
        const answer = await this.tell('append', {
          attempt: folder.spec.attempt,
          stream,
          offset,
          data: new Uint8Array(data),
        })
        if (!answer.ok) throw Object.assign(new Error(answer.refusal.message), { refusal: answer.refusal })
        folder.sent[stream] = answer.next
      }
    }
  }

  async run(folder: Folder): Promise<void> {
    const { spec } = folder
    const { attempt } = spec
    await this.tell('accepted', { attempt })
    folder.state = 'running'
    await this.tell('started', { attempt, pid: 100, environment: { backend: 'auto' } })
    const from = spec.resume?.step ?? 0
    let step = from
    let number = spec.resume?.number ?? 0
    while (step < this.play.steps && folder.wish === 'run') {
      step++
      await this.play.before?.(spec, step)
      const metric = this.play.metric?.(spec, step) ?? spec.trial_number * 10 + step
      const time = 1_700_000_000_000 + step
      this.write(folder, [
        ...(step === from + 1 ? [{ t: 'start', time, environment: this.environment } as const] : []),
        { t: 'points', time, step, tags: ['loss', 'accuracy'], values: [1 / step, metric] },
        { t: 'result', time, step, metric },
      ])
      this.print(folder, `step ${step}\n`)
      await this.ship(folder)
      if (step % (this.play.save ?? Number.POSITIVE_INFINITY) === 0) await this.save(folder, ++number, step)
    }
    if (folder.wish === 'kill') return
    await this.save(folder, number + 1, step)
    const wished = { run: 'done', pause: 'paused', stop: 'stopped', kill: 'stopped' } as const
    const exit = this.play.exit?.(spec) ?? { kind: wished[folder.wish] }
    folder.state = 'ended'
    const sizes = {
      records: folder.streams.records.length,
      stdout: folder.streams.stdout.length,
      stderr: folder.streams.stderr.length,
    }
    const answer = await this.tell('ended', { attempt, exit, sizes, dropped: { stdout: 0, stderr: 0 } })
    if (!answer.ok) throw Object.assign(new Error(answer.refusal.message), { refusal: answer.refusal })
  }

  async save(folder: Folder, number: number, step: number): Promise<Manifest> {
    const bytes = Buffer.from(`weights of ${folder.spec.trial} at ${step}`)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await this.upload(bytes)
    const manifest: Manifest = { kind: 'folder', files: [{ path: 'weights.bin', sha256, size: bytes.length }] }
    const answer = await this.tell('saved', { attempt: folder.spec.attempt, number, step, metric: null, manifest })
    if (!answer.ok) throw Object.assign(new Error(answer.refusal.message), { refusal: answer.refusal })
    return manifest
  }

  async upload(bytes: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    for (;;) {
      try {
        const begun = await this.put('blob-begin', { sha256, size: bytes.length })
        let offset = begun.ok ? begun.offset : 0
        while (offset < bytes.length) {
          const chunk = await this.put('blob-chunk', {
            sha256,
            offset,
            data: new Uint8Array(bytes.subarray(offset, offset + 1024 * 1024)),
          })
          if (!chunk.ok) throw new Error(chunk.refusal.message)
          offset = chunk.next
        }
        const ended = await this.put('blob-end', { sha256, size: bytes.length })
        if (!ended.ok) throw new Error(ended.refusal.message)
        return sha256
      } catch {
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    }
  }

  async put<K extends keyof Upload>(event: K, message: Upload[K]): Promise<Answer<UploadAnswer[K]>> {
    if (this.uploads?.connected !== true) {
      const socket = io(this.url, {
        path: UPLOAD_PATH,
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        auth: { token: this.token },
      })
      await connected(socket)
      this.uploads = socket
    }
    return (await this.uploads.timeout(5_000).emitWithAck(event, message)) as Answer<UploadAnswer[K]>
  }
}

/** Rejects also when the hub dies between the transport's opening and its answer: that is no `connect_error`. */
function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
    socket.once('disconnect', reason => reject(new Error(`not connected: ${reason}`)))
  })
}

/**
 * An agent that runs scripts instead of processes: it reports a metric a step, saves, fails where the script says. What it
 * has to tell waits in one queue, in order, and is resent until the hub has answered, as the protocol promises.
 */
import type { Action } from '../action.ts'
import type { Event, Exit } from '../event.ts'
import type { AttemptRow, CheckpointRef, Failure, MetricValue, TrialRow } from '../rows.ts'
import type { Clock } from './clock.ts'
import type { Random } from './random.ts'

/** What a trial would do on a quiet machine. */
export interface Script {
  readonly steps: number
  /** Virtual ms of a step. */
  readonly step: number
  /** Saves after so many steps, and always at the end. */
  readonly save: number
  metric(step: number): MetricValue | null
  /** Asked before each step; a failure ends the attempt there. */
  fails(attempt: AttemptRow, step: number): Failure | null
}

export interface Line {
  /** Delivers an event; the answer is what the engine said of it. */
  send(event: Event): { readonly refused: string | null }
  trial(id: string): TrialRow
  attempt(id: string): AttemptRow
}

interface Process {
  readonly trial: string
  readonly script: Script
  step: number
  saved: number
  wish: 'run' | 'pause' | 'stop'
  /** False once its exit was told, or the machine restarted. */
  lives: boolean
}

type Tell = { readonly attempt: string } & (
  | { readonly type: 'attempt-started' }
  | { readonly type: 'attempt-reported'; readonly step: number; readonly metric: MetricValue | null }
  | { readonly type: 'attempt-saved'; readonly checkpoint: CheckpointRef }
  | { readonly type: 'attempt-ended'; readonly exit: Exit }
)

export class FakeAgent {
  readonly id: string
  readonly cpu: number
  readonly gpus: number
  /** Last word from it, as the hub's sweeper sees it. */
  heard = 0
  online = false
  private readonly processes = new Map<string, Process>()
  private readonly outgoing: Tell[] = []
  private readonly clock: Clock
  private readonly random: Random
  private readonly line: Line
  private readonly script: (trial: TrialRow) => Script
  private sending = false

  constructor(
    about: { readonly id: string; readonly cpu: number; readonly gpus: number },
    around: { readonly clock: Clock; readonly random: Random; readonly line: Line; script(trial: TrialRow): Script },
  ) {
    this.id = about.id
    this.cpu = about.cpu
    this.gpus = about.gpus
    this.clock = around.clock
    this.random = around.random
    this.line = around.line
    this.script = around.script
  }

  connect(): void {
    this.online = true
    this.heard = this.clock.now()
    this.line.send({
      type: 'agent-connected',
      time: this.clock.now(),
      agent: this.id,
      name: this.id,
      cpu: this.cpu,
      gpus: Array.from({ length: this.gpus }, (_, index) => ({ index, name: 'X', memory: 1 })),
      backends: ['cpu'],
      attempts: [...this.processes.keys()],
    })
    this.flush()
  }

  disconnect(): void {
    this.online = false
  }

  /** The machine goes down: processes and what was not told are gone. */
  crash(): void {
    this.online = false
    for (const process of this.processes.values()) process.lives = false
    this.processes.clear()
    this.outgoing.length = 0
  }

  /** An action of the hub arrives; it may be the second time. */
  receive(action: Action): void {
    const process = this.processes.get(action.attempt)
    if (action.type === 'forget') this.drop(action.attempt)
    else if (action.type === 'assign') {
      if (!process) this.start(action.attempt)
    } else if (action.how === 'kill') this.drop(action.attempt)
    else if (process && process.wish !== 'stop') process.wish = action.how
    // Not here (yet): the assignment was lost on its way, or forgotten. The hub finds out at the next hello.
  }

  private start(id: string): void {
    const trial = this.line.trial(this.line.attempt(id).trial)
    const from = trial.checkpoint
    const script = this.script(trial)
    const process: Process = {
      trial: trial.id,
      script,
      step: from?.step ?? 0,
      saved: from?.number ?? 0,
      wish: 'run',
      lives: true,
    }
    this.processes.set(id, process)
    this.clock.after(this.random.between(10, 500), () => {
      if (!process.lives) return
      this.tell({ type: 'attempt-started', attempt: id })
      this.next(id, process)
    })
  }

  private next(id: string, process: Process): void {
    const exit = this.exitNow(id, process)
    if (exit) {
      process.lives = false
      this.tell({ type: 'attempt-ended', attempt: id, exit })
      return
    }
    const { script } = process
    this.clock.after(script.step, () => {
      if (!process.lives) return
      process.step++
      this.tell({ type: 'attempt-reported', attempt: id, step: process.step, metric: script.metric(process.step) })
      if (process.step % script.save === 0 || process.step === script.steps) this.save(id, process)
      this.next(id, process)
    })
  }

  private exitNow(id: string, process: Process): Exit | null {
    if (process.step >= process.script.steps) return { kind: 'done' }
    if (process.wish !== 'run') {
      this.save(id, process)
      return { kind: process.wish === 'pause' ? 'paused' : 'stopped' }
    }
    const failure = process.script.fails(this.line.attempt(id), process.step + 1)
    return failure ? { kind: 'failed', failure } : null
  }

  private save(attempt: string, process: Process): void {
    const number = ++process.saved
    const checkpoint = { attempt, number, step: process.step, manifest: { kind: 'folder', files: [] } } as const
    this.tell({ type: 'attempt-saved', attempt, checkpoint })
  }

  private tell(what: Tell): void {
    this.outgoing.push(what)
    this.flush()
  }

  /** One message under way at a time; lost ones are sent again, so a message can arrive twice. */
  private flush(): void {
    if (this.sending || this.outgoing.length === 0) return
    this.sending = true
    this.clock.after(this.random.between(1, 200), () => {
      this.sending = false
      const what = this.outgoing[0]
      if (!what || !this.online) return
      const lost = this.random.chance(0.05)
      if (!lost) this.deliver(what)
      // The answer may get lost too: then the first stays in the queue and is told again.
      if (!lost && !this.random.chance(0.05) && this.outgoing[0] === what) this.outgoing.shift()
      this.flush()
    })
  }

  private deliver(what: Tell): void {
    this.heard = this.clock.now()
    const time = this.clock.now()
    const event: Event = what.type === 'attempt-started' ? { ...what, time, environment: {} } : { ...what, time }
    const { refused } = this.line.send(event)
    if (refused === 'FENCED') this.drop(what.attempt)
  }

  private drop(id: string): void {
    const process = this.processes.get(id)
    if (process) process.lives = false
    this.processes.delete(id)
    for (let i = this.outgoing.length - 1; i >= 0; i--) if (this.outgoing[i]?.attempt === id) this.outgoing.splice(i, 1)
  }
}

/**
 * What `flambe run` shows while it works: on a terminal a bar a block, redrawn in place; elsewhere a line a change; with
 * `--json` one JSON object a line. All three are told the same things.
 */
import { stripVTControlCharacters } from 'node:util'
import type { BlockView, ExperimentDetail, TrialView } from '@flambe/hub'
import { createLogUpdate } from 'log-update'
import pc from 'picocolors'
import { headline } from './reason.ts'
import { duration, shortMetric } from './values.ts'

export interface Progress {
  update(experiment: ExperimentDetail, changed: readonly TrialView[]): void
  /** A line that stays above the bars. */
  note(line: string): void
  end(): void
}

const DONE = ['success', 'pruned', 'failure', 'cancelled', 'masked'] as const
const doneOf = (b: BlockView) => DONE.reduce((n, s) => n + (b.trials[s] ?? 0), 0)

export function barProgress(stream: NodeJS.WriteStream): Progress {
  const log = createLogUpdate(stream)
  let shown: ExperimentDetail | null = null
  let over = false
  const draw = () => {
    if (shown !== null && !over) log(bars(shown, stream.columns ?? 80, Date.now()))
  }
  const timer = setInterval(draw, 500)
  return {
    update: experiment => {
      shown = experiment
      draw()
    },
    note: line => {
      if (!over) log.clear()
      stream.write(`${line}\n`)
      draw()
    },
    end: () => {
      if (over) return
      draw()
      over = true
      clearInterval(timer)
      log.done()
    },
  }
}

/** One line a block, no wider than the terminal: a line that wraps could not be redrawn in place. */
export function bars(experiment: ExperimentDetail, columns: number, now: number): string {
  const blocks = experiment.block_list
  const wide = Math.min(Math.max(...blocks.map(b => b.id.length)), Math.max(8, columns - 50))
  const all = blocks.map(b => facts(b, now))
  const told = Math.max(...all.map(parts => plain(parts.join('  ')).length))
  const room = Math.max(MIN_BAR, Math.min(MAX_BAR, columns - wide - told - 7))
  return blocks
    .map((b, i) => {
      const start = `${symbol(b.state)} ${cut(b.id, wide).padEnd(wide)}  ${bar(b, room)}`
      // What does not fit is left out from the end, the time first.
      const parts = [...(all[i] ?? [])]
      while (parts.length > 1 && plain(`${start}  ${parts.join('  ')}`).length >= columns) parts.pop()
      return `${start}  ${parts.join('  ')}`
    })
    .join('\n')
}

const MIN_BAR = 10
const MAX_BAR = 30
const plain = stripVTControlCharacters
const cut = (text: string, width: number) => (text.length > width ? `${text.slice(0, width - 1)}…` : text)

function bar(block: BlockView, width: number): string {
  const of = (...states: readonly (keyof BlockView['trials'])[]) =>
    states.reduce((n, s) => n + (block.trials[s] ?? 0), 0) / Math.max(1, block.count)
  let used = 0
  const part = (share: number, paint: (text: string) => string) => {
    // What has begun is seen, however small its share.
    const cells = Math.min(width - used, share > 0 ? Math.max(1, Math.round(share * width)) : 0)
    used += cells
    return cells > 0 ? paint('━'.repeat(cells)) : ''
  }
  return (
    part(of('success', 'pruned'), pc.green) +
    part(of('failure'), pc.red) +
    part(of('masked', 'cancelled'), pc.dim) +
    part(of('preparing', 'running', 'unreachable', 'stopping'), pc.cyan) +
    (used < width ? pc.dim('─'.repeat(width - used)) : '')
  )
}

function facts(block: BlockView, now: number): string[] {
  const parts = [`${doneOf(block)}/${block.count}`]
  for (const state of ['running', 'stopping', 'paused', 'unreachable', 'masked', 'cancelled'] as const)
    if ((block.trials[state] ?? 0) > 0) parts.push(`${block.trials[state]} ${state}`)
  if ((block.trials.failure ?? 0) > 0) parts.push(pc.red(`${block.trials.failure} failed`))
  if (block.best !== null) parts.push(`best ${shortMetric(block.best.metric)}`)
  if (block.started !== null) parts.push(pc.dim(duration((block.ended ?? now) - block.started)))
  return parts
}

function symbol(state: BlockView['state']): string {
  if (state === 'success') return pc.green('✓')
  if (state === 'failure') return pc.red('✗')
  if (state === 'running') return pc.cyan('●')
  if (state === 'masked' || state === 'cancelled') return pc.dim('⊘')
  return pc.dim('○')
}

export function lineProgress(say: (line: string) => void): Progress {
  const known = new Map<string, string>()
  const changed = (key: string, state: string) => {
    if (known.get(key) === state) return false
    known.set(key, state)
    return true
  }
  return {
    update: (experiment, trials) => {
      for (const t of trials)
        if (t.state !== 'pending' && t.state !== 'queued' && changed(t.id, t.state))
          say(
            `${t.block} ${t.number}: ${t.state}${t.metric === null ? '' : `, metric ${shortMetric(t.metric)}`}${t.reason === null ? '' : ` (${headline(t.reason)})`}`,
          )
      for (const b of experiment.block_list)
        if (b.state !== 'pending' && changed(b.id, b.state))
          say(`block ${b.id}: ${b.state}${b.reason === null ? '' : ` (${headline(b.reason)})`}`)
    },
    note: say,
    end: () => undefined,
  }
}

export function jsonProgress(say: (line: string) => void): Progress {
  const known = new Map<string, string>()
  const emit = (key: string, event: object) => {
    const line = JSON.stringify(event)
    if (known.get(key) === line) return
    known.set(key, line)
    say(line)
  }
  return {
    update: (experiment, trials) => {
      for (const t of trials) {
        const { id, block, number, state, reason, step, metric, best, agent, params } = t
        emit(`trial ${id}`, { event: 'trial', id, block, number, state, reason, step, metric, best, agent, params })
      }
      for (const b of experiment.block_list) {
        const { id, state, reason, count, trials: counts, ranking } = b
        if (state !== 'pending') emit(`block ${id}`, { event: 'block', id, state, reason, count, counts, ranking })
      }
    },
    note: () => undefined,
    end: () => undefined,
  }
}

/**
 * What `flambe run` shows while it works: on a terminal a bar a block, redrawn in place; elsewhere a line a change; with
 * `--json` one JSON object a line. All three are told the same things.
 */
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
  const draw = () => {
    if (shown !== null) log(bars(shown, stream.columns ?? 80))
  }
  const timer = setInterval(draw, 500)
  return {
    update: experiment => {
      shown = experiment
      draw()
    },
    note: line => {
      log.clear()
      stream.write(`${line}\n`)
      draw()
    },
    end: () => {
      clearInterval(timer)
      draw()
      log.done()
    },
  }
}

function bars(experiment: ExperimentDetail, columns: number): string {
  const wide = Math.max(...experiment.block_list.map(b => b.id.length))
  const room = Math.max(10, Math.min(30, columns - wide - 50))
  return experiment.block_list
    .map(b => `${symbol(b.state)} ${b.id.padEnd(wide)}  ${bar(b, room)}  ${facts(b)}`)
    .join('\n')
}

function bar(block: BlockView, width: number): string {
  const total = Math.max(1, block.count)
  const cells = (n: number) => Math.round((n / total) * width)
  const failed = cells(block.trials.failure ?? 0)
  const done = cells(doneOf(block)) - failed
  const running = Math.min(width - done - failed, Math.ceil(((block.trials.running ?? 0) / total) * width))
  return (
    pc.green('━'.repeat(Math.max(0, done))) +
    pc.red('━'.repeat(failed)) +
    pc.cyan('━'.repeat(Math.max(0, running))) +
    pc.dim('─'.repeat(Math.max(0, width - done - failed - running)))
  )
}

function facts(block: BlockView): string {
  const running = block.trials.running ?? 0
  const parts = [`${doneOf(block)}/${block.count}`]
  if (running > 0) parts.push(`${running} running`)
  if ((block.trials.masked ?? 0) > 0) parts.push(`${block.trials.masked} masked`)
  if ((block.trials.failure ?? 0) > 0) parts.push(pc.red(`${block.trials.failure} failed`))
  if (block.best !== null) parts.push(`best ${shortMetric(block.best.metric)}`)
  if (block.started !== null) parts.push(pc.dim(duration((block.ended ?? Date.now()) - block.started)))
  return parts.join('  ')
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

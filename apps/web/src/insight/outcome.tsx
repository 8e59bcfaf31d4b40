/** What became of a trial at a rung: its word, and its mark, told apart by shape first and colour second. */
import type { Outcome } from './rung-shape.ts'

export const OUTCOMES: readonly { readonly outcome: Outcome; readonly word: string; readonly meaning: string }[] = [
  { outcome: 'promoted', word: 'went on', meaning: 'got to the next rung' },
  { outcome: 'running', word: 'on its way', meaning: 'may go on; it has not got to the next rung yet' },
  { outcome: 'paused', word: 'paused', meaning: 'waits here for its scheduler, with a checkpoint' },
  { outcome: 'stopped', word: 'stopped', meaning: 'ended here by the scheduler' },
  { outcome: 'finished', word: 'finished', meaning: 'ran to its own end' },
  { outcome: 'failed', word: 'failed', meaning: 'failed or was cancelled' },
]

export const OUTCOME_COLORS: { readonly [O in Outcome]: string } = {
  promoted: 'var(--state-success)',
  running: 'var(--state-running)',
  paused: 'var(--state-paused)',
  stopped: 'var(--state-pruned)',
  finished: 'var(--state-success)',
  failed: 'var(--state-failure)',
}

export function Mark({ outcome, x, y }: { readonly outcome: Outcome; readonly x: number; readonly y: number }) {
  const color = OUTCOME_COLORS[outcome]
  switch (outcome) {
    case 'promoted':
      return <circle cx={x} cy={y} r={3.5} fill={color} />
    case 'finished':
      return <path d={`M${x} ${y - 4.8}l4.4 4.8l-4.4 4.8l-4.4 -4.8z`} fill={color} />
    case 'running':
      return <circle cx={x} cy={y} r={3.25} fill="var(--surface)" stroke={color} strokeWidth={2} />
    case 'paused':
      return <path d={`M${x - 2} ${y - 4}v8M${x + 2} ${y - 4}v8`} stroke={color} strokeWidth={2.25} />
    case 'stopped':
      return <path d={`M${x - 3} ${y - 3}l6 6m0 -6l-6 6`} stroke={color} strokeWidth={1.75} fill="none" />
    case 'failed':
      return (
        <path
          d={`M${x} ${y - 4}l4.5 8h-9z`}
          fill="var(--surface)"
          stroke={color}
          strokeWidth={1.75}
          strokeLinejoin="round"
        />
      )
  }
}

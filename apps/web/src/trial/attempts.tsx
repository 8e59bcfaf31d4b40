'use client'
/** Every attempt of a trial: where it ran, how it ended, and what went wrong, word by word. */
import { FileX2 } from 'lucide-react'
import type { AttemptView } from '../api/views.ts'
import { bytesText, cpuText } from '../format/number.ts'
import { plainText } from '../format/plain.ts'
import { Spent } from '../ui/clock.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Panel } from '../ui/panel.tsx'
import { StateBadge } from '../ui/state-badge.tsx'

const CLASSES: { readonly [C in NonNullable<AttemptView['failure']>['class']]: string } = {
  'user-code': 'the component or script failed; counts against max_failures',
  configuration: 'the configuration cannot work; not retried',
  'out-of-memory': 'out of memory; counts against max_failures',
  'agent-lost': 'its agent was out of contact for too long; retried',
  'agent-restarted': 'its process was gone when the agent came back; retried',
  hub: 'the hub ended it; retried',
  preempted: 'made room for another trial; retried',
  infrastructure: 'inputs, disk or network failed; retried',
  fenced: 'a newer attempt took over',
}

export function Attempts({ attempts }: { readonly attempts: readonly AttemptView[] }) {
  const shown = attempts.slice(-50).toReversed()
  return (
    <Panel flush title="Attempts" note={attempts.length > 0 ? String(attempts.length) : undefined}>
      {shown.length === 0 ? (
        <p className="px-3 py-2.5 text-muted">Not started yet.</p>
      ) : (
        <ol className="divide-y divide-line">
          {shown.map(attempt => (
            <li key={attempt.id} className="px-3 py-2 text-xs">
              <div className="flex items-center gap-x-3">
                <span className="nums font-semibold">{attempt.epoch}</span>
                <StateBadge state={attempt.state} />
                <span className="min-w-0 flex-1 truncate text-muted" title={`${attempt.agent_name} (${attempt.agent})`}>
                  on {attempt.agent_name}
                </span>
                <span className="nums shrink-0 text-muted">
                  {cpuText(attempt.slot.cpu)}
                  {attempt.slot.gpus.length > 0 && `, GPU ${attempt.slot.gpus.map(gpu => gpu.index).join(', ')}`} ·{' '}
                  <Spent row={attempt} />
                </span>
              </div>
              {attempt.truncated && (
                <p className="nums mt-1 flex items-start gap-1.5 text-warning">
                  <FileX2 aria-hidden className="mt-0.5 size-3 shrink-0" />
                  {cutText(attempt.truncated)}
                </p>
              )}
              {attempt.failure && (
                <details className="mt-1">
                  <summary className="truncate text-muted hover:text-ink">
                    <span className="font-semibold text-danger">{attempt.failure.class.replaceAll('-', ' ')}</span>{' '}
                    {firstLine(attempt.failure)}
                  </summary>
                  <FailureText failure={attempt.failure} />
                </details>
              )}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

export function FailureText({ failure }: { readonly failure: NonNullable<AttemptView['failure']> }) {
  const message = plainText(failure.message)
  const stack = failure.stack === null ? null : plainText(failure.stack)
  const text = stack ?? message
  // Stacks mostly repeat the message at their top.
  const repeats = stack?.includes(message) ?? false
  return (
    <div className="mt-1.5 text-xs">
      <div className="mb-1.5 flex items-start gap-2">
        <p className="min-w-0 flex-1 leading-6">
          <span className="font-semibold text-danger">{failure.class.replaceAll('-', ' ')}</span>{' '}
          <span className="text-faint">{CLASSES[failure.class]}</span>
        </p>
        <CopyButton text={text} label="Copy" className="size-6" />
      </div>
      <div className="rounded-md bg-sunken px-2.5 py-2">
        {!repeats && <p className="mb-1.5 break-words whitespace-pre-wrap">{message}</p>}
        {stack && (
          <pre className="max-h-72 overflow-auto text-2xs leading-4 break-words whitespace-pre-wrap">{stack}</pre>
        )}
      </div>
    </div>
  )
}

/** `4.0 MiB of stdout and 1.0 KiB of stderr were cut by the agent's limit` */
export function cutText({ stdout, stderr }: NonNullable<AttemptView['truncated']>): string {
  const parts = [
    ...(stdout > 0 ? [`${bytesText(stdout)} of stdout`] : []),
    ...(stderr > 0 ? [`${bytesText(stderr)} of stderr`] : []),
  ]
  return `${parts.join(' and ')} cut: more than the agent's limit of output`
}

function firstLine(failure: NonNullable<AttemptView['failure']>): string {
  return (
    plainText(failure.message)
      .split('\n')
      .find(line => line.trim() !== '') ?? ''
  )
}

'use client'
/** State, metric, step and time of a trial, where it came from, and what a person may do with it. */
import { Ban, Download, Pause, Play, RotateCcw } from 'lucide-react'
import Link from 'next/link'
import { commandId, errorText } from '../api/client.ts'
import { useWrite } from '../api/query.ts'
import type { TrialDetail } from '../api/views.ts'
import { cpuText, NOTHING, shareText } from '../format/number.ts'
import { plainText } from '../format/plain.ts'
import { Button, DownloadLink } from '../ui/button.tsx'
import { Spent } from '../ui/clock.tsx'
import { useConfirm } from '../ui/dialog.tsx'
import { Metric } from '../ui/metric.tsx'
import { Fact } from '../ui/panel.tsx'
import { isEnded } from '../ui/state.ts'
import { StateBadge } from '../ui/state-badge.tsx'
import { Swatch } from '../ui/swatch.tsx'
import { useToast } from '../ui/toast.tsx'

export function TrialHeader({ detail }: { readonly detail: TrialDetail }) {
  const ancestors = Object.entries(detail.ancestors)
  return (
    <header className="flex flex-col gap-3 border-b border-line bg-surface px-3 pt-3.5 pb-3 md:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 className="flex items-center gap-2.5 text-xl font-semibold tracking-tight">
          <Swatch number={detail.number} />
          <span className="truncate">{detail.block}</span>{' '}
          <span className="nums font-normal text-faint">#{detail.number}</span>
        </h1>
        <StateBadge state={detail.state} reason={detail.reason} className="text-sm" />
        {detail.kept !== null && (
          <span className="rounded-sm bg-sunken px-1.5 text-2xs leading-5 text-muted">
            {detail.kept ? 'kept by reduce' : 'not kept by reduce'}
          </span>
        )}
        <Actions detail={detail} />
      </div>
      {detail.reason && detail.state !== 'failure' && (
        <p className="max-w-4xl break-words text-muted">{plainText(detail.reason)}</p>
      )}
      <dl className="grid grid-cols-3 gap-x-6 gap-y-2 sm:flex sm:flex-wrap sm:gap-x-8">
        <Fact name={`Best (${detail.mode})`}>
          <Metric value={detail.best} className="text-base font-semibold" />
        </Fact>
        <Fact name="Last">
          <Metric value={detail.metric} className="text-base" />
        </Fact>
        {Object.entries(detail.metrics ?? {}).map(([tag, value]) => (
          <Fact key={tag} name={tag}>
            <Metric value={value} className="text-base" />
          </Fact>
        ))}
        <Fact name="Step">
          <span className="nums text-base">{detail.step}</span>
          {detail.best_step !== null && <span className="nums text-xs text-faint"> best at {detail.best_step}</span>}
        </Fact>
        <Fact name="Time">
          <Spent row={detail} />
        </Fact>
        <Fact name="Agent">
          <span className="truncate" title={detail.agent ?? undefined}>
            {detail.agent ?? NOTHING}
          </span>
        </Fact>
        <Fact name="Backend">
          <span className="mono">{detail.backend ?? NOTHING}</span>
        </Fact>
        <Fact name="Needs">
          {cpuText(detail.devices.cpu)}
          {detail.devices.gpu === null
            ? ', GPU if any'
            : detail.devices.gpu > 0 &&
              `, ${shareText(detail.devices.gpu)} ${detail.devices.gpu === 1 ? 'GPU' : 'GPUs'}`}
        </Fact>
        <Fact name="Seed">
          <span className="mono">{detail.seed}</span>
        </Fact>
        <Fact name="Variant">
          <span className="mono">{detail.variant}</span>
        </Fact>
        {ancestors.length > 0 && (
          <div className="col-span-3 min-w-0">
            <dt className="text-2xs text-faint">Builds on</dt>
            <dd className="flex flex-wrap gap-x-3">
              {ancestors.slice(0, 12).map(([block, trial]) => (
                <Link key={block} href={`/t/${encodeURIComponent(trial)}`} className="nums text-accent hover:underline">
                  {block} #{trial.split('.')[2] ?? '?'}
                </Link>
              ))}
            </dd>
          </div>
        )}
      </dl>
    </header>
  )
}

function Actions({ detail }: { readonly detail: TrialDetail }) {
  const toast = useToast()
  const [ask, dialog] = useConfirm()
  const command = useWrite('trials.command', ['trials.get'])
  const send = (what: 'pause' | 'resume' | 'cancel' | 'retry') =>
    command.mutate(
      { id: detail.id, command: what, command_id: commandId() },
      { onError: error => toast({ kind: 'error', text: errorText(error) }) },
    )
  const ended = isEnded(detail.state)
  const busy = command.isPending
  return (
    <div className="ml-auto flex items-center gap-1.5">
      {dialog}
      {detail.state === 'paused' && (
        <Button look="primary" icon={Play} disabled={busy} onClick={() => send('resume')}>
          Resume
        </Button>
      )}
      {!ended && detail.state !== 'paused' && (
        <Button
          icon={Pause}
          disabled={busy || detail.state === 'stopping'}
          title="Saves a checkpoint after the running step and gives the slot back"
          onClick={() => send('pause')}
        >
          Pause
        </Button>
      )}
      {(detail.state === 'failure' || detail.state === 'cancelled') && (
        <Button
          icon={RotateCcw}
          disabled={busy}
          title="A new attempt, from the newest checkpoint"
          onClick={() => send('retry')}
        >
          Retry
        </Button>
      )}
      {!ended && (
        <Button
          look="danger"
          icon={Ban}
          disabled={busy}
          onClick={() =>
            ask({
              title: `Cancel ${detail.block} #${detail.number}?`,
              text: 'This ends the trial for good after its running step. What it logged and saved is kept. To go on later, pause it instead.',
              action: 'Cancel the trial',
              run: () => send('cancel'),
            })
          }
        >
          Cancel
        </Button>
      )}
      <DownloadLink
        icon={Download}
        title="Parameters, result, points, output and the newest checkpoint, as a tar"
        href={`/api/experiments/${encodeURIComponent(detail.experiment)}/archive.tar?models=1&trial=${encodeURIComponent(detail.id)}`}
      >
        Download
      </DownloadLink>
    </div>
  )
}

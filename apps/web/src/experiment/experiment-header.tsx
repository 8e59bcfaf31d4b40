'use client'
/** Name, state, progress and time of an experiment, and what a person may do with it. */
import { Archive, ArchiveRestore, Ban, Download, Ellipsis, Pause, Play } from 'lucide-react'
import { commandId, errorText } from '../api/client.ts'
import { useWrite } from '../api/query.ts'
import type { ExperimentDetail } from '../api/views.ts'
import { countText, plural } from '../format/number.ts'
import { plainText } from '../format/plain.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { Ago, Spent } from '../ui/clock.tsx'
import { doneCount, runCount } from '../ui/counts.ts'
import { useConfirm } from '../ui/dialog.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { Metric } from '../ui/metric.tsx'
import { Fact } from '../ui/panel.tsx'
import { isEnded } from '../ui/state.ts'
import { CountsBar, StateBadge } from '../ui/state-badge.tsx'
import { useToast } from '../ui/toast.tsx'

export function ExperimentHeader({ detail }: { readonly detail: ExperimentDetail }) {
  const done = doneCount(detail.trials)
  // Later blocks make their trials when their turn comes; the plan knows them already.
  const total = runCount(
    detail.trials,
    Math.max(
      detail.trials_total,
      detail.block_list.reduce((sum, block) => sum + block.count, 0),
    ),
  )
  const masked = detail.trials.masked ?? 0
  const running = (detail.trials.running ?? 0) + (detail.trials.preparing ?? 0)
  return (
    <header className="flex flex-col gap-3 bg-surface px-3 pt-3.5 pb-3 md:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h1 title={detail.name} className="truncate text-xl font-semibold tracking-tight">
          {detail.name}
        </h1>
        <StateBadge state={detail.state} reason={detail.reason} className="text-sm" />
        {detail.archived && <span className="rounded-sm bg-sunken px-1.5 text-2xs leading-5 text-muted">archived</span>}
        {detail.tags.slice(0, 6).map(tag => (
          <span key={tag} className="max-w-40 truncate rounded-sm bg-sunken px-1.5 text-2xs leading-5 text-muted">
            {tag}
          </span>
        ))}
        <Actions detail={detail} />
      </div>
      {detail.reason && (
        <p className={cx('max-w-5xl break-words', detail.state === 'failure' ? 'text-danger' : 'text-muted')}>
          {plainText(detail.reason).replace(/:\s*$/, '')}
        </p>
      )}
      {detail.notes && (
        <p className="line-clamp-3 max-w-4xl break-words whitespace-pre-line text-muted">{detail.notes}</p>
      )}
      <dl className="grid grid-cols-2 items-start gap-x-6 gap-y-2 sm:flex sm:flex-wrap sm:gap-x-8">
        <div className="col-span-2 w-full sm:w-64">
          <dt className="mb-1.5 flex justify-between text-2xs text-faint">
            <span>Trials</span>
            <span className="nums text-muted">
              {countText(done)} of {countText(total)} done
              {running > 0 && `, ${countText(running)} running`}
              {masked > 0 && (
                <span title="Not run: an ancestor was not kept by reduce, or failed">, {countText(masked)} masked</span>
              )}
            </span>
          </dt>
          <dd>
            <CountsBar counts={detail.trials} total={total + masked} className="h-2" />
          </dd>
        </div>
        {detail.best && (
          <Fact name={`Best (${detail.best.mode}) of ${detail.best.block}`}>
            <Metric value={detail.best.metric} className="text-base font-semibold" />
          </Fact>
        )}
        <Fact name={detail.ended === null ? 'Running for' : 'Took'}>
          <Spent row={detail} />
        </Fact>
        <Fact name="Submitted">
          <Ago time={detail.created} /> <span className="text-faint">by</span> {detail.user}
        </Fact>
        <Fact name="Seed">
          <span className="mono">{detail.seed}</span>
        </Fact>
        <Fact name="Id">
          <span className="mono">{detail.id}</span>
        </Fact>
      </dl>
    </header>
  )
}

function Actions({ detail }: { readonly detail: ExperimentDetail }) {
  const toast = useToast()
  const [ask, dialog] = useConfirm()
  const command = useWrite('experiments.command', ['experiments.get', 'trials.list'])
  const archive = useWrite('experiments.archive', ['experiments.get', 'experiments.list'])
  const failed = (error: Error) => toast({ kind: 'error', text: errorText(error) })
  const send = (what: 'pause' | 'resume' | 'cancel') =>
    command.mutate({ id: detail.id, command: what, command_id: commandId() }, { onError: failed })
  const alive = detail.trials.running ?? 0
  const ended = isEnded(detail.state)
  const base = `/api/experiments/${encodeURIComponent(detail.id)}/archive.tar`
  return (
    <div className="ml-auto flex items-center gap-1.5">
      {dialog}
      {!ended &&
        (detail.state === 'paused' ? (
          <Button look="primary" icon={Play} disabled={command.isPending} onClick={() => send('resume')}>
            Resume
          </Button>
        ) : (
          <Button
            icon={Pause}
            disabled={command.isPending}
            title="Running trials save a checkpoint after their step and give their slot back"
            onClick={() => send('pause')}
          >
            Pause
          </Button>
        ))}
      {!ended && (
        <Button
          look="danger"
          icon={Ban}
          disabled={command.isPending}
          onClick={() =>
            ask({
              title: `Cancel ${detail.name}?`,
              text: `This ends the experiment for good: ${alive > 0 ? `${plural(alive, 'running trial')} will stop, and nothing` : 'nothing'} new will start. Results and checkpoints so far are kept. To go on later, pause it instead.`,
              action: 'Cancel the experiment',
              run: () => send('cancel'),
            })
          }
        >
          Cancel
        </Button>
      )}
      <Menu trigger={<IconButton label="More" icon={Ellipsis} />}>
        <MenuItem onSelect={() => window.location.assign(`${base}?models=0`)}>
          <Download aria-hidden className="size-4" /> Results (tar)
        </MenuItem>
        <MenuItem onSelect={() => window.location.assign(`${base}?models=1`)}>
          <Download aria-hidden className="size-4" /> Results with models (tar)
        </MenuItem>
        <MenuLine />
        <MenuItem onSelect={() => archive.mutate({ id: detail.id, archived: !detail.archived }, { onError: failed })}>
          {detail.archived ? (
            <ArchiveRestore aria-hidden className="size-4" />
          ) : (
            <Archive aria-hidden className="size-4" />
          )}
          {detail.archived ? 'Take out of the archive' : 'Archive'}
        </MenuItem>
      </Menu>
    </div>
  )
}

'use client'
/** What can be taken away: everything in one archive, the checkpoint of each trial, and the resources that went in. */
import { Download, FileInput } from 'lucide-react'
import Link from 'next/link'
import { errorText } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import type { ExperimentDetail } from '../api/views.ts'
import { bytesText, countText } from '../format/number.ts'
import { DownloadLink } from '../ui/button.tsx'
import { Metric } from '../ui/metric.tsx'
import { Failed, Panel, SkeletonRows } from '../ui/panel.tsx'
import { StateBadge } from '../ui/state-badge.tsx'
import { Swatch } from '../ui/swatch.tsx'

const MOST = 200

export default function FilesTab({ detail, ready }: { readonly detail: ExperimentDetail; readonly ready: boolean }) {
  const base = `/api/experiments/${encodeURIComponent(detail.id)}/archive.tar`
  const trials = useRead(
    'trials.list',
    { experiment: detail.id, offset: 0, limit: MOST },
    { enabled: ready, keep: true },
  )
  const saved = (trials.data?.items ?? []).filter(trial => trial.checkpoint !== null)
  return (
    <div className="grid gap-3 p-3 md:px-5 xl:grid-cols-2">
      <Panel title="Everything">
        <p className="mb-3 text-muted">
          One archive with the configuration, and for every trial its parameters, result, points and output; with or
          without the models of the newest checkpoints.
        </p>
        <div className="flex flex-wrap gap-2">
          <DownloadLink href={`${base}?models=0`} icon={Download} size="md">
            Results (tar)
          </DownloadLink>
          <DownloadLink href={`${base}?models=1`} icon={Download} size="md">
            With models (tar)
          </DownloadLink>
        </div>
      </Panel>
      <Panel flush title="Resources" note={countText(detail.resources.length)}>
        {detail.resources.length === 0 ? (
          <p className="px-3 py-2.5 text-muted">This experiment uses no files of its own.</p>
        ) : (
          <ul>
            {detail.resources.slice(0, 200).map(resource => (
              <li
                key={resource.name}
                className="flex h-8 items-center gap-2 border-b border-line px-3 text-xs last:border-b-0"
              >
                <FileInput aria-hidden className="size-3.5 shrink-0 text-faint" />
                <span className="font-medium">{resource.name}</span>
                <span className="mono min-w-0 flex-1 truncate text-muted" title={resource.location}>
                  {resource.location}
                </span>
                <span className="text-faint">{resource.kind}</span>
                {resource.bytes !== null && <span className="nums text-muted">{bytesText(resource.bytes)}</span>}
              </li>
            ))}
          </ul>
        )}
      </Panel>
      <Panel
        flush
        className="xl:col-span-2"
        title="Checkpoints"
        note={
          trials.data &&
          `${countText(saved.length)} of ${countText(trials.data.total)} trials have one${trials.data.total > MOST ? ` (first ${MOST} looked at)` : ''}`
        }
      >
        {trials.isError && !trials.data ? (
          <Failed text={errorText(trials.error)} retry={() => trials.refetch()} />
        ) : !trials.data ? (
          <SkeletonRows rows={4} />
        ) : saved.length === 0 ? (
          <p className="px-3 py-2.5 text-muted">
            No checkpoint is stored yet. Trials save at a new best, on pause, at the end, and every 30 s in between.
          </p>
        ) : (
          <table className="w-full table-fixed border-collapse text-xs">
            <thead className="text-faint">
              <tr className="h-7 border-b border-line">
                <th className="px-3 xl:w-64">Trial</th>
                <th className="w-36 px-2 max-sm:hidden">State</th>
                <th className="w-24 px-2 text-right">Best</th>
                <th className="w-20 px-2 text-right">Step</th>
                <th className="w-24 px-2 text-right max-sm:hidden">Size</th>
                <th className="w-12 px-3 xl:w-auto">
                  <span className="sr-only">Download</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {saved.map(trial => (
                <tr key={trial.id} className="relative h-8 border-b border-line last:border-b-0 hover:bg-hover">
                  <td className="px-3">
                    <Link
                      href={`/t/${encodeURIComponent(trial.id)}#files`}
                      prefetch={false}
                      className="nums flex items-center gap-2 font-medium after:absolute after:inset-0"
                    >
                      <Swatch number={trial.number} />
                      <span className="truncate">{trial.block}</span> <span className="text-faint">{trial.number}</span>
                    </Link>
                  </td>
                  <td className="px-2 max-sm:hidden">
                    <StateBadge state={trial.state} reason={trial.reason} />
                  </td>
                  <td className="px-2 text-right">
                    <Metric value={trial.best} />
                  </td>
                  <td className="nums px-2 text-right">{trial.checkpoint?.step}</td>
                  <td className="nums px-2 text-right text-muted max-sm:hidden">
                    {bytesText(trial.checkpoint?.bytes ?? 0)}
                  </td>
                  <td className="px-3 text-right">
                    <a
                      download
                      href={`${base}?models=1&trial=${encodeURIComponent(trial.id)}`}
                      aria-label={`Download ${trial.block} ${trial.number}`}
                      title="Parameters, result, points, output and the checkpoint, as a tar"
                      className="relative z-10 inline-flex size-6 items-center justify-center rounded-md text-faint hover:bg-hover hover:text-ink"
                    >
                      <Download aria-hidden className="size-3.5" />
                    </a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Panel>
    </div>
  )
}

'use client'
/** What a trial is made of: parameters, environment, files. All of it text. */
import { Download, File } from 'lucide-react'
import { errorText } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import type { AttemptView, TrialDetail } from '../api/views.ts'
import { bytesText, plural } from '../format/number.ts'
import { paramText } from '../format/param.ts'
import { CopyButton } from '../ui/copy.tsx'
import { Failed, Panel, SkeletonRows } from '../ui/panel.tsx'

const MOST = 200

export function ParamList({ trial }: { readonly trial: TrialDetail }) {
  const entries = Object.entries(trial.params)
  return (
    <Panel
      flush
      title="Parameters"
      note={entries.length > 0 ? String(entries.length) : undefined}
      actions={
        entries.length > 0 && (
          <CopyButton text={JSON.stringify(trial.params, null, 2)} label="Copy as JSON" className="size-6" />
        )
      }
    >
      {entries.length === 0 ? (
        <p className="px-3 py-2.5 text-muted">This block has no options: it runs once, as written.</p>
      ) : (
        <Rows rows={entries.slice(0, MOST).map(([key, value]) => [key, paramText(value)])} />
      )}
    </Panel>
  )
}

export function Environment({ attempt }: { readonly attempt: AttemptView | undefined }) {
  const rows = attempt?.environment ? flat(attempt.environment) : []
  return (
    <Panel flush title="Environment" note={attempt && rows.length > 0 ? `attempt ${attempt.epoch}` : undefined}>
      {rows.length === 0 ? (
        <p className="px-3 py-2.5 text-muted">The trial process tells it when it starts.</p>
      ) : (
        <Rows rows={rows.slice(0, MOST)} />
      )}
    </Panel>
  )
}

export function Files({ trial, ready }: { readonly trial: TrialDetail; readonly ready: boolean }) {
  const artifacts = useRead('artifacts.list', { trial: trial.id }, { enabled: ready })
  const files = artifacts.data?.files ?? []
  const base = `/api/trials/${encodeURIComponent(trial.id)}/files`
  return (
    <div id="files" className="scroll-mt-14">
      <Panel
        flush
        title="Checkpoint"
        note={
          artifacts.data?.checkpoint
            ? `step ${artifacts.data.checkpoint.step}, ${plural(files.length, 'file')}`
            : undefined
        }
      >
        {artifacts.isError && !artifacts.data ? (
          <Failed text={errorText(artifacts.error)} retry={() => artifacts.refetch()} />
        ) : !artifacts.data ? (
          <SkeletonRows rows={2} />
        ) : files.length === 0 ? (
          <p className="px-3 py-2.5 text-muted">None stored yet.</p>
        ) : (
          <ul className="max-h-80 overflow-y-auto">
            {files.slice(0, MOST).map(file => (
              <li key={file.path} className="border-b border-line last:border-b-0">
                <a
                  download
                  href={`${base}/${file.path.split('/').map(encodeURIComponent).join('/')}`}
                  title={`SHA-256 ${file.sha256}`}
                  className="flex h-8 items-center gap-2 px-3 text-xs hover:bg-hover"
                >
                  <File aria-hidden className="size-3.5 shrink-0 text-faint" />
                  <span className="mono min-w-0 flex-1 truncate">{file.path}</span>
                  <span className="nums text-muted">{bytesText(file.bytes)}</span>
                  <Download aria-label="Download" className="size-3.5 text-faint" />
                </a>
              </li>
            ))}
            {files.length > MOST && (
              <li className="px-3 py-2 text-xs text-faint">
                and {plural(files.length - MOST, 'more file')}: take the archive
              </li>
            )}
          </ul>
        )}
      </Panel>
    </div>
  )
}

function Rows({ rows }: { readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className="max-h-96 overflow-y-auto">
      {rows.map(([key, value]) => (
        <div
          key={key}
          className="flex min-h-7 items-baseline gap-3 border-b border-line px-3 py-1 text-xs last:border-b-0"
        >
          <dt className="max-w-[60%] shrink-0 break-words text-muted">{key}</dt>
          <dd className="mono ml-auto min-w-0 text-right break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function flat(value: NonNullable<AttemptView['environment']>, prefix = ''): (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, entry]) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? flat(entry as NonNullable<AttemptView['environment']>, `${prefix}${key}.`)
      : [[`${prefix}${key}`, paramText(entry)] as const],
  )
}

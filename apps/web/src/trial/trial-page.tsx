'use client'
/** One trial: how it goes, what it logs and prints, what it is made of. On phones the state, metric and output come first. */
import { SearchX } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useMemo, useState } from 'react'
import { errorCode, errorText } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import type { TrialDetail } from '../api/views.ts'
import { makeCrosshair } from '../chart/crosshair.ts'
import { useWatch } from '../live/live.tsx'
import { Page } from '../shell/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Slider, Tick } from '../ui/field.tsx'
import { Empty, Failed, Panel, SkeletonRows } from '../ui/panel.tsx'
import { useViewState } from '../ui/view-state.ts'
import { Attempts, FailureText } from './attempts.tsx'
import { Console } from './console.tsx'
import { Environment, Files, ParamList } from './details.tsx'
import { TrialHeader } from './trial-header.tsx'

const Curves = dynamic(() => import('../chart/curves.tsx'), {
  ssr: false,
  loading: () => <div className="skeleton h-58" />,
})

export function TrialPage({ id }: { readonly id: string }) {
  const [experiment = ''] = id.split('.')
  const ready = useWatch([`trial:${id}`, `experiment:${experiment}`])
  const trial = useRead('trials.get', { id }, { enabled: ready })
  const detail = trial.data
  const [, block, number] = id.split('.')
  const crumbs = [
    { text: 'Experiments', href: '/' },
    { text: detail?.experiment_name ?? experiment, href: `/e/${encodeURIComponent(experiment)}` },
    ...(block === undefined
      ? []
      : [{ text: block, href: `/e/${encodeURIComponent(experiment)}?block=${encodeURIComponent(block)}` }]),
    { text: `#${number ?? id}` },
  ]
  return (
    <Page
      headed={detail !== undefined}
      title={detail ? `${detail.experiment_name} ${detail.block} #${detail.number}` : id}
      crumbs={crumbs}
    >
      {detail ? (
        <Body detail={detail} ready={ready} />
      ) : trial.isError ? (
        ['NOT_FOUND', 'BAD_REQUEST'].includes(errorCode(trial.error) ?? '') ? (
          <Empty icon={SearchX} title="No such trial">
            <p>
              This hub has no trial <span className="mono break-all">{id}</span>.
            </p>
            <ButtonLink href="/" className="mt-3">
              To the experiments
            </ButtonLink>
          </Empty>
        ) : (
          <Failed text={errorText(trial.error)} retry={() => trial.refetch()} />
        )
      ) : (
        <>
          <div className="px-5 py-4">
            <div className="skeleton h-6 w-64" />
          </div>
          <SkeletonRows rows={8} />
        </>
      )}
    </Page>
  )
}

function Body({ detail, ready }: { readonly detail: TrialDetail; readonly ready: boolean }) {
  const last = detail.attempts.at(-1)
  const failure = detail.state === 'failure' ? last?.failure : null
  return (
    <>
      <TrialHeader detail={detail} />
      <div className="grid grid-cols-1 gap-3 p-3 md:px-5 xl:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-3">
          {failure && (
            <section aria-label="Why it failed" className="rounded-lg border border-danger bg-surface px-3 pt-1.5 pb-3">
              <FailureText failure={failure} />
            </section>
          )}
          <div className="max-md:order-last">
            <TrialCurves detail={detail} ready={ready} />
          </div>
          <Console attempts={detail.attempts} ready={ready} />
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <ParamList trial={detail} />
          <Attempts attempts={detail.attempts} />
          <Files trial={detail} ready={ready} />
          <Environment attempt={detail.attempts.findLast(attempt => attempt.environment !== null) ?? last} />
        </div>
      </div>
    </>
  )
}

function TrialCurves({ detail, ready }: { readonly detail: TrialDetail; readonly ready: boolean }) {
  const view = useViewState()
  const [crosshair] = useState(makeCrosshair)
  const tags = useRead('series.tags', { trial: detail.id }, { enabled: ready })
  const smoothing = Math.min(0.99, Math.max(0, Number(view.get('smooth', '0')) || 0))
  const log = view.get('log') === '1'
  const { id, number, block } = detail
  const trials = useMemo(() => [{ id, number, label: `${block} #${number}` }], [id, number, block])
  const found = tags.data?.tags ?? []
  return (
    <Panel
      bare
      title="Metrics"
      note={found.length > 0 ? `${found.length} ${found.length === 1 ? 'tag' : 'tags'}` : undefined}
      actions={
        found.length > 0 && (
          <>
            <Slider
              label="Smooth"
              text={smoothing.toFixed(2)}
              min={0}
              max={0.99}
              step={0.01}
              value={smoothing}
              onChange={event => view.set({ smooth: event.target.value === '0' ? '' : event.target.value })}
            />
            <Tick label="log y" checked={log} onChange={on => view.set({ log: on ? '1' : '' })} />
          </>
        )
      }
    >
      {tags.isError && !tags.data ? (
        <Failed text={errorText(tags.error)} retry={() => tags.refetch()} />
      ) : !tags.data ? (
        <div className="skeleton h-40" />
      ) : found.length === 0 ? (
        <p className="py-4 text-center text-muted">No points yet: what the component hands to log() appears here.</p>
      ) : (
        <Curves tags={found} trials={trials} most={1} smoothing={smoothing} log={log} crosshair={crosshair} />
      )}
    </Panel>
  )
}

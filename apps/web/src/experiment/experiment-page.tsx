'use client'
/** One experiment: header, and what there is to see of it in tabs. */
import { SearchX } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect } from 'react'
import { errorCode, errorText } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import { useWatch } from '../live/live.tsx'
import { Page } from '../shell/page.tsx'
import { ButtonLink } from '../ui/button.tsx'
import { Empty, Failed, SkeletonRows } from '../ui/panel.tsx'
import { Tab, Tabs } from '../ui/tabs.tsx'
import { useViewState } from '../ui/view-state.ts'
import { ExperimentHeader } from './experiment-header.tsx'
import { Overview, preloadOverview } from './overview.tsx'

const loading = () => <SkeletonRows rows={8} />
const SearchTab = dynamic(() => import('../insight/search-tab.tsx'), { ssr: false, loading })
const ConfigTab = dynamic(() => import('./config-tab.tsx'), { ssr: false, loading })
const EventsTab = dynamic(() => import('./events-tab.tsx'), { ssr: false, loading })
const FilesTab = dynamic(() => import('./files-tab.tsx'), { ssr: false, loading })

type TabName = 'overview' | 'search' | 'config' | 'events' | 'files'

const TABS: readonly { readonly value: TabName; readonly text: string }[] = [
  { value: 'overview', text: 'Overview' },
  { value: 'search', text: 'Search' },
  { value: 'config', text: 'Configuration' },
  { value: 'events', text: 'Events' },
  { value: 'files', text: 'Files' },
]

export function ExperimentPage({ id }: { readonly id: string }) {
  const view = useViewState()
  const ready = useWatch([`experiment:${id}`, `points:${id}`])
  const experiment = useRead('experiments.get', { id }, { enabled: ready })
  const detail = experiment.data
  const wanted = view.get('tab')
  const tab = TABS.find(one => one.value === wanted)?.value ?? 'overview'
  useEffect(() => {
    if (tab === 'overview') preloadOverview()
  }, [tab])
  return (
    <Page
      headed={detail !== undefined}
      title={detail?.name ?? id}
      crumbs={[{ text: 'Experiments', href: '/' }, { text: detail?.name ?? id }]}
    >
      {detail ? (
        <>
          <ExperimentHeader detail={detail} />
          <div className="bg-surface [&_[role=tabpanel]]:bg-canvas">
            <Tabs
              label="Parts of the experiment"
              value={tab}
              tabs={TABS}
              onChange={value => view.set({ tab: value === 'overview' ? '' : value }, true)}
            >
              <Tab value="overview">
                <Overview detail={detail} ready={ready} />
              </Tab>
              <Tab value="search">
                <SearchTab detail={detail} ready={ready} />
              </Tab>
              <Tab value="config">
                <ConfigTab id={id} name={detail.name} />
              </Tab>
              <Tab value="events">
                <EventsTab id={id} ready={ready} />
              </Tab>
              <Tab value="files">
                <FilesTab detail={detail} ready={ready} />
              </Tab>
            </Tabs>
          </div>
        </>
      ) : experiment.isError ? (
        ['NOT_FOUND', 'BAD_REQUEST'].includes(errorCode(experiment.error) ?? '') ? (
          <Empty icon={SearchX} title="No such experiment">
            <p>
              This hub has no experiment <span className="mono">{id}</span>.
            </p>
            <ButtonLink href="/" className="mt-3">
              To the experiments
            </ButtonLink>
          </Empty>
        ) : (
          <Failed text={errorText(experiment.error)} retry={() => experiment.refetch()} />
        )
      ) : (
        <>
          <div className="px-5 py-4">
            <div className="skeleton h-6 w-64" />
            <div className="skeleton mt-4 h-8 w-96 max-w-full" />
          </div>
          <SkeletonRows rows={8} />
        </>
      )}
    </Page>
  )
}

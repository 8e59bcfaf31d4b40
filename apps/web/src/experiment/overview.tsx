'use client'
/** Pipeline, trials and curves of one experiment under one filter. */
import { Download } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { errorText } from '../api/client.ts'
import type { ExperimentDetail } from '../api/views.ts'
import { makeCrosshair } from '../chart/crosshair.ts'
import { saveText } from '../chart/save.ts'
import { countText } from '../format/number.ts'
import { Button } from '../ui/button.tsx'
import { addCounts, totalCount } from '../ui/counts.ts'
import { useDebounced } from '../ui/debounced.ts'
import { SearchField, Select } from '../ui/field.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Panel, SkeletonRows } from '../ui/panel.tsx'
import { Split } from '../ui/split.tsx'
import { TRIAL_STATES } from '../ui/state.ts'
import { useToast } from '../ui/toast.tsx'
import { useViewState } from '../ui/view-state.ts'
import { ExperimentCurves, loadCurves } from './experiment-curves.tsx'
import { allTrials, trialsCsv } from './export.ts'
import { loadDag, Pipeline } from './pipeline.tsx'
import { Ranking } from './ranking.tsx'
import { filterOf, type TrialFilter } from './trial-filter.ts'

const trialsTable = () => import('./trials-table.tsx')

/** Fetches what the overview loads apart, while the experiment itself is still being read. */
export function preloadOverview(): void {
  for (const load of [trialsTable, loadCurves, loadDag]) load().catch(() => {})
}

const TrialsTable = dynamic(trialsTable, {
  ssr: false,
  loading: () => (
    <Panel flush title="Trials">
      <SkeletonRows rows={6} height={30} />
    </Panel>
  ),
})

export function Overview({ detail, ready }: { readonly detail: ExperimentDetail; readonly ready: boolean }) {
  const view = useViewState()
  const typed = filterOf(name => view.get(name))
  const search = useDebounced(typed.search, 250)
  const filter = { ...typed, search }
  const [crosshair] = useState(makeCrosshair)
  const chosen = detail.block_list.find(block => block.id === filter.block)
  const reduced = chosen ? [chosen] : detail.block_list.filter(block => block.reduce !== null && block.ranking !== null)
  return (
    <div className="flex flex-col gap-3 p-3 md:px-5">
      <Pipeline blocks={detail.block_list} />
      <Split
        name="experiment"
        left={
          <div className="flex flex-col gap-3">
            <TrialsTable
              note={note(detail, filter)}
              actions={<FilterBar detail={detail} filter={typed} />}
              experiment={detail.id}
              filter={filter}
              mode={(chosen ?? detail.block_list.find(block => block.reduce !== null))?.mode ?? 'max'}
              crosshair={crosshair}
              ready={ready}
            />
            {reduced.slice(0, 4).map(block => (
              <Ranking key={block.id} block={block} />
            ))}
          </div>
        }
        right={<ExperimentCurves experiment={detail.id} filter={filter} crosshair={crosshair} ready={ready} />}
      />
    </div>
  )
}

function note(detail: ExperimentDetail, filter: TrialFilter): string {
  const blocks = detail.block_list.filter(block => filter.block === '' || block.id === filter.block)
  const made = totalCount(addCounts(blocks.map(block => block.trials)))
  return filter.block === '' ? countText(made) : `${countText(made)} of block ${filter.block}`
}

function FilterBar({ detail, filter }: { readonly detail: ExperimentDetail; readonly filter: TrialFilter }) {
  const view = useViewState()
  const toast = useToast()
  const [busy, setBusy] = useState(false)
  const save = async (form: 'csv' | 'json') => {
    setBusy(true)
    try {
      const rows = await allTrials(detail.id, filter)
      const name = `${detail.name}${filter.block === '' ? '' : `-${filter.block}`}-trials.${form}`
      if (form === 'csv') saveText(name, trialsCsv(rows), 'text/csv')
      else saveText(name, `${JSON.stringify(rows, null, 2)}\n`, 'application/json')
    } catch (error) {
      toast({ kind: 'error', text: errorText(error) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <SearchField label="Search trials" value={filter.search} onChange={q => view.set({ q })} className="w-36" />
      <Select
        label="Block"
        value={filter.block}
        onChange={block => view.set({ block })}
        options={[{ value: '', text: 'All blocks' }, ...detail.block_list.map(({ id }) => ({ value: id, text: id }))]}
        className="max-w-32"
      />
      <Select
        label="State"
        value={filter.state}
        onChange={state => view.set({ state })}
        options={[{ value: '', text: 'All states' }, ...TRIAL_STATES.map(state => ({ value: state, text: state }))]}
        className="max-w-28"
      />
      <Menu
        trigger={
          <Button icon={Download} disabled={busy}>
            {busy ? 'Reading' : 'Export'}
          </Button>
        }
      >
        <MenuItem onSelect={() => save('csv')}>All matching as CSV</MenuItem>
        <MenuItem onSelect={() => save('json')}>All matching as JSON</MenuItem>
      </Menu>
    </>
  )
}

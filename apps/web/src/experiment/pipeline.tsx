'use client'
/** The pipeline on an experiment's page: graph or table, as the reader likes; the graph is loaded when first shown. */
import { Table2, Workflow } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import type { BlockView } from '../api/views.ts'
import { plural } from '../format/number.ts'
import { Segments } from '../ui/button.tsx'
import { Panel } from '../ui/panel.tsx'
import { useViewState } from '../ui/view-state.ts'
import { BlockTable } from './block-table.tsx'

export const loadDag = () => import('./dag.tsx')

const Dag = dynamic(loadDag, {
  ssr: false,
  loading: () => <div className="skeleton m-3 h-28" />,
})

export function Pipeline({ blocks }: { readonly blocks: readonly BlockView[] }) {
  const view = useViewState()
  const narrow = useNarrow()
  const as = view.get('pipeline', narrow ? 'table' : 'graph')
  const chosen = view.get('block')
  const choose = (block: string) => view.set({ block })
  return (
    <Panel
      flush
      title="Pipeline"
      note={plural(blocks.length, 'block')}
      actions={
        <Segments
          label="Show the pipeline as"
          value={as}
          onChange={value => view.set({ pipeline: value })}
          options={[
            { value: 'graph', title: 'Graph', text: <Workflow aria-label="Graph" className="size-3.5" /> },
            { value: 'table', title: 'Table', text: <Table2 aria-label="Table" className="size-3.5" /> },
          ]}
        />
      }
    >
      {as === 'table' ? (
        <BlockTable blocks={blocks} chosen={chosen} onChoose={choose} />
      ) : (
        <Dag blocks={blocks} chosen={chosen} onChoose={choose} />
      )}
    </Panel>
  )
}

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(false)
  useEffect(() => {
    const media = window.matchMedia('(max-width: 640px)')
    const read = () => setNarrow(media.matches)
    read()
    media.addEventListener('change', read)
    return () => media.removeEventListener('change', read)
  }, [])
  return narrow
}

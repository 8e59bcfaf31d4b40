'use client'
/** The experiment's file: as it was written, and with seed and draws filled in, which reproduces the run. */
import { Download } from 'lucide-react'
import dynamic from 'next/dynamic'
import { errorText } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import { saveText } from '../chart/save.ts'
import { Button, ButtonLink, Segments } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy.tsx'
import { Failed } from '../ui/panel.tsx'
import { useViewState } from '../ui/view-state.ts'

const YamlView = dynamic(() => import('../submit/yaml-view.tsx'), {
  ssr: false,
  loading: () => <div className="skeleton m-3 h-64" />,
})

export default function ConfigTab({ id, name }: { readonly id: string; readonly name: string }) {
  const view = useViewState()
  const config = useRead('experiments.config', { id }, { staleTime: 60_000 })
  const as = view.get('config', 'written')
  if (config.isError && !config.data) return <Failed text={errorText(config.error)} retry={() => config.refetch()} />
  const text = as === 'resolved' ? config.data?.resolved : config.data?.text
  return (
    <div className="p-3 md:px-5">
      <div className="overflow-hidden rounded-lg border border-line bg-surface">
        <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">
          <Segments
            label="Which text"
            value={as}
            onChange={value => view.set({ config: value === 'written' ? '' : value })}
            options={[
              { value: 'written', text: 'As written' },
              { value: 'resolved', text: 'Resolved', title: 'With seed and draws filled in: reproduces the run' },
            ]}
          />
          {text !== undefined && (
            <div className="ml-auto flex items-center gap-1.5">
              <CopyButton text={text} label="Copy the text" />
              <Button icon={Download} onClick={() => saveText(`${name}.yaml`, text, 'application/yaml')}>
                Save
              </Button>
              <ButtonLink href={`/submit?from=${encodeURIComponent(id)}`}>Edit as a new experiment</ButtonLink>
            </div>
          )}
        </div>
        {text === undefined ? <div className="skeleton m-3 h-64" /> : <YamlView text={text} />}
      </div>
    </div>
  )
}

'use client'
/** For each resource that the file names: pick it, watch it being sent. The manifest goes up to the page when it is whole. */
import { CircleCheck, FileInput, FolderInput, RotateCcw, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { errorText } from '../api/client.ts'
import type { Manifest, PlanView } from '../api/views.ts'
import { bytesText, plural } from '../format/number.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Panel } from '../ui/panel.tsx'
import { Sending } from './sending.tsx'
import { type Picked, pickedOf, upload } from './upload.ts'

export type Manifests = { readonly [name: string]: Manifest }
type Progress =
  | { kind: 'none' }
  | { kind: 'busy'; picked: Picked; done: number; stop: AbortController }
  | { kind: 'done'; picked: Picked }
  | { kind: 'failed'; text: string }

export function Uploads({
  wanted,
  onChange,
}: {
  readonly wanted: PlanView['uploads']
  readonly onChange: (name: string, manifest: Manifest | null) => void
}) {
  return (
    <Panel flush title="Files to upload" note={String(wanted.length)}>
      <ul className="divide-y divide-line">
        {wanted.slice(0, 200).map(resource => (
          <Upload key={resource.name} resource={resource} onChange={manifest => onChange(resource.name, manifest)} />
        ))}
      </ul>
    </Panel>
  )
}

function Upload({
  resource,
  onChange,
}: {
  readonly resource: PlanView['uploads'][number]
  readonly onChange: (manifest: Manifest | null) => void
}) {
  const file = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const [progress, setProgress] = useState<Progress>({ kind: 'none' })

  const start = async (picked: Picked | null) => {
    if (!picked) return
    const stop = new AbortController()
    onChange(null)
    setProgress({ kind: 'busy', picked, done: 0, stop })
    try {
      const manifest = await upload(picked, done => setProgress({ kind: 'busy', picked, done, stop }), stop.signal)
      setProgress({ kind: 'done', picked })
      onChange(manifest)
    } catch (error) {
      setProgress(stop.signal.aborted ? { kind: 'none' } : { kind: 'failed', text: errorText(error) })
    }
  }
  const again = () => {
    if (progress.kind === 'busy') progress.stop.abort()
    setProgress({ kind: 'none' })
    onChange(null)
  }

  return (
    <li className="px-3 py-2 text-xs">
      <div className="flex items-center gap-2">
        <span className="font-semibold">{resource.name}</span>
        <span className="mono min-w-0 flex-1 truncate text-faint" title={resource.location}>
          {resource.location}
        </span>
        {progress.kind === 'none' || progress.kind === 'failed' ? (
          <>
            <Button icon={FileInput} onClick={() => file.current?.click()}>
              File
            </Button>
            <Button icon={FolderInput} onClick={() => folder.current?.click()}>
              Folder
            </Button>
          </>
        ) : (
          <IconButton
            label={progress.kind === 'busy' ? 'Stop' : 'Choose again'}
            icon={progress.kind === 'busy' ? X : RotateCcw}
            className="size-6"
            onClick={again}
          />
        )}
      </div>
      {progress.kind === 'busy' && <Sending picked={progress.picked} done={progress.done} />}
      {progress.kind === 'done' && (
        <p className="nums mt-1 flex items-center gap-1.5 text-ok">
          <CircleCheck aria-hidden className="size-3.5" />
          {progress.picked.name}: {plural(progress.picked.files.length, 'file')}, {bytesText(progress.picked.bytes)} on
          the hub
        </p>
      )}
      {progress.kind === 'failed' && (
        <p role="alert" className="mt-1 text-danger">
          {progress.text}
        </p>
      )}
      <input
        ref={file}
        type="file"
        hidden
        aria-label={`File for ${resource.name}`}
        onChange={event => start(pickedOf(event.target.files ?? [], 'file'))}
      />
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={`Folder for ${resource.name}`}
        {...{ webkitdirectory: '' }}
        onChange={event => start(pickedOf(event.target.files ?? [], 'folder'))}
      />
    </li>
  )
}

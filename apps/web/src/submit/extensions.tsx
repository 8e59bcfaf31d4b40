'use client'
/**
 * For each extension that the file names: choose its folder, watch it being sent, and have it read by an agent, which says what
 * components it brings. The hub runs no code of it.
 */
import { CircleCheck, FolderInput, RotateCcw, ScanSearch, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { errorText, write } from '../api/client.ts'
import type { Writes } from '../api/procedures.ts'
import type { ExtensionView, Manifest } from '../api/views.ts'
import { plural } from '../format/number.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Panel } from '../ui/panel.tsx'
import type { Pack, Packs } from './extension-packs.ts'
import { Sending } from './sending.tsx'
import { codeOf, type Picked, pickedOf, upload } from './upload.ts'

type Progress =
  | { kind: 'none' }
  | { kind: 'sending'; picked: Picked; done: number }
  | { kind: 'reading' }
  | { kind: 'failed'; text: string; hint: string }

export function Extensions({
  extensions,
  packs,
  onChange,
}: {
  readonly extensions: readonly ExtensionView[]
  readonly packs: Packs
  readonly onChange: (name: string, pack: Pack | null) => void
}) {
  return (
    <Panel flush title="Extensions" note={String(extensions.length)}>
      <ul className="divide-y divide-line">
        {extensions.slice(0, 100).map(extension => (
          <Extension
            key={JSON.stringify([extension.name, extension.location, extension.sha256])}
            extension={extension}
            pack={packs[extension.name] ?? null}
            onChange={pack => onChange(extension.name, pack)}
          />
        ))}
      </ul>
    </Panel>
  )
}

function Extension({
  extension,
  pack,
  onChange,
}: {
  readonly extension: ExtensionView
  readonly pack: Pack | null
  readonly onChange: (pack: Pack | null) => void
}) {
  const { name, location, kind, sha256, state } = extension
  const folder = useRef<HTMLInputElement>(null)
  const stop = useRef<AbortController>(null)
  const [progress, setProgress] = useState<Progress>({ kind: 'none' })
  // What was sent, so that a second try sends nothing again.
  const [sent, setSent] = useState<Manifest | null>(null)
  const busy = progress.kind === 'sending' || progress.kind === 'reading'

  const run = async (work: (signal: AbortSignal) => Promise<void>) => {
    stop.current?.abort()
    const mine = new AbortController()
    stop.current = mine
    try {
      await work(mine.signal)
    } catch (error) {
      if (!mine.signal.aborted) setProgress({ kind: 'failed', text: errorText(error), hint: '' })
    }
  }
  const describe = async (of: { readonly manifest: Manifest } | { readonly sha256: string }, signal: AbortSignal) => {
    setProgress({ kind: 'reading' })
    const answer = await write('extensions.describe', { name, ...of })
    signal.throwIfAborted()
    if (!answer.ok) {
      // What is gone from the hub must be chosen again: the browser gives no file twice.
      if (answer.missing.length > 0) setSent(null)
      setProgress({ kind: 'failed', text: `The extension ${answer.problem}.`, hint: answer.hint })
      return
    }
    setProgress({ kind: 'none' })
    onChange({ location, manifest: asManifest(answer.manifest), catalogue: answer.catalogue })
  }
  const choose = async (picked: Picked | null) => {
    if (!picked) return
    const code = codeOf(picked)
    onChange(null)
    setSent(null)
    if (typeof code === 'string') {
      setProgress({ kind: 'failed', text: `${picked.name} ${code}.`, hint: '' })
      return
    }
    await run(async signal => {
      setProgress({ kind: 'sending', picked: code, done: 0 })
      const manifest = await upload(
        code,
        done => !signal.aborted && setProgress({ kind: 'sending', picked: code, done }),
        signal,
      )
      setSent(manifest)
      await describe({ manifest }, signal)
    })
  }
  const again = () => {
    stop.current?.abort()
    setProgress({ kind: 'none' })
    setSent(null)
    onChange(null)
  }
  const known = sent === null ? (pack === null ? null : { manifest: pack.manifest }) : { manifest: sent }
  const readable = known ?? (state === 'here' && sha256 !== null ? { sha256 } : null)
  const described = pack !== null && state === 'described' && !busy

  return (
    <li className="px-3 py-2 text-xs">
      <div className="flex items-center gap-2">
        <span className="font-semibold">{name}</span>
        <span className="mono min-w-0 flex-1 truncate text-faint" title={location}>
          {location}
        </span>
        {busy || described ? (
          <IconButton
            label={busy ? `Stop with ${name}` : `Choose ${name} again`}
            icon={busy ? X : RotateCcw}
            className="size-6"
            onClick={again}
          />
        ) : (
          <>
            {readable !== null && (
              <Button icon={ScanSearch} onClick={() => run(signal => describe(readable, signal))}>
                {progress.kind === 'failed' ? 'Try again' : 'Read it'}
              </Button>
            )}
            <Button icon={FolderInput} onClick={() => folder.current?.click()}>
              Folder
            </Button>
          </>
        )}
      </div>
      <div aria-live="polite">
        {progress.kind === 'sending' && <Sending picked={progress.picked} done={progress.done} />}
        {progress.kind === 'reading' && (
          <p className="mt-1 text-muted">An agent installs it and looks what it brings; this may take a minute …</p>
        )}
        {progress.kind === 'failed' && (
          <p className="mt-1 break-words text-danger">
            {progress.text} <span className="text-muted">{progress.hint}</span>
          </p>
        )}
        {described && <Brought pack={pack} />}
        {progress.kind === 'none' && !described && (
          <p className="mt-1 text-faint">{readable === null ? NEEDS[kind] : HERE}</p>
        )}
      </div>
      <input
        ref={folder}
        type="file"
        hidden
        aria-label={`Folder of the extension ${name}`}
        {...{ webkitdirectory: '' }}
        onChange={event => choose(taken(event.target))}
      />
    </li>
  )
}

/** What was chosen; the same folder may be chosen again after it was changed. */
function taken(input: HTMLInputElement): Picked | null {
  const picked = pickedOf(input.files ?? [], 'folder')
  input.value = ''
  return picked
}

type Packed = Extract<Writes['extensions.describe']['output'], { ok: true }>['manifest']
const asManifest = ({ kind, files }: Packed): Manifest => ({
  kind,
  files: files.map(({ executable, ...file }) => (executable === undefined ? file : { ...file, executable })),
})

const HERE = 'Its files are on this hub: an agent has to read them once more.'
const NEEDS: { readonly [K in ExtensionView['kind']]: string } = {
  folder: 'Choose its folder here: the hub cannot read yours.',
  npm: 'The hub fetches no packages: choose the folder that it is installed in, or submit with the command.',
  git: 'The hub fetches no repositories: choose the folder of a clone, or submit with the command.',
}

function Brought({ pack }: { readonly pack: Pack }) {
  const tags = Object.keys(pack.catalogue.components)
  return (
    <div className="mt-1">
      <p className="nums flex items-center gap-1.5 text-ok">
        <CircleCheck aria-hidden className="size-3.5" />
        brings {plural(tags.length, 'component')}
      </p>
      <p className="mono mt-0.5 line-clamp-3 break-words text-faint">
        {tags
          .slice(0, 40)
          .map(tag => `!${tag}`)
          .join('  ')}
      </p>
    </div>
  )
}

'use client'
/**
 * Writing and submitting an experiment: the editor at the left, what the hub makes of the text at the right. The text is kept in
 * the browser until it is submitted. `?from=<id>` starts from another experiment's file, `?template=<name>` from an example.
 */
import { BookOpen, CircleCheck, Rocket } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { commandId, errorText, read } from '../api/client.ts'
import { useRead, useWrite } from '../api/query.ts'
import type { ExtensionView, Manifest } from '../api/views.ts'
import { plural } from '../format/number.ts'
import { Page } from '../shell/page.tsx'
import { Button } from '../ui/button.tsx'
import { useDebounced } from '../ui/debounced.ts'
import { Tick } from '../ui/field.tsx'
import { Menu, MenuItem, MenuLabel } from '../ui/menu.tsx'
import { Failed, Panel, SkeletonRows } from '../ui/panel.tsx'
import { useToast } from '../ui/toast.tsx'
import { useViewState } from '../ui/view-state.ts'
import { LONGEST } from './assist/desk.ts'
import { useDraft } from './draft.ts'
import { EditorKeys } from './editor-keys.tsx'
import { Examples } from './examples.tsx'
import { catalogueWith, type Pack, type Packs, packsOf, resourcesOf } from './extension-packs.ts'
import { Extensions } from './extensions.tsx'
import { PlanPanel } from './plan-panel.tsx'
import { ProblemList } from './problem-list.tsx'
import { type Manifests, Uploads } from './uploads.tsx'
import type { EditorHandle } from './yaml-editor.tsx'

const YamlEditor = dynamic(() => import('./yaml-editor.tsx'), {
  ssr: false,
  loading: () => <div className="skeleton m-3 h-72" />,
})
/** First variants shown of each block. */
const VARIANTS = 4
const NONE: readonly ExtensionView[] = []

export function SubmitPage() {
  const router = useRouter()
  const toast = useToast()
  const view = useViewState()
  const [text, setText] = useDraft()
  const editor = useRef<EditorHandle>(null)
  const [manifests, setManifests] = useState<Manifests>({})
  const [packs, setPacks] = useState<Packs>({})
  // Of the last plan: the text that is being written changes them with the next one.
  const [extensions, setExtensions] = useState<readonly ExtensionView[]>([])
  const meant = useMemo(() => packsOf(packs, extensions), [packs, extensions])
  const [paused, setPaused] = useState(false)
  const [force, setForce] = useState(false)
  // The same as long as the hub runs; read again after the page has lost it.
  const catalogue = useRead('hub.catalogue', undefined, { staleTime: Number.POSITIVE_INFINITY })
  const all = useMemo(() => catalogueWith(catalogue.data, meant), [catalogue.data, meant])
  const templates = useRead('templates.list', undefined, { staleTime: 300_000 })
  useStart(view.get('from'), view.get('template'), setText)

  const settled = useDebounced(text, 350)
  const empty = settled.trim() === ''
  const long = settled.length > LONGEST
  const plan = useRead(
    'experiments.plan',
    { text: settled, file: 'experiment.yaml', limit: VARIANTS, resources: resourcesOf(meant) },
    { enabled: !empty && !long, keep: true, staleTime: 10_000 },
  )
  const submit = useWrite('experiments.submit', ['experiments.list'])
  // One submission keeps one command id, so that a resend makes no second experiment.
  const command = useRef({ text: '', id: '' })

  const known = empty || long ? undefined : plan.data
  const named = known?.extensions ?? NONE
  useEffect(() => setExtensions(now => (JSON.stringify(now) === JSON.stringify(named) ? now : named)), [named])
  const answered = submit.data && !submit.data.ok ? submit.data : null
  const wanted = known?.uploads ?? []
  const missing = wanted.filter(resource => manifests[resource.name] === undefined)
  const refusal = known?.refusal ?? null
  const settledNow = settled === text && !plan.isFetching
  const ready =
    known?.ok === true && settledNow && missing.length === 0 && (refusal === null || force) && !submit.isPending

  const send = () => {
    if (!ready) return
    const uploaded = wanted.flatMap(({ name }) => (manifests[name] ? [[name, manifests[name]]] : []))
    const resources = { ...Object.fromEntries(uploaded), ...resourcesOf(meant) }
    const key = JSON.stringify([text, resources, paused, force])
    if (command.current.text !== key) command.current = { text: key, id: commandId() }
    submit.mutate(
      { text, file: 'experiment.yaml', resources, paused, force, command: command.current.id },
      {
        onSuccess: answer => {
          if (!answer.ok) {
            command.current = { text: '', id: '' }
            return
          }
          setText('')
          router.push(`/e/${encodeURIComponent(answer.id)}`)
        },
        onError: error => toast({ kind: 'error', text: errorText(error) }),
      },
    )
  }
  const onPack = useCallback((name: string, pack: Pack | null) => {
    setPacks(({ [name]: _, ...rest }) => (pack === null ? rest : { ...rest, [name]: pack }))
  }, [])
  const onUpload = useCallback((name: string, manifest: Manifest | null) => {
    setManifests(({ [name]: _, ...rest }) => (manifest === null ? rest : { ...rest, [name]: manifest }))
  }, [])

  return (
    <Page
      title="New experiment"
      topics={false}
      crumbs={[{ text: 'Experiments', href: '/' }, { text: 'New experiment' }]}
    >
      <div className="grid grid-cols-1 gap-3 p-3 md:px-5 lg:h-[calc(100vh-4.25rem)] lg:grid-cols-[minmax(0,1fr)_minmax(20rem,27rem)]">
        <section
          aria-label="Editor"
          className="flex min-h-0 min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-surface max-lg:h-[62vh]"
        >
          <div className="flex min-h-9 shrink-0 items-center py-0.5 gap-2 border-b border-line px-3">
            <span className="mono text-xs text-muted">experiment.yaml</span>
            <div className="ml-auto">
              <Menu trigger={<Button icon={BookOpen}>Examples</Button>}>
                <MenuLabel>Replaces the text</MenuLabel>
                {(templates.data?.items ?? []).slice(0, 50).map(template => (
                  <MenuItem key={template.name} onSelect={() => setText(template.text)}>
                    <span className="font-medium">{template.name}</span>
                    <span className="max-w-72 truncate text-muted">{template.title}</span>
                  </MenuItem>
                ))}
                {templates.data?.items.length === 0 && (
                  <MenuItem disabled onSelect={() => {}}>
                    This hub ships none
                  </MenuItem>
                )}
              </Menu>
            </div>
          </div>
          <div className="min-h-0 flex-1">
            <YamlEditor
              handle={editor}
              value={text}
              onChange={setText}
              onSubmit={send}
              problems={known?.problems ?? []}
              catalogue={all}
            />
          </div>
          <EditorKeys />
        </section>

        <div className="flex min-h-0 min-w-0 flex-col gap-3 lg:overflow-y-auto">
          <Panel>
            <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
              <p className="min-w-0 flex-1 text-sm" aria-live="polite">
                {empty ? (
                  <span className="text-muted">Write an experiment, or take an example.</span>
                ) : long ? (
                  <span className="font-semibold text-danger">The file is longer than 256 KiB</span>
                ) : !known ? (
                  <span className="text-muted">Looking at it …</span>
                ) : known.ok ? (
                  <span className="nums flex items-center gap-1.5 font-semibold">
                    <CircleCheck aria-hidden className="size-4 text-ok" /> {plural(known.trials_total, 'trial')}
                  </span>
                ) : known.problems.length === 0 ? (
                  <span className="font-semibold text-danger">No !Experiment in this text yet</span>
                ) : (
                  <span className="font-semibold text-danger">
                    {plural(known.problems.filter(problem => problem.severity === 'error').length, 'error')} to mend
                  </span>
                )}
              </p>
              <Tick label="Start paused" checked={paused} onChange={setPaused} />
              <Button
                look="primary"
                size="md"
                icon={Rocket}
                disabled={!ready}
                onClick={send}
                title="Ctrl+Enter in the editor"
              >
                {submit.isPending ? 'Submitting' : 'Submit'}
              </Button>
            </div>
            {missing.length > 0 && known?.ok && (
              <p className="mt-2 text-xs text-muted">
                Still to upload:{' '}
                {missing
                  .slice(0, 8)
                  .map(one => one.name)
                  .join(', ')}
              </p>
            )}
            {refusal !== null && (
              <div className="mt-2 rounded-md border border-line bg-sunken px-2.5 py-1.5 text-xs">
                <p className="break-words text-warning">{refusal}</p>
                <Tick
                  label="Replace it: cancels and archives the other experiment"
                  checked={force}
                  onChange={setForce}
                />
              </div>
            )}
            {answered && (
              <p role="alert" className="mt-2 text-xs break-words text-danger">
                {answered.refusal ?? `The hub refused the file: ${answered.problems[0]?.message ?? 'see the problems'}`}
              </p>
            )}
          </Panel>
          {known && known.problems.length > 0 && (
            <ProblemList
              problems={known.problems}
              onJump={problem => editor.current?.jump(problem.line, problem.column)}
            />
          )}
          {named.length > 0 && <Extensions extensions={named} packs={meant} onChange={onPack} />}
          {known?.ok && wanted.length > 0 && <Uploads wanted={wanted} onChange={onUpload} />}
          {empty && <Examples templates={templates.data?.items ?? []} onChoose={setText} />}
          {plan.isError && !empty && !long ? (
            <Panel flush>
              <Failed text={errorText(plan.error)} retry={() => plan.refetch()} />
            </Panel>
          ) : known && known.blocks.length > 0 ? (
            <PlanPanel plan={known} />
          ) : (
            !empty && !long && !known && <SkeletonRows rows={4} height={48} />
          )}
        </div>
      </div>
    </Page>
  )
}

/** Fetches the text to start from, once. */
function useStart(from: string, template: string, setText: (text: string) => void): void {
  const toast = useToast()
  useEffect(() => {
    if (from === '' && template === '') return
    const load = async () => {
      if (from !== '') return (await read('experiments.config', { id: from })).text
      const { items } = await read('templates.list', undefined)
      return items.find(item => item.name === template)?.text
    }
    load()
      .then(text => text !== undefined && setText(text))
      .catch(error => toast({ kind: 'error', text: errorText(error) }))
  }, [from, template, setText, toast])
}

/**
 * Sends an experiment: uploads what the hub lacks of its local resources and shipped code, then submits the text. The same
 * for `flambe submit` and `flambe run`. Submitting is one call with an id of its own, so that a repeat has no second effect.
 */
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import type { Manifest } from '@flambe/engine'
import type { FoundExtensions } from '../extensions/found.ts'
import { countProblems, showProblems } from '../terminal/problems.ts'
import { explain, type HubConnection } from './connect.ts'
import { localPath, type PlannedFile } from './experiment-file.ts'
import { type LocalManifest, localManifest } from './manifest.ts'
import { NotTaken, Refused } from './refused.ts'

export interface SubmitOptions {
  readonly force: boolean
  readonly paused: boolean
  /** Who runs it, if that is not who the token is of; null: nobody says. */
  readonly user?: string | null
  /** Called with bytes sent and bytes in all. */
  readonly onProgress?: (sent: number, total: number) => void
}

/** What travels with an experiment. */
export interface LocalResources {
  readonly manifests: { readonly [name: string]: Manifest }
  /** By hash: where each content lies on this machine. */
  readonly sources: ReadonlyMap<string, { readonly path: string; readonly size: number }>
}

/** Hashes the local resources; extensions, which are packed already, stand beside them. Nothing is sent yet; throws Refused for what cannot be read or may not be sent. */
export async function readResources({ plan, file, extensions }: PlannedFile): Promise<LocalResources> {
  const manifests: Record<string, Manifest> = {}
  const sources = new Map<string, { path: string; size: number }>()
  const add = (name: string, local: LocalManifest) => {
    manifests[name] = local.manifest
    for (const f of local.manifest.files)
      sources.set(f.sha256, { path: local.sources.get(f.sha256) as string, size: f.size })
  }
  for (const { name, location } of plan?.resources.filter(r => r.kind === 'local') ?? []) {
    add(name, await localManifest(localPath(file, location)))
  }
  for (const extension of extensions?.found ?? []) add(`extension:${extension.name}`, extension)
  return { manifests, sources }
}

/** @returns the experiment's id */
export async function submitFile(
  hub: HubConnection,
  planned: PlannedFile,
  { manifests, sources }: LocalResources,
  options: SubmitOptions,
): Promise<string> {
  const { plan } = planned
  if (plan === null) throw new Error('only a plan without errors can be submitted')
  await upload(hub, sources, options.onProgress)
  const answer = await hub.api.experiments.submit
    .mutate({
      text: planned.text,
      file: planned.file,
      resources: manifests as never,
      ...(planned.extensions === null ? {} : sentOf(planned.extensions)),
      // Without a seed of its own a resuming file takes that of what it resumes; the hub knows it.
      ...(plan.settings.resume !== null && planned.drawn ? {} : { seed: plan.seed }),
      force: options.force,
      paused: options.paused,
      ...(options.user == null ? {} : { user: options.user }),
      versions: versionsOf(planned),
      command: randomUUID(),
    })
    .catch(explain)
  if (!answer.ok)
    throw new NotTaken(
      answer.refusal ?? `${showProblems(answer.problems, planned.text)}\n${countProblems(answer.problems)}`,
    )
  return answer.id
}

/** The hub runs no code of theirs, so it is told what they bring, and what they were obtained at. */
function sentOf({ pieces, found }: FoundExtensions) {
  const versions = found.flatMap(({ name, version }) => (version === null ? [] : [[name, version] as const]))
  return { extensions: pieces as never, versions: Object.fromEntries(versions) }
}

/** What npm and git brought, for the file that runs it again. */
function versionsOf({ extensions }: PlannedFile): { [name: string]: string } {
  const found = extensions?.found ?? []
  return Object.fromEntries(found.flatMap(({ name, version }) => (version === null ? [] : [[name, version]])))
}

async function upload(
  hub: HubConnection,
  sources: ReadonlyMap<string, { path: string; size: number }>,
  onProgress?: SubmitOptions['onProgress'],
): Promise<void> {
  const total = [...sources.values()].reduce((n, s) => n + s.size, 0)
  let sent = 0
  for (const [sha256, { path, size }] of sources) {
    const there = await hub.http(`/api/blobs/${sha256}`, { method: 'HEAD' })
    if (there.status === 404) {
      const body = Readable.toWeb(createReadStream(path)) as ReadableStream
      const done = await hub.http(`/api/blobs/${sha256}`, {
        method: 'PUT',
        body,
        headers: { 'content-length': String(size) },
        duplex: 'half',
      } as RequestInit)
      if (!done.ok)
        throw new Refused(`the hub did not take ${path}: ${(await done.text()).trim() || done.statusText}`, 3)
    } else if (!there.ok)
      throw new Refused(`the hub refused the upload of ${path}: ${there.status} ${there.statusText}`)
    sent += size
    onProgress?.(sent, total)
  }
}

/** What an experiment's extensions were: for the file that runs it again, and to find content that this hub has had before. */
import type { ResourceRef } from '@flambe/engine'
import { contentHash, type Pinned } from '@flambe/language'
import type { Manifest } from '@flambe/protocol'
import type { Committed } from '../rows/committed.ts'
import { EXTENSION } from './used.ts'

type Resources = { readonly [name: string]: ResourceRef }

/** By the names of extensions: hash of the packed content, and the npm version or git commit where one was told. */
export function pinsOf(resources: Resources): { readonly [name: string]: Pinned } {
  return Object.fromEntries(
    Object.entries(resources).flatMap(([name, ref]) =>
      name.startsWith(EXTENSION) && ref.kind === 'blobs'
        ? [[name.slice(EXTENSION.length), { version: ref.version ?? null, sha256: contentHash(ref.manifest) }] as const]
        : [],
    ),
  )
}

/** Of some experiment on this hub, whatever it called the extension; null: this content was never here. */
export function extensionOf(rows: Committed, sha256: string): Manifest | null {
  for (const { resources } of [...rows.experiments.values()].reverse())
    for (const [name, ref] of Object.entries(resources))
      if (name.startsWith(EXTENSION) && ref.kind === 'blobs' && contentHash(ref.manifest) === sha256)
        return ref.manifest as unknown as Manifest
  return null
}

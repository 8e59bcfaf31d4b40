/**
 * What is known of the extensions of the text that is being written: the folders that were sent and read by an agent. A folder
 * belongs to the name and the location that it was chosen for; when the text says another, it counts no more.
 */
import type { Catalogue } from '@flambe/language'
import type { ExtensionView, Manifest } from '../api/views.ts'

export interface Pack {
  readonly location: string
  /** As the agent packed it. */
  readonly manifest: Manifest
  readonly catalogue: Catalogue
}
export type Packs = { readonly [name: string]: Pack }

/** Those that the text means. */
export function packsOf(packs: Packs, extensions: readonly ExtensionView[]): Packs {
  return Object.fromEntries(
    extensions.flatMap(({ name, location }) => {
      const pack = Object.hasOwn(packs, name) ? packs[name] : undefined
      return pack?.location === location ? [[name, pack]] : []
    }),
  )
}

/** As `experiments.plan` and `experiments.submit` take them. */
export function resourcesOf(packs: Packs): { readonly [name: string]: Manifest } {
  return Object.fromEntries(Object.entries(packs).map(([name, { manifest }]) => [`extension:${name}`, manifest]))
}

/** The hub's catalogue and what the extensions bring: tags of their own name only, as the hub takes them. */
export function catalogueWith(base: Catalogue | undefined, packs: Packs): Catalogue | undefined {
  if (base === undefined) return undefined
  const brought = Object.entries(packs).flatMap(([name, { catalogue }]) =>
    Object.entries(catalogue.components).filter(([tag]) => tag.startsWith(`${name}.`)),
  )
  return { components: { ...base.components, ...Object.fromEntries(brought) } }
}

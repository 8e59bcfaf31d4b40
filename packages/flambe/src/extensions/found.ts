/** What is known of an experiment's extensions on this machine: made by read.ts, told to the planner, the hub and `dump`. */
import type { Manifest } from '@flambe/engine'
import type { ExtensionPieces, Pinned } from '@flambe/language'
import type { LocalManifest } from '../client/manifest.ts'

export interface FoundExtension extends Pinned {
  readonly name: string
  readonly manifest: Manifest
  readonly sources: LocalManifest['sources']
}

export interface FoundExtensions {
  readonly pieces: ExtensionPieces
  /** Those without a problem. */
  readonly found: readonly FoundExtension[]
}

/**
 * The extensions of a text with what was sent of them: those that the command has described come with their catalogues, the others
 * (a page's, or a file that pins what this hub has) are described by an agent. Called where a text is planned or submitted.
 */
import { contentHash, type ExtensionPieces, type PlannedExtension, parse } from '@flambe/language'
import type { Manifest } from '@flambe/protocol'
import type { Committed } from '../rows/committed.ts'
import type { Described, Describing } from './describing.ts'
import { extensionOf } from './pinned.ts'
import { EXTENSION } from './used.ts'

export interface Sent {
  readonly resources: { readonly [name: string]: Manifest }
  readonly extensions?: ExtensionPieces | undefined
}

export interface Pieces {
  readonly pieces: ExtensionPieces
  /** With the packed folders in the place of those that were uploaded. */
  readonly resources: { readonly [name: string]: Manifest }
  /** Blobs that must be uploaded before an agent can look. */
  readonly missing: readonly string[]
}

export interface Looking {
  readonly rows: Committed
  readonly describing: Describing
}

/** What an extension of the text needs before it can be planned, for the page. */
export interface ExtensionView {
  readonly name: string
  readonly location: string
  readonly kind: 'folder' | 'npm' | 'git'
  /** What the file pins its content to. */
  readonly sha256: string | null
  /**
   * `needed`: its folder must be uploaded and described. `here`: this hub has the pinned content, which must be described.
   * `described`, `problem`: an agent has looked.
   */
  readonly state: 'needed' | 'here' | 'described' | 'problem'
}

/** Asks agents where it must. */
export async function describePieces({ rows, describing }: Looking, text: string, sent: Sent): Promise<Pieces> {
  const pieces: { [name: string]: ExtensionPieces[string] } = {}
  const resources: { [name: string]: Manifest } = { ...sent.resources }
  const missing: string[] = []
  for (const extension of extensionsIn(text)) {
    const { name } = extension
    const given = manifestOf(rows, extension, sent)
    const told = own(sent.extensions, name)
    if (told !== undefined) pieces[name] = given === null ? told : held(extension, given, told)
    else if (given !== null) {
      const found = await describing.describe(name, given)
      if (found.kind === 'missing') missing.push(...found.missing)
      else pieces[name] = pieceOf(extension, found)
      if (found.kind === 'described') resources[EXTENSION + name] = found.manifest
    } else pieces[name] = absent(extension)
  }
  return { pieces, resources, missing }
}

/** Asks nobody: what is not described yet stands as a problem that says so. */
export function knownPieces(
  { rows, describing }: Looking,
  text: string,
  sent: Sent,
): { readonly pieces: ExtensionPieces; readonly views: readonly ExtensionView[] } {
  const pieces: { [name: string]: ExtensionPieces[string] } = {}
  const views = extensionsIn(text).map((extension): ExtensionView => {
    const { name, location, from, sha256 } = extension
    const about = { name, location, kind: from.kind, sha256 }
    const given = manifestOf(rows, extension, sent)
    const found = given === null ? null : describing.known(name, given)
    if (found === null || found.kind === 'missing') {
      pieces[name] = given === null ? absent(extension) : { problem: 'was not read by an agent yet', hint: '' }
      const here = given !== null && !Object.hasOwn(sent.resources, EXTENSION + name)
      return { ...about, state: here ? 'here' : 'needed' }
    }
    const piece = pieceOf(extension, found)
    pieces[name] = piece
    return { ...about, state: 'problem' in piece ? 'problem' : 'described' }
  })
  return { pieces, views }
}

type Extension = Pick<PlannedExtension, 'name' | 'location' | 'from' | 'sha256'>

/** A location that is wrong is a Problem already. */
const extensionsIn = (text: string): readonly Extension[] =>
  (parse(text).experiment?.extensions ?? []).flatMap(one => (one.from === null ? [] : [{ ...one, from: one.from }]))

const manifestOf = (rows: Committed, { name, sha256 }: Extension, { resources }: Sent): Manifest | null =>
  own(resources, EXTENSION + name) ?? (sha256 === null ? null : extensionOf(rows, sha256))

function pieceOf(extension: Extension, found: Exclude<Described, { kind: 'missing' }>): ExtensionPieces[string] {
  if (found.kind === 'problem') return { problem: found.problem, hint: found.hint }
  return held(extension, found.manifest, found.catalogue)
}

/** The file may say which content it wants. */
function held({ sha256 }: Extension, manifest: Manifest, piece: ExtensionPieces[string]): ExtensionPieces[string] {
  const content = contentHash(manifest)
  if (sha256 === null || sha256 === content) return piece
  return {
    problem: `is not what the file says: its content is ${content}`,
    hint: 'take `sha256` out to run it as it is',
  }
}

function absent({ from }: Extension): ExtensionPieces[string] {
  if (from.kind === 'folder')
    return {
      problem: 'was not sent: this hub cannot read your folders',
      hint: 'upload its folder, or `flambe submit FILE --hub URL`',
    }
  const kind = from.kind === 'npm' ? 'an npm package' : 'a git repository'
  return {
    problem: `is ${kind}, which this hub does not fetch`,
    hint: '`flambe submit FILE --hub URL --install` fetches it; or upload its folder',
  }
}

function own<T>(of: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return of !== undefined && Object.hasOwn(of, name) ? of[name] : undefined
}

/**
 * The extensions of the first document against what is known here: names, folders, and their catalogues, which join the
 * built-in one. Called by `plan`. An extension that nobody described leaves its tags unchecked.
 */
import type { Catalogue } from '../catalogue.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report } from '../reader/source.ts'
import { checkExists } from './references.ts'

/** What the caller knows of extensions, by name: their entries (tags with the prefix), or why there are none. */
export type ExtensionPieces = {
  readonly [name: string]: Catalogue | { readonly problem: string; readonly hint?: string }
}

export interface Extended {
  readonly catalogue: Catalogue
  readonly unchecked: ReadonlySet<string>
}

export function checkExtensions(
  { extensions }: ParsedExperiment,
  catalogue: Catalogue,
  pieces: ExtensionPieces | undefined,
  exists: ((location: string) => boolean) | undefined,
  report: Report,
): Extended {
  const tags = Object.keys(catalogue.components)
  const folders = extensions.flatMap(({ from, span, path }) =>
    from?.kind === 'folder' ? [{ location: from.path, span, path }] : [],
  )
  checkExists(folders, exists, report, 'extension-missing')
  let components = catalogue.components
  const unchecked = new Set<string>()
  for (const { name, keySpan: span, path, from } of extensions) {
    const taken = tags.find(tag => tag === name || tag.startsWith(`${name}.`))
    if (taken !== undefined) {
      const message = `\`${name}\` cannot be the name of an extension: there is a built-in !${taken}`
      report.add({ rule: 'extension-name', span, path, message, hint: 'choose another name' })
    }
    const piece = pieces !== undefined && Object.hasOwn(pieces, name) ? pieces[name] : undefined
    if (piece !== undefined && 'components' in piece) components = { ...components, ...own(piece, name) }
    else unchecked.add(name)
    // That was said already.
    if (from?.kind === 'folder' && exists !== undefined && !exists(from.path)) continue
    if (piece !== undefined && 'problem' in piece) {
      const message = `the extension \`${name}\` ${piece.problem}`
      report.add({ rule: 'extension-not-installed', span, path, message, hint: piece.hint ?? '' })
    } else if (pieces !== undefined && piece === undefined) {
      const message = `the extension \`${name}\` is not installed here`
      report.add({ rule: 'extension-not-installed', span, path, message, hint: '--install installs it' })
    }
  }
  return { catalogue: { components }, unchecked }
}

/** Only tags of its own name: an extension replaces no other component. */
function own({ components }: Catalogue, name: string): Catalogue['components'] {
  return Object.fromEntries(Object.entries(components).filter(([tag]) => tag.startsWith(`${name}.`)))
}

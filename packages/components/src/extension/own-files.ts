/**
 * How the files of an extension find each other: as TypeScript and bundlers let people write it, without an ending (`./growth`), by a
 * folder (`./lib`), or by the name that a file had before it was packed (`./growth.ts`). Node finds none of these by itself. Used by
 * host.ts, only after Node has found nothing; never for what lies in a node_modules.
 */
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ENDINGS = ['.js', '.mjs', '.cjs', '/index.js', '/index.mjs', '/index.cjs']

/** The URL of the file that is meant; null: there is none. */
export function ownFile(specifier: string, parent: string | undefined): string | null {
  if (!/^\.\.?\//.test(specifier) || !parent?.startsWith('file:') || parent.includes('/node_modules/')) return null
  const url = new URL(specifier, parent).href.replace(/\/$/, '')
  const script = /\.([cm]?)ts$/.exec(url)
  const tried = script === null ? ENDINGS.map(ending => url + ending) : [url.replace(/ts$/, 'js')]
  return tried.find(one => statSync(fileURLToPath(one), { throwIfNoEntry: false })?.isFile()) ?? null
}

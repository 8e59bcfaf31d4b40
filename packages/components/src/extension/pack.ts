/**
 * `main --pack FOLDER`: a copy of an extension's folder becomes what is sent and run, in place: TypeScript turned into JavaScript, so
 * that every Node.js of every agent can run it. One code for the command and for agents (which pack what a browser uploaded), so one
 * folder has one hash. Runs nothing of the extension. Called by main.ts.
 */
import { lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'

export type PackAnswer =
  | { readonly packed: true }
  /** `elsewhere`: another machine may do better. */
  | { readonly problem: string; readonly elsewhere: boolean }

/** The like of what a version control or npm puts into a folder, and what only an editor reads. */
const LEFT_OUT = /^(?:\.git|node_modules|\.gitignore)$|\.d\.[cm]?ts$/
const SCRIPT = /\.([cm]?)ts$/

export function packInPlace(folder: string): PackAnswer {
  try {
    const files = filesBelow(folder, '')
    const names = new Set(files)
    for (const path of files) if (SCRIPT.test(path)) transpile(folder, path, names)
    // Without one it is a folder of modules.
    if (!names.has('package.json')) writeFileSync(join(folder, 'package.json'), '{"type":"module"}\n')
    return { packed: true }
  } catch (error) {
    if (!(error instanceof CannotPack)) throw error
    return { problem: error.message, elsewhere: error.elsewhere }
  }
}

class CannotPack extends Error {
  readonly elsewhere: boolean
  constructor(message: string, elsewhere = false) {
    super(message)
    this.elsewhere = elsewhere
  }
}

/** What stays of it; the rest is removed. */
function filesBelow(folder: string, way: string): string[] {
  return readdirSync(join(folder, way), { withFileTypes: true }).flatMap(entry => {
    const path = way === '' ? entry.name : `${way}/${entry.name}`
    if (LEFT_OUT.test(entry.name)) {
      rmSync(join(folder, path), { recursive: true, force: true })
      return []
    }
    if (entry.isDirectory()) return filesBelow(folder, path)
    if (!lstatSync(join(folder, path)).isFile()) throw new CannotPack(`cannot be packed: ${path} is no file`)
    return [path]
  })
}

function transpile(folder: string, path: string, names: ReadonlySet<string>): void {
  const to = path.replace(SCRIPT, '.$1js')
  if (names.has(to)) throw new CannotPack(`cannot be packed: it has ${path} and ${to}, which are one file when packed`)
  if (typeof module.stripTypeScriptTypes !== 'function')
    throw new CannotPack(`has TypeScript, which Node.js ${process.version} cannot transpile: 22.13 and newer can`, true)
  writeFileSync(join(folder, to), javascript(readFileSync(join(folder, path), 'utf8'), path))
  rmSync(join(folder, path))
}

function javascript(text: string, path: string): string {
  const { emitWarning } = process
  // It says that it is experimental; that is no business of whoever writes an extension.
  process.emitWarning = () => undefined
  try {
    return module.stripTypeScriptTypes(text, { mode: 'transform' })
  } catch (error) {
    throw new CannotPack(`cannot be packed: ${path}: ${(error as Error).message.trim()}`)
  } finally {
    process.emitWarning = emitWarning
  }
}

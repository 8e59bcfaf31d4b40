/**
 * A folder becomes what is sent of an extension: a copy by content below `~/.flambe/extensions/packed`, TypeScript turned into
 * JavaScript, so that every Node.js of every agent can run it. Called by read.ts.
 */
import { randomUUID } from 'node:crypto'
import { copyFile, lstat, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { homedir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Manifest } from '@flambe/engine'
import { contentHash } from '@flambe/language'
import { type LocalManifest, localManifest } from '../client/manifest.ts'

export interface Packed {
  /** Where the packed files lie. */
  readonly folder: string
  readonly manifest: Manifest
  readonly sources: LocalManifest['sources']
  readonly sha256: string
}

/** What TypeScript of an extension cannot be turned into JavaScript. */
export class CannotPack extends Error {}

export const extensionsHome = (): string => join(homedir(), '.flambe', 'extensions')

/** `modules`: the node_modules that its imports find on this machine, or null. Throws Refused and CannotPack. */
export async function packFolder(source: string, modules: string | null): Promise<Packed> {
  const { manifest, sources } = await localManifest(source)
  if (manifest.kind !== 'folder') throw new CannotPack(`is no folder: ${source}`)
  const packed = join(extensionsHome(), 'packed')
  const part = join(packed, `part-${randomUUID()}`)
  await mkdir(part, { recursive: true })
  try {
    for (const { path, sha256 } of manifest.files) await packFile(sources.get(sha256) as string, path, part)
    // Without one it is a folder of modules.
    const about = { flag: 'wx' } as const
    await writeFile(join(part, 'package.json'), '{"type":"module"}\n', about).catch(error => {
      if (error.code !== 'EEXIST') throw error
    })
    const { sha256, folder } = await keep(part, packed)
    await linkModules(folder, modules)
    return { sha256, folder, ...(await localManifest(folder)) }
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

async function keep(part: string, packed: string): Promise<{ readonly sha256: string; readonly folder: string }> {
  const sha256 = contentHash((await localManifest(part)).manifest)
  const folder = join(packed, sha256)
  // What is there may have been written to since.
  await rm(folder, { recursive: true, force: true })
  await rename(part, folder)
  return { sha256, folder }
}

async function linkModules(folder: string, modules: string | null): Promise<void> {
  if (modules !== null && (await lstat(modules).catch(() => null)) !== null)
    await symlink(modules, join(folder, 'node_modules'))
}

async function packFile(from: string, path: string, root: string): Promise<void> {
  // It has been obeyed, and would hide what is made here.
  if (basename(path) === '.gitignore' || /\.d\.[cm]?ts$/.test(path)) return
  const to = join(root, path)
  await mkdir(dirname(to), { recursive: true })
  if (!/\.m?ts$/.test(path)) return await copyFile(from, to)
  await writeFile(to.replace(/ts$/, 'js'), javascript(await readFile(from, 'utf8'), path))
}

/** The import of a file of the extension's own follows its new name. */
const OWN = /(\bfrom\s*|\bimport\s*\(?\s*)(['"])(\.{1,2}\/[^'"\n]+?)\.(m?)ts\2/g

function javascript(text: string, path: string): string {
  const { emitWarning } = process
  // It says that it is experimental; that is no business of whoever writes an extension.
  process.emitWarning = () => undefined
  try {
    return stripTypeScriptTypes(text, { mode: 'transform' }).replace(OWN, '$1$2$3.$4js$2')
  } catch (error) {
    throw new CannotPack(`cannot be packed: ${path}: ${(error as Error).message.trim()}`)
  } finally {
    process.emitWarning = emitWarning
  }
}

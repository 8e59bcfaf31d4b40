/**
 * A folder becomes what is sent of an extension: a copy by content below `~/.flambe/extensions/packed`, TypeScript turned into
 * JavaScript by the trial runtime (the same code packs on an agent what a browser has uploaded). Called by read.ts.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Manifest } from '@flambe/engine'
import { contentHash } from '@flambe/language'
import { MAX_EXTENSION_BYTES, MAX_EXTENSION_FILES } from '@flambe/protocol'
import { type LocalManifest, localManifest } from '../client/manifest.ts'
import { askTrialProgram } from './program.ts'

export interface Packed {
  /** Where the packed files lie. */
  readonly folder: string
  readonly manifest: Manifest
  readonly sources: LocalManifest['sources']
  readonly sha256: string
}

/** Why a folder cannot be packed, as a Problem says it after the extension's name. */
export class CannotPack extends Error {
  readonly hint: string
  constructor(message: string, hint = '') {
    super(message)
    this.hint = hint
  }
}

export const extensionsHome = (): string => join(homedir(), '.flambe', 'extensions')
const packedHome = () => join(extensionsHome(), 'packed')

/** `modules`: the node_modules that its imports find on this machine, or null. Throws Refused and CannotPack. */
export async function packFolder(source: string, modules: string | null): Promise<Packed> {
  const { manifest, sources } = await localManifest(source)
  refuseUnfit(source, manifest)
  const packed = packedHome()
  const part = join(packed, `part-${randomUUID()}`)
  await mkdir(part, { recursive: true })
  try {
    for (const { path, sha256 } of manifest.files) {
      const to = join(part, path)
      await mkdir(dirname(to), { recursive: true })
      await copyFile(sources.get(sha256) as string, to)
    }
    const answer = await askTrialProgram(['--pack', part], packed)
    if ('why' in answer) throw new CannotPack(`cannot be packed: ${answer.why}`)
    if ('problem' in answer.said) throw new CannotPack(String(answer.said.problem))
    const made = await localManifest(part)
    const sha256 = contentHash(made.manifest)
    const folder = join(packed, sha256)
    // Another command may be reading what is there; what was written to since is made anew.
    if ((await packedBefore(sha256)) === null) {
      await rm(folder, { recursive: true, force: true })
      await rename(part, folder)
    }
    await linkModules(folder, modules)
    return { sha256, folder, ...(await localManifest(folder)) }
  } finally {
    await rm(part, { recursive: true, force: true })
  }
}

/** What was packed here once and still is what its name says, with the node_modules that it needs; else null. */
export async function packedBefore(sha256: string): Promise<Packed | null> {
  const folder = join(packedHome(), sha256)
  if (!existsSync(folder)) return null
  const { manifest, sources } = await localManifest(folder)
  return contentHash(manifest) === sha256 ? { folder, manifest, sources, sha256 } : null
}

async function linkModules(folder: string, modules: string | null): Promise<void> {
  const link = join(folder, 'node_modules')
  if (modules === (await readlink(link).catch(() => null))) return
  await rm(link, { recursive: true, force: true })
  if (modules !== null && existsSync(modules)) await symlink(modules, link)
}

function refuseUnfit(source: string, { kind, files }: Manifest): void {
  if (kind !== 'folder') throw new CannotPack(`is no folder: ${source}`)
  const bytes = files.reduce((sum, file) => sum + file.size, 0)
  const ignore = 'a .gitignore leaves out what is no code; data belongs to `resources`'
  if (files.length > MAX_EXTENSION_FILES)
    throw new CannotPack(`has ${files.length.toLocaleString('en')} files, and may have 5,000`, ignore)
  if (bytes > MAX_EXTENSION_BYTES)
    throw new CannotPack(`is ${Math.round(bytes / 2 ** 20)} MiB large, and may be 100`, ignore)
}

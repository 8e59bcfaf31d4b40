/**
 * The extensions of an experiment file on this machine: obtained, packed, described. What is wrong with one is a Problem of the
 * plan. Called by whoever plans a file to run or send it; tells the hub and `dump` what there is.
 */
import { type ExtensionPieces, type PlannedExtension, parse } from '@flambe/language'
import { type PlannedFile, planSource, readSource, type Source } from '../client/experiment-file.ts'
import { Refused } from '../client/refused.ts'
import { describeExtension } from './describe.ts'
import type { FoundExtension, FoundExtensions } from './found.ts'
import { NotObtained, obtain } from './obtain.ts'
import { CannotPack, type Packed, packedBefore, packFolder } from './pack.ts'

export interface ReadOptions {
  readonly seed?: number | undefined
  /** Earlier results are to be deleted, so the file may not resume them. */
  readonly force?: boolean | undefined
  /** Fetch what npm and git have of the file's extensions. */
  readonly install?: boolean | undefined
}

/** An experiment, of a file by its name, with its extensions known. Throws Refused. */
export async function planWithExtensions(from: string | Source, options: ReadOptions): Promise<PlannedFile> {
  const source = typeof from === 'string' ? readSource(from) : from
  return planSource(source, options, await readExtensions(source, options.install ?? false))
}

async function readExtensions({ file, text }: Source, install: boolean): Promise<FoundExtensions> {
  const { experiment } = parse(text, { file })
  const pieces: { [name: string]: ExtensionPieces[string] } = {}
  const all: FoundExtension[] = []
  for (const { name, from, sha256 } of experiment?.extensions ?? []) {
    if (from === null) continue
    const found = await readOne(file, { name, from, sha256 }, install)
    pieces[name] = found.piece
    if (found.read !== null) all.push(found.read)
  }
  return { pieces, found: all }
}

/** What npm or git gave once, and the file pins by its content, is taken as it was: neither is asked for it again. */
async function packedOf(
  file: string,
  { from, sha256 }: Pick<PlannedExtension, 'from' | 'sha256'>,
  install: boolean,
): Promise<{ readonly packed: Packed; readonly version: string | null }> {
  if (from.kind !== 'folder' && sha256 !== null && !install) {
    const packed = await packedBefore(sha256)
    if (packed !== null) return { packed, version: null }
  }
  const { folder, modules, version } = await obtain(file, from, install)
  return { packed: await packFolder(folder, modules), version }
}

async function readOne(
  file: string,
  { name, from, sha256 }: Pick<PlannedExtension, 'name' | 'from' | 'sha256'>,
  install: boolean,
): Promise<{ readonly piece: ExtensionPieces[string]; readonly read: FoundExtension | null }> {
  const wrong = (problem: string, hint = '') => ({ piece: { problem, hint }, read: null })
  try {
    const { packed, version } = await packedOf(file, { from, sha256 }, install)
    if (sha256 !== null && sha256 !== packed.sha256)
      return wrong(`is not what the file says: its content is ${packed.sha256}`, 'take `sha256` out to run it as it is')
    const described = await describeExtension(name, packed.folder)
    if ('problem' in described) return wrong(described.problem)
    const { manifest, sources } = packed
    return { piece: described, read: { name, version, sha256: packed.sha256, manifest, sources } }
  } catch (error) {
    if (error instanceof NotObtained) return wrong(error.message, error.hint)
    if (error instanceof CannotPack) return wrong(error.message, error.hint)
    if (error instanceof Refused && error.rule === 'resource-unreadable') return wrong(error.message)
    throw error
  }
}

/** Which extension a manifest is: a hash of its files, by which it is installed, held and swept. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER, type Manifest, type Spec } from '@flambe/protocol'

/** Name under which an extension's folder stands among the resources of a spec. */
export const EXTENSION = 'extension:'

export function extensionHash({ files }: Pick<Manifest, 'files'>): string {
  const content = files
    .map(({ path, sha256, executable }) => JSON.stringify([path, sha256, executable === true]))
    .sort()
  return createHash('sha256').update(content.join('\n')).digest('hex')
}

/** Of the extensions among these resources. */
export const extensionHashes = (resources: Spec['resources']): string[] =>
  Object.entries(resources).flatMap(([name, resource]) =>
    name.startsWith(EXTENSION) && resource.kind === 'blobs' ? [extensionHash(resource.manifest)] : [],
  )

/** Of every attempt folder below `attempts`: one is there from its assignment until the hub has all of it. */
export function hashesInFolders(attempts: string): string[] {
  return readdirSync(attempts).flatMap(name => {
    try {
      const text = readFileSync(join(attempts, name, FOLDER.spec), 'utf8')
      if (!text.includes(EXTENSION)) return []
      return extensionHashes((JSON.parse(text) as Pick<Spec, 'resources'>).resources)
    } catch {
      return [] // being made or being removed
    }
  })
}

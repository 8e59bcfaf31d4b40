/** May a state saved by one version of a class be loaded by another? Rule: semantic versions, 0.0.0 = not used (STA-9). */
import { createHash } from 'node:crypto'
import type { ComponentClass } from './component.ts'
import { LoadError } from './failure.ts'

/** Another class or another major version is a LoadError; another minor version or another source text is a warning. */
export function checkVersion(
  cls: ComponentClass,
  saved: { readonly class: string; readonly source: string },
  version: string,
): void {
  if (saved.class !== cls.name) throw new LoadError(`holds a ${saved.class}, but a ${cls.name} is wanted`)
  if (version === cls.version && version !== '0.0.0') return
  if (version !== '0.0.0') {
    const [before, now] = [version, cls.version].map(v => v.split('.').map(Number)) as [number[], number[]]
    if (before[0] !== now[0])
      throw new LoadError(`${cls.name} was saved by version ${version}; version ${cls.version} cannot load it`)
    if (before[1] !== now[1]) console.warn(`${cls.name} was saved by version ${version}, this is ${cls.version}`)
  } else if (saved.source !== createHash('sha256').update(cls.toString()).digest('hex'))
    console.warn(`the source of ${cls.name} has changed since its state was saved`)
}

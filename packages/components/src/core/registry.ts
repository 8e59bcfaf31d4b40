/** Tags to classes: the built-in library registers itself on import, an extension when it is loaded (prefix `ext.`). */
import type { ComponentClass } from './component.ts'

const classes = new Map<string, ComponentClass>()

/** Registers classes under their names (and `static tags`), with a prefix for extensions. */
export function register(list: readonly ComponentClass[], prefix = ''): void {
  for (const c of list) {
    const tags = [c.name, ...(Object.hasOwn(c, 'tags') ? (c.tags ?? []) : [])]
    for (const tag of tags) {
      const known = classes.get(prefix + tag)
      if (known !== undefined && known !== c) throw new Error(`two classes want the tag !${prefix}${tag}`)
      classes.set(prefix + tag, c)
    }
  }
}

export const lookup = (tag: string): ComponentClass | undefined => classes.get(tag)
export const registered = (): ReadonlyMap<string, ComponentClass> => classes

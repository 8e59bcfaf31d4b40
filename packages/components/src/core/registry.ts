/** Tags to classes: the built-in library registers itself on import, an extension when it is loaded (prefix `ext.`). */
import type { ComponentClass } from './component.ts'

const classes = new Map<string, ComponentClass>()

/** Registers classes under their names (and `static tags`), with a prefix for extensions. */
export function register(list: readonly ComponentClass[], prefix = ''): void {
  for (const c of list) {
    const tags = [c.name, ...(Object.hasOwn(c, 'tags') ? (c.tags ?? []) : [])]
    for (const tag of tags) registerAs(prefix + tag, c)
  }
}

/** Under a tag that is not made of the class's name: an extension's export. */
export function registerAs(tag: string, cls: ComponentClass): void {
  const known = classes.get(tag)
  if (known !== undefined && known !== cls) throw new Error(`two classes want the tag !${tag}`)
  classes.set(tag, cls)
}

export const lookup = (tag: string): ComponentClass | undefined => classes.get(tag)
export const registered = (): ReadonlyMap<string, ComponentClass> => classes

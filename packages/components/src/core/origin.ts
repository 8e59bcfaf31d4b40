/** How a component came to be: kept beside the instance, so that saving can write its configuration down. */
import type { Component } from './component.ts'

export interface Origin {
  readonly tag: string
  readonly factory: string | null
  /** Keywords as they were passed on, with the defaults of `static params`; components are the built ones. */
  readonly args: readonly (readonly [string, unknown])[]
}

const origins = new WeakMap<Component, Origin>()

export const originOf = (component: Component): Origin | undefined => origins.get(component)

/** The first origin stays: what `load_from_path` returns remembers its real configuration, not the path. */
export function setOrigin(component: Component, origin: Origin): void {
  if (!origins.has(component)) origins.set(component, origin)
}

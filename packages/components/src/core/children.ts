/**
 * A component's children: own fields that are components, also inside arrays, maps and plain objects. Each has a name that
 * is a good folder name (`encoder`, `layers.0`), the same in every process.
 */
import { Component } from './component.ts'
import { isPlain } from './values.ts'

/** In order of the fields; a child that is held twice appears twice. */
export function children(parent: Component): [name: string, child: Component][] {
  const found: [string, Component][] = []
  const open = new Set<object>()
  const path: string[] = []
  const visit = (value: unknown, key: string | number) => {
    if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return
    if (value instanceof Component) {
      found.push([[...path, String(key)].map(step).join('.'), value])
      return
    }
    const items = Array.isArray(value)
      ? value.entries()
      : value instanceof Map
        ? value.entries()
        : isPlain(value)
          ? Object.entries(value)
          : undefined
    if (items === undefined || open.has(value)) return
    open.add(value)
    path.push(String(key))
    for (const [k, v] of items) if (v !== null && typeof v === 'object') visit(v, k)
    path.pop()
    open.delete(value)
  }
  for (const [key, value] of Object.entries(parent)) visit(value, key)
  return found
}

/** The component and everything below it, each once, parents first. */
export function reachable(root: Component): Set<Component> {
  const seen = new Set<Component>([root])
  for (const component of seen) for (const [, child] of children(component)) seen.add(child)
  return seen
}

const step = (key: string) =>
  key === '' ? '%' : encodeURIComponent(key).replace(/[.*]/g, c => (c === '.' ? '%2E' : '%2A'))

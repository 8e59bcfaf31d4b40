/**
 * Helpers for `static params`: they put marks into a schema's meta that the catalogue reads (`component`, `path`), and
 * check the built value when a trial compiles. Kinds are names in the class chain, so a bundler must keep class names.
 */
import { z } from 'zod'
import { Component } from './component.ts'

/**
 * A keyword that expects a component of a kind: `dataset: component<Dataset>('Dataset')`. Works in `z.array(...)`, with
 * `.optional()`, and so on; `component('Component')` takes any.
 */
export function component<T extends Component = Component>(kind: string) {
  return z
    .custom<T>(value => value instanceof Component && kinds(value.constructor).includes(kind), {
      error: issue => `expected ${kind}, got ${named(issue.input)}`,
    })
    .meta({ component: kind })
}

/** A path on the writer's machine that travels with the experiment (`Script.script`, `Script.code`). */
export const shipped = () => z.string().min(1).meta({ path: 'shipped' })

/** Names of a class and its bases up to `Component`, nearest first. */
export function kinds(built: unknown): string[] {
  const names: string[] = []
  for (let c = built; typeof c === 'function' && c.name !== ''; c = Object.getPrototypeOf(c)) names.push(c.name)
  return names
}

function named(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? String(value)
  return Array.isArray(value) ? 'a list' : (value.constructor?.name ?? 'a map')
}

/** Names of experiments: labels, but only one experiment that is not archived carries one. Used by plan and submit. */
import type { EngineState } from '@flambe/engine'
import type { HubServices } from './context.ts'

export const nameTaken = (name: string, id: string): string =>
  `the name ${name} is taken by experiment ${id}: give this one another name, or use force, which cancels and archives that one`

/** Experiments of this name that are not archived. */
export function namesakes(hub: HubServices, experiments: EngineState['experiments'], name: string): readonly string[] {
  return [...experiments.values()].filter(e => e.name === name && !hub.archived.has(e.id)).map(e => e.id)
}

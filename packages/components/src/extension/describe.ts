/**
 * `main --describe NAME FOLDER`: what an extension brings, as one line of JSON on standard output: its catalogue, or why there is
 * none. In a process of its own, because it runs the extension's code. Called by main.ts, which `flambe plan` starts.
 */
import type { Catalogue } from '@flambe/language'
import { describeAll } from '../catalogue/describe.ts'
import { loadExtension } from './load.ts'

type Described = Catalogue | { readonly problem: string }

export async function describeExtension(name: string, folder: string): Promise<Described> {
  try {
    return describeAll(await loadExtension(name, folder))
  } catch (error) {
    return { problem: (error as Error).message.replace(`the extension ${name} `, '') }
  }
}

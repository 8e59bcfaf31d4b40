/** The catalogue of a packed extension, or why there is none. Called by read.ts. */
import type { Catalogue } from '@flambe/language'
import { askTrialProgram } from './program.ts'

export async function describeExtension(
  name: string,
  folder: string,
): Promise<Catalogue | { readonly problem: string }> {
  const answer = await askTrialProgram(['--describe', name, folder], folder)
  return 'said' in answer
    ? (answer.said as Catalogue | { readonly problem: string })
    : { problem: `cannot be loaded: ${answer.why}` }
}

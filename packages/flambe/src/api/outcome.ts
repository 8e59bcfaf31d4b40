/** How a run ended, out of the progress.json that it left. Called when the exit code says that it did not succeed. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FailedTrial } from './errors.ts'

interface Progress {
  readonly state: string
  readonly blocks: readonly {
    readonly id: string
    readonly trials: readonly {
      readonly number: number
      readonly state: string
      readonly attempts: readonly { readonly failure: { readonly message?: string } | string | null }[]
    }[]
  }[]
}

export function outcomeIn(dir: string): { readonly state: string; readonly failed: readonly FailedTrial[] } {
  const file = join(dir, 'progress.json')
  if (!existsSync(file)) return { state: 'not started', failed: [] }
  const { state, blocks } = JSON.parse(readFileSync(file, 'utf8')) as Progress
  const failed = blocks.flatMap(({ id, trials }) =>
    trials
      .filter(trial => trial.state === 'failure')
      .map(({ number, attempts }) => {
        const failure = attempts.at(-1)?.failure ?? null
        return { block: id, number, reason: typeof failure === 'string' ? failure : (failure?.message ?? null) }
      }),
  )
  return { state, failed }
}

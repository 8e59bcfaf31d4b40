/**
 * The schedule that made one trial as the lines that run it again (`!Replay`): they take the place of the block's entries under
 * `search` and `schedulers`. Pure; offered by population-panel.tsx, and beside the pieces in the JSON file.
 */
import type { Json } from '@flambe/language'
import type { Piece } from './population.ts'

/** `led`: the pieces that led to the trial, from step 0 on, as `ancestry` gives them. */
export function replayYaml(block: string, trial: string, led: readonly Piece[]): string {
  const values = led.map(piece => ({ ...piece, own: ownOf(block, piece.params) }))
  const [first] = values
  const changes = values
    .slice(1)
    // A piece in which no step was run has left nothing; steps must ascend.
    .filter(({ from }, i) => from > 0 && from < (values[i + 2]?.from ?? Number.POSITIVE_INFINITY))
  const steps = values.at(-1)?.to ?? 0
  const key = keyText(block)
  return [
    `# The schedule that made trial ${trial}, to run again: these take the place of the entries of ${block} under search and schedulers.`,
    'search:',
    `  ${key}: !Random`,
    '    n_trials: 1',
    `    initial: [${flow(first?.own ?? {})}]`,
    ...(changes.length === 0
      ? []
      : [
          'schedulers:',
          `  ${key}: !Replay`,
          '    schedule:',
          ...changes.map(({ from, own }) => `      - {step: ${from}, params: ${flow(own)}}`),
          ...(steps > 0 ? [`    max_t: ${steps}`] : []),
        ]),
    '',
  ].join('\n')
}

/** What was drawn for the block itself: options of the blocks before it are not the search's to choose. */
function ownOf(block: string, params: Piece['params']): { readonly [key: string]: Json } {
  return Object.fromEntries(
    Object.entries(params).filter(([key]) => key.startsWith(block) && /^[.[]/.test(key.slice(block.length))),
  )
}

const flow = (value: { readonly [key: string]: Json }): string =>
  `{${Object.entries(value)
    .map(([key, one]) => `${keyText(key)}: ${JSON.stringify(one)}`)
    .join(', ')}}`

/** Plain where that means the same text. */
const keyText = (key: string): string => (/^[A-Za-z_][\w.]*$/.test(key) ? key : JSON.stringify(key))

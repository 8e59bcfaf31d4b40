/**
 * Random pipelines for property tests: plain values, links, bracket paths, grids, samples, lists, components, aliases and merges, nested.
 * What they reach is held by `properties.test.ts`.
 */
import fc from 'fast-check'
import { file } from './plan-text.ts'

/** A value of a component's keyword, as YAML in flow form. */
type Written =
  | { readonly kind: 'plain'; readonly value: number }
  | { readonly kind: 'link'; readonly block: number }
  | { readonly kind: 'grid'; readonly items: readonly Written[] }
  | { readonly kind: 'sample'; readonly k: number }
  | { readonly kind: 'list'; readonly items: readonly Written[] }
  | { readonly kind: 'component'; readonly items: readonly Written[] }
  | { readonly kind: 'alias'; readonly block: number }
  | { readonly kind: 'merge'; readonly block: number }
  | { readonly kind: 'path'; readonly block: number }

const leaf: fc.Arbitrary<Written> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('plain' as const), value: fc.integer({ min: 0, max: 99 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('link' as const), block: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('alias' as const), block: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('merge' as const), block: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('path' as const), block: fc.nat(5) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sample' as const), k: fc.integer({ min: 1, max: 2 }) }) },
)
const { written } = fc.letrec<{ written: Written }>(tie => ({
  written: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    fc.record({ kind: fc.constant('grid' as const), items: fc.array(tie('written'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('list' as const), items: fc.array(tie('written'), { maxLength: 2 }) }),
    fc.record({ kind: fc.constant('component' as const), items: fc.array(tie('written'), { maxLength: 2 }) }),
  ),
}))
/** Blocks with their keywords, of which `yaml` makes a file. */
export const pipeline = fc.array(fc.array(written, { maxLength: 3 }), { minLength: 1, maxLength: 5 })

/**
 * Every plain value gets a number of its own, so that no two values of a grid are equal. `searched`: the last block gets distributions
 * instead of samples.
 */
export function yaml(blocks: readonly (readonly Written[])[], before = '', searched = false): string {
  let fresh = 100
  const text = (value: Written, own: number): string => {
    switch (value.kind) {
      case 'plain':
        return String(fresh++)
      case 'link':
        return own === 0 ? String(fresh++) : `{k${fresh++}: !@ b${value.block % own}}`
      case 'alias':
        return own === 0 ? String(fresh++) : `{k${fresh++}: *b${value.block % own}}`
      case 'merge':
        return `{<<: *b${value.block % (own + 1)}, k${fresh}: ${fresh++}}`
      case 'path':
        return own === 0 ? String(fresh++) : `[${fresh++}, !@ "b${value.block % own}[own][v]"]`
      case 'sample':
        if (searched && own === blocks.length - 1) return `!randint [${fresh}000, ${fresh++}009]`
        return `!s [${fresh}000, ${fresh++}009, ${value.k}]`
      case 'grid':
        return `!g [${value.items.map(item => text(item, own)).join(', ')}]`
      case 'list':
        return `[${[String(fresh++), ...value.items.map(item => text(item, own))].join(', ')}]`
      case 'component':
        return `!Any {k: ${[String(fresh++), ...value.items.map((item, i) => `k${i}: ${text(item, own)}`)].join(', ')}}`
    }
  }
  const lines = blocks.map((args, own) => {
    const keywords = args.map((value, i) => `a${i}: ${text(value, own)}`)
    return `b${own}: !Any\n  own: &b${own} {v: !g [${fresh++}, ${fresh++}]}\n${keywords.map(keyword => `  ${keyword}\n`).join('')}`
  })
  return file(before + lines.join(''), 'max_trials: 1000000\n')
}

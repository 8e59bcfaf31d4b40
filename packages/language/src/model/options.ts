/**
 * The options of a pipeline: their keys, their order, their alternatives with nested grids made flat and draws made. In a
 * block under a search algorithm nothing is drawn: an `!s` is there a distribution over its range.
 * Made by `plan`, read by the checks and by the building of the tree. One node of the document is one option.
 */
import type { NumericDistribution } from '../distribution.ts'
import {
  type AstDistribution,
  type AstGrid,
  type AstNode,
  type AstSample,
  type AstScalar,
  deref,
  join,
} from '../reader/ast.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import { LIMITS } from '../reader/limits.ts'
import { roundedRange } from '../reader/option.ts'
import type { Report, Span } from '../reader/source.ts'
import { describe } from '../reader/value.ts'
import { draw } from './draw.ts'
import { canonical } from './identity.ts'

export interface KnownOption {
  readonly key: string
  readonly order: number
  /** None where a search algorithm draws a number. */
  readonly alternatives: readonly KnownAlternative[]
  readonly distribution: NumericDistribution | null
  /** Places that drawn numbers are rounded to; null: as they are. */
  readonly decimals: number | null
  /** Where its tag stands, and the key path there. */
  readonly span: Span
  readonly path: string
}

/** What the node means, without where it is. */
type Meaning = Pick<KnownOption, 'alternatives' | 'distribution' | 'decimals'>

interface KnownAlternative {
  readonly node: AstNode
  /** Key path of the `!s` that drew it, else null. */
  readonly drawn: string | null
}

/** By the id of the node. */
export type Options = ReadonlyMap<number, KnownOption>

/** Null when there are too many. */
export function readOptions(experiment: ParsedExperiment, seed: number, report: Report): Options | null {
  const options = new Map<number, KnownOption>()
  const walk = (node: AstNode, key: string): void => {
    switch (node.kind) {
      case 'list':
        node.items.forEach((item, i) => {
          walk(item, join(key, i))
        })
        return
      case 'map':
      case 'component':
        for (const entry of node.entries) walk(entry.value, join(key, entry.key))
        return
      case 'grid':
      case 'sample':
      case 'distribution': {
        const option = understand(node)
        options.set(node.id, { key, order: options.size, span: node.tagSpan, path: node.path, ...option })
        option.alternatives.forEach((alternative, i) => {
          walk(alternative.node, join(key, i))
        })
      }
    }
  }
  let searched = false
  const understand = (node: AstGrid | AstSample | AstDistribution): Meaning => {
    if (node.kind === 'distribution') return { alternatives: [], distribution: node.distribution, decimals: null }
    if (node.kind === 'sample' && searched) return underSearch(node, report)
    return { alternatives: distinct(flat(node, searched ? null : seed), report), distribution: null, decimals: null }
  }
  const underSearches = new Set(experiment.search.map(entry => entry.block))
  for (const block of experiment.blocks) {
    searched = underSearches.has(block.id)
    walk(block.value, block.id)
  }
  if (options.size <= LIMITS.options) return options
  const message = `the pipeline has ${options.size.toLocaleString('en')} options, more than ${LIMITS.options.toLocaleString('en')}`
  report.add({ rule: 'too-many-options', span: experiment.pipelineSpan, path: 'pipeline', message })
  return null
}

/** A grid inside a grid is spread into it, unless an alias uses it elsewhere too: then it stays one option of its own. */
function flat(node: AstGrid | AstSample, seed: number | null): KnownAlternative[] {
  if (node.kind === 'sample') {
    // Under a search algorithm (no seed) a range inside of a grid is an option of its own.
    if (seed === null) return [{ node, drawn: null }]
    return draw(node, seed).map(value => ({ node: drawnScalar(node, value), drawn: node.path }))
  }
  return node.items.flatMap(item => {
    if ((item.kind === 'grid' || item.kind === 'sample') && !item.shared) return flat(item, seed)
    return [{ node: item, drawn: null }]
  })
}

/** Range and rounding of an `!s` are kept, its k is not. */
function underSearch(node: AstSample, report: Report): Meaning {
  const { low, high, k, decimals, rounded } = node
  const message = `k (${k}) has no effect under a search algorithm, which draws from the range as often as it likes`
  const hint = decimals === null ? `!randint [${low}, ${high}]` : `!uniform [${low}, ${high}]`
  const span = node.items[2]?.span ?? node.span
  report.add({ rule: 'sample-under-search', severity: 'warning', span, path: node.path, message, hint })
  if (decimals === null) return { alternatives: [], distribution: { kind: 'randint', low, high }, decimals: null }
  if (!rounded) return { alternatives: [], distribution: { kind: 'uniform', low, high }, decimals: null }
  const [first, end] = roundedRange(low, high, decimals)
  const scale = 10 ** decimals
  if (end - first === 1) {
    const alternatives = [{ node: drawnScalar(node, first / scale), drawn: null }]
    return { alternatives, distribution: null, decimals: null }
  }
  const distribution = { kind: 'quniform', low: first / scale, high: (end - 1) / scale, q: 1 / scale } as const
  return { alternatives: [], distribution, decimals }
}

function drawnScalar(sample: AstSample, value: number): AstScalar {
  const { id, span, path } = sample
  return { kind: 'scalar', id, span, path, shared: false, value, text: String(value), int: sample.decimals === null }
}

/** Equal values that were written are a Problem; a drawn value that is there already falls away. */
function distinct(all: readonly KnownAlternative[], report: Report): KnownAlternative[] {
  const written = new Set<string>()
  for (const { node, drawn } of all) {
    if (drawn !== null || deref(node).kind === 'bad') continue
    const form = canonical(node)
    if (written.has(form)) {
      const message = `${describe(node)} stands twice in this list`
      report.add({ rule: 'grid-equal', span: node.span, path: node.path, message, hint: 'take one of them out' })
    }
    written.add(form)
  }
  const drawn = new Set<string>()
  return all.filter(alternative => {
    if (alternative.drawn === null) return true
    const form = canonical(alternative.node)
    if (written.has(form) || drawn.has(form)) return false
    drawn.add(form)
    return true
  })
}

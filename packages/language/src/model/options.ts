/**
 * The options of a pipeline: their keys, their order, their alternatives with nested grids made flat and draws made.
 * Made by `plan`, read by the checks and by the building of the tree. One node of the document is one option.
 */
import { type AstGrid, type AstNode, type AstSample, type AstScalar, deref, join } from '../reader/ast.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import { LIMITS } from '../reader/limits.ts'
import type { Report } from '../reader/source.ts'
import { describe } from '../reader/value.ts'
import { draw } from './draw.ts'
import { canonical } from './identity.ts'

interface KnownOption {
  readonly key: string
  readonly order: number
  readonly alternatives: readonly KnownAlternative[]
}

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
      case 'sample': {
        const alternatives = distinct(flat(node, seed), report)
        options.set(node.id, { key, order: options.size, alternatives })
        alternatives.forEach((alternative, i) => {
          walk(alternative.node, join(key, i))
        })
      }
    }
  }
  for (const block of experiment.blocks) walk(block.value, block.id)
  if (options.size <= LIMITS.options) return options
  const message = `the pipeline has ${options.size.toLocaleString('en')} options, more than ${LIMITS.options.toLocaleString('en')}`
  report.add({ rule: 'too-many-options', span: experiment.pipelineSpan, path: 'pipeline', message })
  return null
}

/** A grid inside a grid is spread into it, unless an alias uses it elsewhere too: then it stays one option of its own. */
function flat(node: AstGrid | AstSample, seed: number): KnownAlternative[] {
  if (node.kind === 'sample') {
    return draw(node, seed).map(value => ({ node: drawnScalar(node, value), drawn: node.path }))
  }
  return node.items.flatMap(item => {
    if ((item.kind === 'grid' || item.kind === 'sample') && !item.shared) return flat(item, seed)
    return [{ node: item, drawn: null }]
  })
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
      const message = `${describe(node)} stands twice in this grid`
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

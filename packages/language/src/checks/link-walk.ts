/**
 * Where the brackets of a link lead in the written configuration: through components, maps, lists, options (every
 * alternative must have the path) and other links (rule LNK-4). Called by `checks/links.ts`.
 */
import type { Options } from '../model/options.ts'
import { type AstLink, type AstNode, type AstTarget, deref, isOption } from '../reader/ast.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report } from '../reader/source.ts'
import { didYouMean } from '../reader/suggest.ts'
import { short } from '../reader/value.ts'

interface Found {
  /** All nodes that the path may end at, one for each alternative on the way. */
  readonly targets: readonly AstTarget[]
  readonly keys: readonly (string | number)[]
}

/** Links through links through options multiply; beyond so many steps an honest file does not go. */
const MOST_STEPS = 200_000

export class LinkWalk {
  private readonly experiment: ParsedExperiment
  private readonly options: Options
  private readonly report: Report
  private readonly known = new Map<number, Found | null | 'open'>()
  private steps = 0

  constructor(experiment: ParsedExperiment, options: Options, report: Report) {
    this.experiment = experiment
    this.options = options
    this.report = report
  }

  /** Null when the path leads nowhere; that has been reported at the link whose path it is. */
  resolve(link: AstLink): Found | null {
    const known = this.known.get(link.id)
    if (known === 'open') return null
    if (known !== undefined) return known
    this.known.set(link.id, 'open')
    const block = this.experiment.blocks.find(candidate => candidate.id === link.root)
    const keys: (string | number)[] = [...link.keys]
    const targets = new Map<number, AstTarget>()
    const found = block !== undefined && this.walk(block.value, 0, link, keys, targets)
    const result = found ? { targets: [...targets.values()], keys } : null
    this.known.set(link.id, result)
    return result
  }

  /** What an option, or a link, may stand for at the end of a path. */
  expand(target: AstTarget): readonly AstTarget[] {
    if (isOption(target)) {
      const alternatives = this.options.get(target.id)?.alternatives ?? []
      return alternatives.flatMap(alternative => this.expand(deref(alternative.node)))
    }
    return [target]
  }

  private walk(
    node: AstNode,
    depth: number,
    link: AstLink,
    keys: (string | number)[],
    into: Map<number, AstTarget>,
  ): boolean {
    this.steps += 1
    if (this.steps > MOST_STEPS) {
      const message = 'the links of this pipeline branch too often to be followed'
      this.report.add({ rule: 'entangled-space', span: this.experiment.pipelineSpan, path: 'pipeline', message })
      return false
    }
    const target = deref(node)
    if (target.kind === 'bad') return false
    const key = link.keys[depth]
    if (key === undefined) {
      into.set(target.id, target)
      return true
    }
    switch (target.kind) {
      case 'map':
      case 'component': {
        const entry = target.entries.find(candidate => candidate.key === key)
        if (entry !== undefined) return this.walk(entry.value, depth + 1, link, keys, into)
        const names = target.entries.map(candidate => candidate.key)
        const what = target.kind === 'component' ? `!${target.tag}` : 'the map'
        const hint = didYouMean(key, names)
        return this.nowhere(link, depth, `${what} at \`${target.path}\` has no written keyword \`${short(key)}\``, hint)
      }
      case 'list': {
        const item = /^\d+$/.test(key) ? target.items[Number(key)] : undefined
        if (item === undefined) {
          const hint = target.items.length === 0 ? '' : `places go from 0 to ${target.items.length - 1}`
          return this.nowhere(link, depth, `the list at \`${target.path}\` has no place \`${short(key)}\``, hint)
        }
        keys[depth] = Number(key)
        return this.walk(item, depth + 1, link, keys, into)
      }
      case 'link':
        return this.through(target, depth, link, keys, into)
      case 'grid': {
        const alternatives = this.options.get(target.id)?.alternatives ?? []
        return alternatives.every(alternative => this.walk(alternative.node, depth, link, keys, into))
      }
      default:
        return this.nowhere(link, depth, `\`${target.path}\` is a plain value; nothing can follow it`, '')
    }
  }

  /** The keyword is itself a link: the walk goes on in what it names. */
  private through(
    inner: AstLink,
    depth: number,
    link: AstLink,
    keys: (string | number)[],
    into: Map<number, AstTarget>,
  ): boolean {
    // What an attribute holds is known when the trial is built: the rest of the path is checked there.
    if (inner.attributes.length > 0 || inner.call) return true
    const found = this.resolve(inner)
    return found?.targets.every(target => this.walk(target, depth, link, keys, into)) ?? false
  }

  private nowhere(link: AstLink, depth: number, message: string, hint: string): false {
    const way = link.keys.slice(0, depth + 1).map(key => `[${key}]`)
    const text = `\`${link.root}${way.join('')}\` leads nowhere: ${message}`
    this.report.add({ rule: 'link-path', span: link.span, path: link.path, message: text, hint })
    return false
  }
}

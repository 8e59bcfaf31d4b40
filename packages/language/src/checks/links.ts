/**
 * Every link of every block: its root, its bracket path, its attributes, its place (rules LNK-1 to LNK-12). Called by
 * `plan`; gives back the bracket path of every link with places of lists as numbers, for the tree.
 */
import type { Catalogue } from '../catalogue.ts'
import { type AstLink, type AstNode, type AstTarget, children, deref } from '../reader/ast.ts'
import type { ParsedBlock } from '../reader/blocks.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report } from '../reader/source.ts'
import { suggest } from '../reader/suggest.ts'
import { checkAttributes } from './attributes.ts'
import type { LinkWalk } from './link-walk.ts'

/** By the id of the link's node. Links without an entry go nowhere and have been reported. */
export type LinkKeys = ReadonlyMap<number, readonly (string | number)[]>

export function checkLinks(
  experiment: ParsedExperiment,
  walk: LinkWalk,
  catalogue: Catalogue,
  report: Report,
): LinkKeys {
  const places = new Map(experiment.blocks.map((block, index) => [block.id, index]))
  const check: Check = {
    places,
    resources: new Set(experiment.resources.map(resource => resource.name)),
    walk,
    catalogue,
    report,
    keys: new Map(),
    told: new Set(),
  }
  experiment.blocks.forEach((block, index) => {
    checkBlock(block, index, check)
  })
  return check.keys
}

interface Check {
  readonly places: ReadonlyMap<string, number>
  readonly resources: ReadonlySet<string>
  readonly walk: LinkWalk
  readonly catalogue: Catalogue
  readonly report: Report
  readonly keys: Map<number, readonly (string | number)[]>
  /** Links that were reported: an aliased one is told once. */
  readonly told: Set<number>
}

/** All links that the block sees, through aliases too, each once. */
function checkBlock(block: ParsedBlock, index: number, check: Check): void {
  const seen = new Set<number>()
  const visit = (node: AstNode): void => {
    const target = deref(node)
    if (seen.has(target.id)) return
    seen.add(target.id)
    if (target.kind === 'link' && !check.told.has(target.id)) {
      const before = check.report.problems.length
      checkLink(target, block, index, check)
      if (check.report.problems.length > before) check.told.add(target.id)
    }
    for (const child of children(target)) visit(child)
  }
  visit(block.value)
}

function checkLink(link: AstLink, block: ParsedBlock, index: number, check: Check): void {
  const { report } = check
  const at = { span: link.span, path: link.path }
  const place = check.places.get(link.root)
  if (place === undefined && check.resources.has(link.root)) {
    check.keys.set(link.id, [])
    if (link.keys.length === 0 && link.attributes.length === 0 && !link.call) return
    const message = `\`${link.root}\` is a resource: a link to it is its path, and nothing can follow`
    report.add({ rule: 'link-resource', ...at, message, hint: `!@ ${link.root}` })
    return
  }
  if (place === undefined) {
    const message = `there is no block and no resource \`${link.root}\``
    const near = suggest(link.root, [...check.places.keys(), ...check.resources])
    report.add({ rule: 'link-unknown', ...at, message, hint: near === null ? '' : `did you mean ${near}?` })
    return
  }
  if (place > index) {
    const message = `\`${block.id}\` links to \`${link.root}\`, which stands later in the pipeline`
    report.add({ rule: 'link-forward', ...at, message, hint: `move \`${link.root}\` before \`${block.id}\`` })
    return
  }
  const found = check.walk.resolve(link)
  if (found === null) return
  check.keys.set(link.id, found.keys)
  if (place === index && !checkPlace(link, found.targets, block, check)) return
  checkAttributes(link, found.targets, check.walk, check.catalogue, report)
}

/** Within a block things are built in the order of the document: a target must be complete before the link (LNK-5). */
function checkPlace(link: AstLink, targets: readonly AstTarget[], block: ParsedBlock, check: Check): boolean {
  for (const target of targets) {
    const { start, end } = target.span
    if (start <= link.span.start && link.span.end <= end) {
      const message = `this link stands inside of what it names (in block \`${block.id}\`), which cannot be built before it`
      check.report.add({
        rule: 'link-parent',
        span: link.span,
        path: link.path,
        message,
        hint: 'link an earlier part of the block',
      })
      return false
    }
    if (start > link.span.start) {
      const message = `this link names a part of its own block \`${block.id}\` that stands later`
      check.report.add({
        rule: 'link-later',
        span: link.span,
        path: link.path,
        message,
        hint: 'move the part before the link',
      })
      return false
    }
  }
  return true
}

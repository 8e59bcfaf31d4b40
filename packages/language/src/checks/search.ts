/**
 * Whether options and search algorithms belong together: a distribution needs a `search` entry for its block, an entry needs
 * options, and an option under a search is one block's own. Called by `plan`; the entries' keywords are checked by `components.ts`.
 */
import type { Options } from '../model/options.ts'
import type { PlannedBlock } from '../plan.ts'
import { type AstNode, type AstOption, children, deref, isOption } from '../reader/ast.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report } from '../reader/source.ts'
import type { TreeNode } from '../tree.ts'

export function checkSearch(experiment: ParsedExperiment, report: Report): void {
  const entries = new Map(experiment.search.map(entry => [entry.block, entry]))
  for (const block of experiment.blocks) {
    const { options, faulty } = optionsSeen(block.value)
    const entry = entries.get(block.id)
    if (entry === undefined) {
      for (const option of options) withoutSearch(option, block.id, report)
    } else if (options.length === 0 && !faulty) {
      const message = `\`${block.id}\` has no options for a search algorithm to choose from`
      const hint = 'give a keyword a distribution such as !uniform [0, 1], or take the entry out'
      report.add({ rule: 'search-without-options', span: entry.keySpan, path: entry.path, message, hint })
    }
  }
}

function withoutSearch(option: AstOption, block: string, report: Report): void {
  if (option.kind === 'sample' || (option.kind === 'grid' && !option.choice)) return
  const tag = option.kind === 'grid' ? 'choice' : option.distribution.kind
  const message = `!${tag} needs a search algorithm, and \`${block}\` has none`
  const instead = tag === 'choice' ? 'use !g' : 'use !s for random draws'
  const hint = `write search: {${block}: !TPE {n_trials: 20}}, or ${instead}`
  report.add({ rule: 'distribution-without-search', span: option.tagSpan, path: option.path, message, hint })
}

/** Through aliases too, each once. `faulty`: something was not understood, perhaps an option. */
function optionsSeen(root: AstNode): { readonly options: readonly AstOption[]; readonly faulty: boolean } {
  const seen = new Set<number>()
  const found: AstOption[] = []
  let faulty = false
  const visit = (node: AstNode): void => {
    const target = deref(node)
    if (seen.has(target.id)) return
    seen.add(target.id)
    if (target.kind === 'bad') faulty = true
    if (isOption(target)) found.push(target)
    for (const child of children(target)) visit(child)
  }
  visit(root)
  return { options: found, faulty }
}

/** False: told. Two blocks that meet in one trial (one builds on the other, or a third on both) cannot search one option separately. */
export function checkShared(blocks: readonly PlannedBlock[], options: Options, report: Report): boolean {
  if (!blocks.some(({ search }) => search !== null)) return true
  const before = report.problems.length
  const users = new Map<string, PlannedBlock[]>()
  for (const block of blocks) {
    for (const key of keysOf(block.root)) users.set(key, [...(users.get(key) ?? []), block])
  }
  const places = new Map([...options.values()].map(option => [option.key, option]))
  const met = new Map<string, ReadonlySet<string>>()
  const meet = (a: string, b: string): boolean => {
    let others = met.get(a)
    if (others === undefined) {
      const chains = blocks.map(({ id, ancestors }) => [...ancestors, id]).filter(ids => ids.includes(a))
      others = new Set(chains.flat())
      met.set(a, others)
    }
    return others.has(b)
  }
  for (const [key, all] of users) {
    if (report.full) break
    const searched = all.find(({ search }) => search !== null)
    const other = all.find(block => block !== searched && searched !== undefined && meet(searched.id, block.id))
    if (searched === undefined || other === undefined) continue
    const at = places.get(key)
    const message = `this option is used in \`${searched.id}\`, which has a search algorithm, and in \`${other.id}\` too`
    const hint = `write it twice, or link the value: !@ ${key.replace(/\..*/, '')}`
    if (at !== undefined) report.add({ rule: 'option-shared', span: at.span, path: at.path, message, hint })
  }
  return report.problems.length === before
}

function keysOf(root: TreeNode): ReadonlySet<string> {
  const keys = new Set<string>()
  const visit = (node: TreeNode): void => {
    if (node.kind === 'list') node.items.forEach(visit)
    else if (node.kind === 'map') for (const [, value] of node.entries) visit(value)
    else if (node.kind === 'component') for (const [, value] of node.args) visit(value)
    else if (node.kind === 'distribution') keys.add(node.key)
    else if (node.kind === 'option') {
      keys.add(node.key)
      for (const { value } of node.alternatives) visit(value)
    }
  }
  visit(root)
  return keys
}

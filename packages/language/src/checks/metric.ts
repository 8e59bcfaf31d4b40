/**
 * Whether what ranks trials (reduce, search, schedulers) has a metric to rank by: a warning, since the run goes on without. Called by
 * `plan`. Extensions are left alone: their classes may have a metric without declaring its direction.
 */
import type { Catalogue } from '../catalogue.ts'
import { type AstNode, deref } from '../reader/ast.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report } from '../reader/source.ts'
import { lookUp } from './tags.ts'

/** The keyword by which a component, or a search, names what it ranks by. */
const METRIC = 'metric'

export function checkMetrics(experiment: ParsedExperiment, builtin: Catalogue, report: Report): void {
  const blocks = new Map(experiment.blocks.map(block => [block.id, block.value]))
  const own = new Set(
    [...experiment.search, ...experiment.schedulers]
      .filter(({ component }) => component.entries.some(({ key }) => key === METRIC))
      .map(entry => entry.path),
  )
  const ranking = [
    ...experiment.reduce.map(entry => ({ ...entry, what: '`reduce` ranks by' })),
    ...experiment.search.map(entry => ({ ...entry, what: 'a search algorithm looks at' })),
    ...experiment.schedulers.map(entry => ({ ...entry, what: 'a scheduler looks at' })),
  ]
  for (const { block, keySpan, path, what } of ranking) {
    const value = blocks.get(block)
    const missing = value === undefined || own.has(path) ? null : withoutMetric(value, builtin)
    if (missing === null) continue
    const message = `${what} the metric of \`${block}\`, and !${missing.tag} reports none`
    report.add({ rule: 'without-metric', severity: 'warning', span: keySpan, path, message, hint: missing.hint })
  }
}

function withoutMetric(value: AstNode, catalogue: Catalogue): { readonly tag: string; readonly hint: string } | null {
  const component = deref(value)
  if (component.kind !== 'component') return null
  const known = lookUp(component.tag, catalogue)
  if (known === null || known.entry.lower_is_better !== null) return null
  const named = known.params.find(({ name }) => name === METRIC)
  if (named === undefined) return { tag: component.tag, hint: '' }
  if (component.entries.some(({ key }) => key === METRIC)) return null
  return {
    tag: component.tag,
    hint: `give !${component.tag} the keyword \`${METRIC}\` with the name of a value that it reports`,
  }
}

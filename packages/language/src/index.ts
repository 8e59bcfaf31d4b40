/** The language: YAML text to a checked Plan, or positioned Problems; variants counted and enumerated. */
export { type AnsweredBlock, type AnsweredProblem, type PlanAnswer, planAnswer } from './answer.ts'
export type { Catalogue, CatalogueEntry, CatalogueFactory, CatalogueParam, Json } from './catalogue.ts'
export type { ExtensionPieces } from './checks/extensions.ts'
export type { ComponentNode, ConfigNode, LinkNode, ResolvedBlock, ResolvedConfig } from './config.ts'
export type { Assignment, NumericDistribution, SearchDistribution, SearchSpace } from './distribution.ts'
export { type Completion, complete } from './editor/complete.ts'
export { type Definition, definition } from './editor/definition.ts'
export { type Hover, hover } from './editor/hover.ts'
export { formatProblem } from './format.ts'
export { ancestries } from './model/ancestries.ts'
export { type Difference, differences } from './model/differences.ts'
export { type DumpOptions, dump, type Pinned } from './model/dump.ts'
export { isEnumerable } from './model/enumerable.ts'
export { contentHash, fingerprint, type Hashes } from './model/fingerprint.ts'
export { type Planned, type PlanOptions, plan } from './model/planning.ts'
export { resolve } from './model/resolve.ts'
export { runsOf } from './model/runs.ts'
export { entryProblem, type SearchEntry, searchEntries } from './model/search-entries.ts'
export { variantFrom, variantOf, variantsUpon } from './model/upon.ts'
export { variantAt, variants } from './model/variants.ts'
export type {
  Devices,
  Place,
  Plan,
  PlanNode,
  PlannedBlock,
  PlannedExtension,
  PlannedResource,
  PlannedScheduler,
  PlannedSearch,
  Reduce,
  Settings,
  Variant,
} from './plan.ts'
export { PROBLEM_CODES, type Problem, type ProblemCode } from './problem.ts'
export type { ParsedExperiment } from './reader/experiment.ts'
export { LIMITS } from './reader/limits.ts'
export { type Parsed, parse } from './reader/parse.ts'
export { inOrder } from './reader/source.ts'
export { RULES, type Rule, type RuleName } from './rules.ts'
export type { Alternative, TreeComponent, TreeDistribution, TreeNode, TreeOption } from './tree.ts'

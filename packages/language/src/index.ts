export type { Catalogue, CatalogueEntry, CatalogueFactory, CatalogueParam, Json } from './catalogue.ts'
export type { ComponentNode, ConfigNode, LinkNode, ResolvedBlock, ResolvedConfig } from './config.ts'
export type { Devices, Plan, PlannedBlock, PlannedResource, Reduce, Settings, Variant } from './plan.ts'
export { PROBLEM_CODES, type Problem, type ProblemCode } from './problem.ts'

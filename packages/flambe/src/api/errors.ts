/**
 * What the API throws, one hierarchy: ParsingExperimentError holds all problems of an experiment, each of them as an error of
 * its family too; ClusterError is the hub's or its agents'; UnsuccessfulRunError says what failed. Anything else is a bug.
 */
import type { Problem, ProblemCode } from '@flambe/language'
import { problemOf, Refused } from '../client/refused.ts'
import { countProblems, showProblems } from '../terminal/problems.ts'

/** `check`: nothing was touched. */
export type Phase = 'check' | 'setup' | 'run'

export class ExperimentError extends Error {
  override readonly name: string = 'ExperimentError'
  readonly phase: Phase

  constructor(message: string, phase: Phase, options?: ErrorOptions) {
    super(message, options)
    this.phase = phase
  }
}

/** One problem: where it stands and how it is mended. */
export class ProblemError extends ExperimentError {
  override readonly name: string = 'ProblemError'
  readonly problem: Problem
  readonly code: ProblemCode
  readonly rule: string
  /** Key path, `pipeline.b.x`; empty when there is none. */
  readonly path: string
  /** 1-based. */
  readonly line: number
  readonly column: number
  readonly hint: string

  constructor(problem: Problem, phase: Phase = 'check') {
    super(problem.message, phase)
    this.problem = problem
    this.code = problem.code
    this.rule = problem.rule
    this.path = problem.path
    this.line = problem.line
    this.column = problem.column
    this.hint = problem.hint
  }
}

/** CONFIG: keys, names and values of the experiment itself, files and folders. */
export class ConfigurationError extends ProblemError {
  override readonly name = 'ConfigurationError'
}
/** TAG: an unknown component or factory, or keywords that it does not take. */
export class TagError extends ProblemError {
  override readonly name = 'TagError'
}
export class LinkError extends ProblemError {
  override readonly name: string = 'LinkError'
}
/** LINK_SYNTAX. */
export class MalformedLinkError extends LinkError {
  override readonly name = 'MalformedLinkError'
}
/** LINK_ORDER: what is linked to stands later, or is not built yet. */
export class UnpreparedLinkError extends LinkError {
  override readonly name = 'UnpreparedLinkError'
}
/** SPACE: options and distributions. */
export class SearchSpaceError extends ProblemError {
  override readonly name = 'SearchSpaceError'
}
/** BLOCKREF: `reduce`, `search`, `schedulers`, `resume`, `devices` name what is no block, or not such a one. */
export class SearchComponentError extends ProblemError {
  override readonly name = 'SearchComponentError'
}
export class ResourceError extends ProblemError {
  override readonly name = 'ResourceError'
}
/** RESULTS: earlier results are in the way, or not those to resume. */
export class ResultsError extends ProblemError {
  override readonly name = 'ResultsError'
}
export class LimitError extends ProblemError {
  override readonly name = 'LimitError'
}
export class ExtensionError extends ProblemError {
  override readonly name = 'ExtensionError'
}

const FAMILIES: { readonly [code in ProblemCode]: new (problem: Problem, phase?: Phase) => ProblemError } = {
  CONFIG: ConfigurationError,
  TAG: TagError,
  LINK_SYNTAX: MalformedLinkError,
  LINK_ORDER: UnpreparedLinkError,
  LINK_TARGET: LinkError,
  SPACE: SearchSpaceError,
  BLOCKREF: SearchComponentError,
  RESOURCE: ResourceError,
  RESULTS: ResultsError,
  LIMIT: LimitError,
  EXTENSION: ExtensionError,
}

/** The experiment is wrong; nothing was touched. `problems` holds all of it, warnings too, with lines of `text`. */
export class ParsingExperimentError extends ExperimentError {
  override readonly name = 'ParsingExperimentError'
  readonly problems: readonly Problem[]
  /** The errors among them, each of the class of its family. */
  readonly errors: readonly ProblemError[]
  readonly text: string

  constructor(problems: readonly Problem[], text: string) {
    super(`${countProblems(problems)}\n${showProblems(problems, text)}`, 'check')
    this.problems = problems
    this.errors = problems.filter(p => p.severity === 'error').map(problem => new FAMILIES[problem.code](problem))
    this.text = text
  }
}

/** The hub cannot be reached or says no, or an agent cannot be made ready. */
export class ClusterError extends ExperimentError {
  override readonly name = 'ClusterError'
}

export interface FailedTrial {
  readonly block: string
  readonly number: number
  readonly reason: string | null
}

/** It ran and did not succeed. `code` as of the command: 1 a trial failed, 3 something went wrong, 130 interrupted. */
export class UnsuccessfulRunError extends ExperimentError {
  override readonly name = 'UnsuccessfulRunError'
  readonly code: number
  readonly state: string
  readonly failed: readonly FailedTrial[]

  constructor(code: number, state: string, failed: readonly FailedTrial[]) {
    const some = failed.slice(0, 10).map(({ block, number, reason }) => `\n  ${block} ${number}: ${reason ?? 'failed'}`)
    const rest = failed.length > some.length ? `\n  … and ${failed.length - some.length} more` : ''
    super(`the experiment did not succeed: ${state} (exit code ${code})${some.join('')}${rest}`, 'run')
    this.code = code
    this.state = state
    this.failed = failed
  }
}

/** Runs it; what the command would refuse in one line is thrown as the API's class for it. */
export async function inTerms<T>(phase: Phase, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (error.rule === 'refused') throw new ClusterError(error.message, phase, { cause: error })
    const problem = problemOf(error, '')
    throw new FAMILIES[problem.code](problem, error.code === 2 ? 'check' : phase)
  }
}

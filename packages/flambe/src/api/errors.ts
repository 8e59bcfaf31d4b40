/** What the API throws, beside Refused for what lies in this machine or a hub. */
import type { Problem } from '@flambe/language'
import { countProblems, showProblems } from '../terminal/problems.ts'

/** The experiment is wrong; nothing was touched. `problems` holds all of it, with lines of `text`. */
export class ParsingExperimentError extends Error {
  override readonly name = 'ParsingExperimentError'
  readonly problems: readonly Problem[]
  readonly text: string

  constructor(problems: readonly Problem[], text: string) {
    super(`${countProblems(problems)}\n${showProblems(problems, text)}`)
    this.problems = problems
    this.text = text
  }
}

/** It ran, or was refused on the way, and did not succeed; what failed was printed. `code` as of the command. */
export class UnsuccessfulRunError extends Error {
  override readonly name = 'UnsuccessfulRunError'
  readonly code: number

  constructor(code: number) {
    super(`the experiment did not succeed (exit code ${code})`)
    this.code = code
  }
}

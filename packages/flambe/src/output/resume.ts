/** `resume` where nothing was run yet runs everything, which whoever wrote it should hear. Called with what is known of earlier results. */
import { parse } from '@flambe/language'
import type { PlannedFile } from '../client/experiment-file.ts'
import { problemOf, Refused } from '../client/refused.ts'

/** @param earlier whether there are results to resume */
export function warnOfResume(planned: PlannedFile, earlier: boolean): PlannedFile {
  const { plan, text, file, problems } = planned
  if (plan === null || plan.settings.resume === null || earlier) return planned
  const message = `nothing named ${plan.name} was run, so \`resume\` has nothing to take over: everything runs`
  const warning = problemOf(new Refused(message, 0, 'resume-nothing'), file)
  const at = parse(text, { file }).experiment?.root.entries.find(({ key }) => key === 'resume')?.value.span
  const place = at === undefined ? {} : { path: 'resume', ...from(text, at.start), ...until(text, at.end) }
  return { ...planned, problems: [...problems, { ...warning, severity: 'warning', ...place }] }
}

function from(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) as string).length + 1 }
}

function until(text: string, offset: number): { readonly endLine: number; readonly endColumn: number } {
  const { line, column } = from(text, offset)
  return { endLine: line, endColumn: column }
}

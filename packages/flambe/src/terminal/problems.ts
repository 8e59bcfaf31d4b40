/** Problems for a terminal, in the order of the file: message, place, the line with a caret, the hint. */
import { formatProblem, inOrder, type Problem } from '@flambe/language'
import pc from 'picocolors'

export function showProblems(problems: readonly Problem[], text: string): string {
  return inOrder(problems)
    .map(problem => {
      const paint = problem.severity === 'error' ? pc.red : pc.yellow
      const [first = '', ...rest] = formatProblem(problem, text)
      return [paint(first), ...rest].join('\n')
    })
    .join('\n\n')
}

export function countProblems(problems: readonly Problem[]): string {
  const errors = problems.filter(p => p.severity === 'error').length
  const warnings = problems.length - errors
  const part = (n: number, what: string) => (n === 0 ? [] : [`${n} ${what}${n === 1 ? '' : 's'}`])
  return [...part(errors, 'error'), ...part(warnings, 'warning')].join(', ')
}

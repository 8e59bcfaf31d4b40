'use client'
import type { Problem } from '@flambe/language'
/** All problems at once, with place, message and hint; a click goes to the place in the editor. */
import { CircleX, TriangleAlert } from 'lucide-react'
import { plural } from '../format/number.ts'
import { Panel } from '../ui/panel.tsx'

const MOST = 100

export function ProblemList({
  problems,
  onJump,
}: {
  readonly problems: readonly Problem[]
  readonly onJump: (problem: Problem) => void
}) {
  const errors = problems.filter(problem => problem.severity === 'error').length
  const warnings = problems.length - errors
  const counts = [errors > 0 && plural(errors, 'error'), warnings > 0 && plural(warnings, 'warning')].filter(Boolean)
  return (
    <Panel flush title="Problems" note={counts.join(', ')}>
      <ol className="max-h-72 divide-y divide-line overflow-y-auto" aria-live="polite">
        {problems.slice(0, MOST).map(problem => {
          const Icon = problem.severity === 'error' ? CircleX : TriangleAlert
          return (
            <li key={`${problem.line}:${problem.column} ${problem.rule} ${problem.message}`}>
              <button
                type="button"
                onClick={() => onJump(problem)}
                className="flex w-full items-start gap-2 px-3 py-1.5 text-left text-xs hover:bg-hover focus-visible:-outline-offset-2"
              >
                <Icon
                  role="img"
                  aria-label={problem.severity}
                  className={
                    problem.severity === 'error'
                      ? 'mt-0.5 size-3.5 shrink-0 text-danger'
                      : 'mt-0.5 size-3.5 shrink-0 text-warning'
                  }
                />
                <span className="nums mono w-12 shrink-0 text-faint">
                  {problem.line}:{problem.column}
                </span>
                <span className="min-w-0 flex-1">
                  <span className="block break-words">{problem.message}</span>
                  {problem.hint !== '' && <span className="block break-words text-muted">{problem.hint}</span>}
                </span>
                <span className="mono shrink-0 text-2xs text-faint max-sm:hidden" title={problem.rule}>
                  {problem.code}
                </span>
              </button>
            </li>
          )
        })}
        {problems.length > MOST && <li className="px-3 py-2 text-xs text-faint">and {problems.length - MOST} more</li>}
      </ol>
    </Panel>
  )
}

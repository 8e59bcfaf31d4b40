/** `resume` and `reuse`: what of earlier runs is taken. Called by `plan`, which puts the answer into the settings. */
import type { Settings } from '../plan.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report } from '../reader/source.ts'

export function checkResults(
  { blocks, resume, reuse }: ParsedExperiment,
  given: { readonly force: boolean; readonly seed: boolean },
  report: Report,
): Pick<Settings, 'resume' | 'reuse'> {
  if (resume !== null && given.force) {
    const message = '`resume` takes the results that `force` would remove'
    const hint = 'leave one of them out'
    report.add({ rule: 'resume-with-force', span: resume.keySpan, path: 'resume', message, hint })
  }
  if (reuse !== null && !given.seed) {
    const message = '`reuse` needs a written `seed`: with a drawn one no other trial is the same'
    report.add({ rule: 'reuse-without-seed', span: reuse.keySpan, path: reuse.path, message, hint: 'seed: 1' })
  }
  const ids = blocks.map(block => block.id)
  const named = new Set(resume?.blocks.map(({ block }) => block))
  const last = resume?.kind === 'upto' ? ids.findIndex(id => named.has(id)) : -1
  const chosen = ids.filter((id, place) => resume?.kind === 'all' || place <= last || named.has(id))
  return { resume: resume === null ? null : chosen, reuse: reuse !== null }
}

/** `resume` and `reuse`: what of earlier runs is taken. Called by `plan`, which puts the answer into the settings. */
import type { Settings } from '../plan.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import { isPinned } from '../reader/locations.ts'
import type { Report } from '../reader/source.ts'
import { short } from '../reader/value.ts'

export function checkResults(
  { blocks, resources, resume, reuse }: ParsedExperiment,
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
  const taking = reuse === null ? resume && '`resume`' : '`reuse`'
  for (const { kind, location, span, path } of taking === null ? [] : resources) {
    // What is no URL that an agent can fetch has been told.
    if (kind !== 'url' || isPinned(location) || !/^(https?|s3):\/\//i.test(location)) continue
    const message = `what this URL holds is known only when it is fetched: ${taking} takes it as unchanged`
    const hint = `${short(location)}#sha256=...; the stderr of a trial that fetched it tells the hash`
    report.add({ rule: 'resource-unpinned', severity: 'warning', span, path, message, hint })
  }
  const ids = blocks.map(block => block.id)
  const named = new Set(resume?.blocks.map(({ block }) => block))
  const last = resume?.kind === 'upto' ? ids.findIndex(id => named.has(id)) : -1
  const chosen = ids.filter((id, place) => resume?.kind === 'all' || place <= last || named.has(id))
  return { resume: resume === null ? null : chosen, reuse: reuse !== null }
}

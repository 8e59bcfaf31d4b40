/** Keys that name blocks (reduce, devices, search, schedulers, resume), and files that must exist. Called by `plan`. */
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report, Span } from '../reader/source.ts'
import { didYouMean } from '../reader/suggest.ts'
import { short } from '../reader/value.ts'

export function checkReferences(experiment: ParsedExperiment, report: Report): void {
  const ids = experiment.blocks.map(block => block.id)
  const named = [
    ...experiment.reduce,
    ...experiment.devices.blocks,
    ...experiment.search,
    ...experiment.schedulers,
    ...(experiment.resume?.blocks ?? []),
  ]
  for (const { block, keySpan, path } of named) {
    if (ids.includes(block)) continue
    const message = `the pipeline has no block \`${short(block)}\``
    report.add({ rule: 'unknown-block', span: keySpan, path, message, hint: didYouMean(block, ids) })
  }
}

interface LocalFile {
  readonly location: string
  readonly span: Span
  readonly path: string
}

export function checkExists(
  files: readonly LocalFile[],
  exists: ((location: string) => boolean) | undefined,
  report: Report,
  rule: 'resource-missing' | 'extension-missing' = 'resource-missing',
): void {
  if (exists === undefined) return
  for (const { location, span, path } of files) {
    if (exists(location)) continue
    const message = `\`${short(location)}\` does not exist`
    report.add({
      rule,
      span,
      path,
      message,
      hint: 'relative paths start at the folder of this file',
    })
  }
}

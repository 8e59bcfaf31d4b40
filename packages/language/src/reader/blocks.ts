/** The blocks of the pipeline and their names. Called by `experiment`; what stands inside of a block is not looked at. */
import { type AstComponent, type AstEntry, type AstNode, deref, isOption } from './ast.ts'
import { LIMITS, NAME } from './limits.ts'
import type { ParsedResource } from './locations.ts'
import type { Report, Span } from './source.ts'
import { describe, isNull, short } from './value.ts'

export interface ParsedBlock {
  readonly id: string
  readonly keySpan: Span
  readonly value: AstNode
  readonly path: string
}

export function readBlocks(root: AstComponent, entry: AstEntry | undefined, report: Report): ParsedBlock[] {
  if (entry === undefined) {
    const hint = 'pipeline: {block: !Component {...}}'
    report.add({ rule: 'missing-key', span: root.tagSpan, path: '', message: 'the experiment has no `pipeline`', hint })
    return []
  }
  const pipeline = deref(entry.value)
  if (pipeline.kind !== 'map') {
    if (isNull(entry.value)) emptyPipeline(entry, report)
    else if (isOption(pipeline)) {
      report.add({
        rule: 'option-as-block',
        span: entry.value.span,
        path: entry.path,
        message: 'the pipeline cannot be an option',
      })
    } else if (pipeline.kind !== 'bad') {
      const message = `the pipeline must be a map of blocks, not ${describe(entry.value)}`
      report.add({
        rule: 'wrong-type',
        span: entry.value.span,
        path: entry.path,
        message,
        hint: 'block: !Component {...}',
      })
    }
    return []
  }
  if (pipeline.entries.length === 0) emptyPipeline(entry, report)
  if (pipeline.entries.length > LIMITS.blocks) {
    const message = `the pipeline has ${pipeline.entries.length} blocks, more than ${LIMITS.blocks}`
    report.add({ rule: 'too-many-blocks', span: entry.keySpan, path: entry.path, message })
    return []
  }
  for (const block of pipeline.entries) checkBlock(block, report)
  return pipeline.entries.map(({ key, keySpan, value, path }) => ({ id: key, keySpan, value, path }))
}

function emptyPipeline(entry: AstEntry, report: Report): void {
  report.add({
    rule: 'empty-pipeline',
    span: entry.keySpan,
    path: entry.path,
    message: 'the pipeline has no block',
    hint: 'block: !Component {...}',
  })
}

function checkBlock(block: AstEntry, report: Report): void {
  if (!NAME.test(block.key)) badName(block.key, block.keySpan, block.path, report)
  if (block.key === 'cpu' || block.key === 'gpu') {
    const message = `\`${block.key}\` is no block id, since \`devices\` has a key of this name`
    report.add({ rule: 'reserved-id', span: block.keySpan, path: block.path, message })
  }
  const value = deref(block.value)
  if (value.kind === 'component' || value.kind === 'bad') return
  if (isOption(value)) {
    const message = `the block \`${short(block.key)}\` is an option`
    const hint = 'put the option inside of a component'
    report.add({ rule: 'option-as-block', span: block.value.span, path: block.path, message, hint })
    return
  }
  const message = `the block \`${short(block.key)}\` must be a component, not ${describe(block.value)}`
  const hint = value.kind === 'map' ? 'is the tag missing, such as !Trainer?' : ''
  report.add({ rule: 'block-not-component', span: block.value.span, path: block.path, message, hint })
}

export function sameNames(blocks: readonly ParsedBlock[], resources: readonly ParsedResource[], report: Report): void {
  const ids = new Set(blocks.map(block => block.id))
  for (const resource of resources) {
    if (!ids.has(resource.name)) continue
    const message = `\`${resource.name}\` is the name of a resource and of a block`
    report.add({ rule: 'same-name', span: resource.keySpan, path: resource.path, message, hint: 'rename one of them' })
  }
}

export function badName(name: string, span: Span, path: string, report: Report): void {
  const message = `\`${short(name)}\` is no name: letters, digits, - and _ only, starting with a letter or digit, at most 64`
  report.add({ rule: 'bad-name', span, path, message, hint: goodName(name) })
}

function goodName(name: string): string {
  const good = name
    .trim()
    .slice(0, 200)
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 64)
  return NAME.test(good) ? `for example ${good}` : ''
}

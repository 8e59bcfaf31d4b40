/**
 * `dump`: the experiment.yaml that runs a plan again. The text stays the user's, comments and all; only the seed is
 * filled in, every `!s` becomes a `!g` of the values that were drawn, and extensions are pinned to what was installed. Called where an output folder is written.
 */
import { own } from '../checks/tags.ts'
import type { Plan, PlannedExtension } from '../plan.ts'
import { type AstNode, type AstSample, children, deref } from '../reader/ast.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import { parse } from '../reader/parse.ts'
import type { Span } from '../reader/source.ts'
import type { TreeNode } from '../tree.ts'

export interface DumpOptions {
  /** New text for the local paths of resources and shipped code, for a file that is written elsewhere. */
  readonly relocate?: (location: string) => string
  /** What was installed, by the names of extensions: the version or commit, and the hash of the packed content. */
  readonly pinned?: { readonly [name: string]: Pinned }
}

export interface Pinned {
  /** An npm version, a git commit; null for a folder. */
  readonly version: string | null
  readonly sha256: string
}

interface Edit extends Span {
  readonly text: string
}

/** Planning what comes back gives the same seed and the same variants. */
export function dump(plan: Plan, options: DumpOptions = {}): string {
  const { experiment } = parse(plan.text)
  if (experiment === null) throw new Error('the text of a plan must parse')
  const { drawn, shipped } = readTrees(plan)
  const edits = [
    seedEdit(plan, experiment),
    ...sampleEdits(experiment, plan.text, drawn),
    ...extensionEdits(plan, experiment, options),
  ]
  if (options.relocate !== undefined) edits.push(...pathEdits(experiment, shipped, options.relocate))
  return apply(
    plan.text,
    edits.filter(edit => edit !== null),
  )
}

function apply(text: string, edits: readonly Edit[]): string {
  let result = ''
  let at = 0
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at)
}

/** What was drawn, by the path of the `!s`; and the paths of shipped files. */
function readTrees(plan: Plan): { drawn: ReadonlyMap<string, number[]>; shipped: ReadonlySet<string> } {
  const drawn = new Map<string, number[]>()
  const shipped = new Set<string>()
  const known = new Set<string>()
  const visit = (node: TreeNode): void => {
    if (node.kind === 'link' && node.root.startsWith('code:')) shipped.add(node.path)
    if (node.kind === 'list') node.items.forEach(visit)
    if (node.kind === 'map') for (const [, value] of node.entries) visit(value)
    if (node.kind === 'component') for (const [, value] of node.args) visit(value)
    if (node.kind !== 'option') return
    const fresh = !known.has(node.key)
    known.add(node.key)
    for (const { value, param, drawn: path } of node.alternatives) {
      visit(value)
      if (fresh && path !== null) drawn.set(path, [...(drawn.get(path) ?? []), param as number])
    }
  }
  for (const block of plan.blocks) visit(block.root)
  return { drawn, shipped }
}

function seedEdit(plan: Plan, experiment: ParsedExperiment): Edit | null {
  if (experiment.seed === plan.seed) return null
  const { text } = plan
  const written = experiment.root.entries.find(entry => entry.key === 'seed')
  if (written !== undefined) {
    const { start, end } = written.value.span
    const before = text.slice(written.keySpan.end, start)
    const lead = before.includes(':') ? (/\s$/.test(before) ? '' : ' ') : ': '
    return { start, end, text: `${lead}${plan.seed}` }
  }
  const first = experiment.root.entries[0]?.keySpan.start ?? 0
  const flow = /^(?:\s|#[^\n]*\n|&\S+)*\{/.test(text.slice(experiment.root.tagSpan.end))
  if (flow) return { start: first, end: first, text: `seed: ${plan.seed}, ` }
  const line = text.lastIndexOf('\n', first - 1) + 1
  const indent = /^ */.exec(text.slice(line))?.[0] ?? ''
  const start = line + indent.length
  return { start, end: start, text: `seed: ${plan.seed}\n${indent}` }
}

function sampleEdits(
  experiment: ParsedExperiment,
  text: string,
  drawn: ReadonlyMap<string, number[]>,
): (Edit | null)[] {
  const edits: (Edit | null)[] = []
  definitions(experiment, node => {
    if (node.kind === 'sample') edits.push(sampleEdit(node, text, drawn.get(node.path) ?? []))
  })
  return edits
}

/**
 * Null: the `!s` stays, since the same seed draws the same. So it does where all that it drew had been written beside it already,
 * and where an anchor inside of it is used elsewhere.
 */
function sampleEdit(sample: AstSample, text: string, values: readonly number[]): Edit | null {
  if (values.length === 0 || sample.items.some(item => item.kind !== 'alias' && deref(item).shared)) return null
  const anchor = /^\s*(&\S+)/.exec(text.slice(sample.tagSpan.end))?.[1]
  const list = values.map(value => numberText(value, sample.decimals !== null)).join(', ')
  return { ...sample.span, text: `!g ${anchor === undefined ? '' : `${anchor} `}[${list}]` }
}

/** A float stays a float: `1.0`, not `1`. */
function numberText(value: number, float: boolean): string {
  const text = String(value)
  return float && /^-?\d+$/.test(text) ? `${text}.0` : text
}

/** A map that says it in parts: `{npm: "pkg@1.2.3", sha256: ...}`. */
function extensionEdits(plan: Plan, experiment: ParsedExperiment, { relocate, pinned }: DumpOptions): Edit[] {
  return plan.extensions.flatMap(({ name, from, sha256: written }) => {
    const span = experiment.extensions.find(extension => extension.name === name)?.span
    const pin = pinned === undefined ? undefined : own(pinned, name)
    const moved = from.kind === 'folder' && relocate !== undefined
    if (span === undefined || (pin === undefined && !moved)) return []
    const sha256 = pin?.sha256 ?? written
    const parts = [
      ...locationParts(from, pin?.version ?? null, relocate),
      ...(sha256 === null ? [] : [['sha256', sha256]]),
    ]
    return [{ ...span, text: `{${parts.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ')}}` }]
  })
}

function locationParts(
  from: PlannedExtension['from'],
  version: string | null,
  relocate: DumpOptions['relocate'],
): string[][] {
  switch (from.kind) {
    case 'folder':
      return [['folder', relocate?.(from.path) ?? from.path]]
    case 'npm':
      return [['npm', `${from.package}@${version ?? from.range}`]]
    case 'git': {
      const ref = version ?? from.ref
      return [
        ['git', from.url],
        ...(ref === null ? [] : [['ref', ref]]),
        ...(from.folder === null ? [] : [['path', from.folder]]),
      ]
    }
  }
}

function pathEdits(
  experiment: ParsedExperiment,
  shipped: ReadonlySet<string>,
  relocate: (location: string) => string,
): Edit[] {
  const edits = experiment.resources
    .filter(resource => resource.kind === 'local')
    .map(resource => ({ ...resource.span, text: JSON.stringify(relocate(resource.location)) }))
  definitions(experiment, node => {
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || !shipped.has(node.path)) return
    edits.push({ ...node.span, text: JSON.stringify(relocate(node.value)) })
  })
  return edits
}

/** Every node of the pipeline where it is written. */
function definitions(experiment: ParsedExperiment, see: (node: AstNode) => void): void {
  const visit = (node: AstNode): void => {
    if (node.kind === 'alias') return
    see(node)
    for (const child of children(node)) visit(child)
  }
  for (const block of experiment.blocks) visit(block.value)
}

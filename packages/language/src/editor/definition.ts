/** Where the thing at a place of the text is written: the block, keyword or resource of a link, the anchor of an alias, the block of an id. */
import { type AstNode, type AstTarget, deref } from '../reader/ast.ts'
import { lenient } from '../reader/lenient.ts'
import { position, type Span, source } from '../reader/source.ts'
import { follow, headOf, namesOf, type Trail, walkTrails } from './trail.ts'

export interface Definition {
  /** Offsets in UTF-16 code units. */
  readonly from: number
  readonly to: number
  /** Of `from`, 1-based. */
  readonly line: number
  readonly column: number
}

/** Null where there is nothing to go to. */
export function definition(text: string, offset: number): Definition | null {
  const documents = lenient(text)
  const root = documents.at(-1)
  if (root === undefined) return null
  const extensions = documents.length === 2 ? documents[0] : undefined
  let span: Span | null = null
  walkTrails(root, (node, trail, entry) => {
    const onKey = entry !== null && entry.keySpan.start <= offset && offset < entry.keySpan.end
    if (onKey) span = ofBlock(entry.key, trail, root)
    else if (node.span.start <= offset && offset < node.span.end) {
      span = ofNode(node, trail, root) ?? ofTag(node, offset, extensions) ?? span
    }
    return onKey
  })
  return span === null ? null : located(span, text)
}

const NAMING: ReadonlySet<string> = new Set(['reduce', 'search', 'schedulers', 'devices', 'resume'])

function ofBlock(id: string, trail: Trail, root: AstTarget): Span | null {
  if (!NAMING.has(headOf(trail).key)) return null
  return namesOf(root).blocks.find(({ key }) => key === id)?.keySpan ?? null
}

function ofNode(node: AstNode, trail: Trail, root: AstTarget): Span | null {
  if (node.kind === 'alias') return node.target.span
  if (node.kind === 'scalar' && headOf(trail).key === 'resume') return ofBlock(node.text, trail, root)
  if (node.kind !== 'link') return null
  const names = namesOf(root)
  const found = follow(names, node.root, node.keys)
  if (found !== null)
    return node.keys.length > 0 && found.entry === null ? deref(found.node).span : (found.entry?.keySpan ?? null)
  const known = [...names.blocks, ...names.resources].find(({ key }) => key === node.root)
  return known?.keySpan ?? null
}

/** `!ext.Thing` leads to the extension's line in the first document. */
function ofTag(node: AstNode, offset: number, extensions: AstTarget | undefined): Span | null {
  if (node.kind !== 'component' || offset >= node.tagSpan.end || extensions?.kind !== 'map') return null
  return extensions.entries.find(({ key }) => node.tag.startsWith(`${key}.`))?.keySpan ?? null
}

function located({ start, end }: Span, text: string): Definition {
  return { from: start, to: end, ...position(source(text, ''), start) }
}

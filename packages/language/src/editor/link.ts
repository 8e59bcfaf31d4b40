/** Completion inside of a link: names of blocks and resources, keys in brackets, attributes after dots. Called by `complete`. */
import type { Catalogue } from '../catalogue.ts'
import { lookUp } from '../checks/tags.ts'
import type { AstTarget } from '../reader/ast.ts'
import type { Candidate } from './complete.ts'
import { follow, headOf, namesOf, type Trail } from './trail.ts'

export function completeLink(
  typed: string,
  call: boolean,
  trail: Trail,
  root: AstTarget,
  catalogue: Catalogue,
): readonly Candidate[] {
  const names = namesOf(root)
  const { block } = headOf(trail)
  const path = /^([\w-]+)((?:\[[^[\]]*\])*)(\[|\.)?/.exec(typed)
  if (path === null || path[3] === undefined) {
    const own = names.blocks.findIndex(entry => entry.key === block)
    const blocks = names.blocks.slice(0, own === -1 ? undefined : own + 1).map(({ key, value }): Candidate => {
      const tag = value.kind === 'component' ? `!${value.tag}` : ''
      const about = lookUp(tag.slice(1), catalogue)?.entry.description ?? ''
      return { label: key, insert: key, kind: 'block', detail: key === block ? 'this block' : tag, description: about }
    })
    const resources = names.resources.map(({ key, value }): Candidate => {
      const location = value.kind === 'scalar' ? value.text : ''
      return { label: key, insert: key, kind: 'resource', detail: location, description: 'The path of this resource.' }
    })
    return [...blocks, ...resources]
  }
  const keys = [...(path[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map(match => match[1] ?? '')
  const target = follow(names, path[1] ?? '', keys)?.node
  if (target === undefined) return []
  return path[3] === '[' ? keysOf(target) : attributesOf(target, typed, call, catalogue)
}

function keysOf(target: AstTarget): readonly Candidate[] {
  const one = (label: string, detail: string): Candidate => ({
    label,
    insert: `${label}]`,
    kind: 'key',
    detail,
    description: '',
  })
  if (target.kind === 'list') return target.items.map((_, i) => one(String(i), ''))
  if (target.kind !== 'map' && target.kind !== 'component') return []
  return target.entries.map(({ key, value }) => one(key, value.kind === 'component' ? `!${value.tag}` : ''))
}

/** Of the linked component only: what an attribute holds is known when the trial is built. */
function attributesOf(target: AstTarget, typed: string, call: boolean, catalogue: Catalogue): readonly Candidate[] {
  if (/\.[^.[\]]*\./.test(typed)) return []
  if (target.kind === 'map') return keysOf(target).map(key => ({ ...key, insert: key.label, kind: 'attribute' }))
  const entry = target.kind === 'component' ? lookUp(target.tag, catalogue)?.entry : undefined
  if (entry === undefined) return []
  const names = call ? entry.callable : Array.isArray(entry.attributes) ? (entry.attributes as readonly string[]) : []
  return names.map(name => ({
    label: name,
    insert: name,
    kind: 'attribute',
    detail: `of !${entry.tag}`,
    description: '',
  }))
}

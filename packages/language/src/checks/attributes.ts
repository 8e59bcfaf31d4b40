/**
 * What follows the dots of a link: attributes that the component declares, methods that `!call` may call, own keys of plain
 * maps; and whether the linked component is of the kind that its keyword takes. Called by `checks/links.ts`.
 */
import type { Catalogue } from '../catalogue.ts'
import { type AstLink, type AstTarget, deref } from '../reader/ast.ts'
import type { Report } from '../reader/source.ts'
import { didYouMean } from '../reader/suggest.ts'
import { short } from '../reader/value.ts'
import type { LinkWalk } from './link-walk.ts'
import { lookUp } from './tags.ts'

export function checkAttributes(
  link: AstLink,
  targets: readonly AstTarget[],
  walk: LinkWalk,
  catalogue: Catalogue,
  report: Report,
): void {
  if (link.call && link.attributes.length === 0) {
    const message = '!call needs the name of a method after a dot'
    report.add({ rule: 'link-call', span: link.span, path: link.path, message, hint: `!call ${link.root}.method` })
    return
  }
  for (const target of targets) {
    const wrong = checkFrom(target, 0, { link, walk, catalogue })
    if (wrong === null) continue
    report.add({ ...wrong, span: link.span, path: link.path })
    return
  }
}

interface Check {
  readonly link: AstLink
  readonly walk: LinkWalk
  readonly catalogue: Catalogue
}

interface Wrong {
  readonly rule: 'link-attribute' | 'link-call'
  readonly message: string
  readonly hint: string
}

function checkFrom(from: AstTarget, depth: number, check: Check): Wrong | null {
  const { link, walk, catalogue } = check
  const name = link.attributes[depth]
  if (name === undefined) return null
  const calls = link.call && depth === link.attributes.length - 1
  for (const target of walk.expand(from)) {
    const wrong = checkOne(target, name, calls, depth, check)
    if (wrong !== null) return wrong
  }
  return null

  function checkOne(target: AstTarget, name: string, calls: boolean, depth: number, check: Check): Wrong | null {
    switch (target.kind) {
      case 'component':
        return checkComponent(target.tag, name, calls, catalogue)
      case 'map': {
        const entry = target.entries.find(candidate => candidate.key === name)
        if (entry !== undefined && !calls) return checkFrom(deref(entry.value), depth + 1, check)
        const hint = didYouMean(
          name,
          target.entries.map(candidate => candidate.key),
        )
        const message = calls ? `\`${name}\` of a plain map is no method` : `the map has no key \`${short(name)}\``
        return { rule: calls ? 'link-call' : 'link-attribute', message, hint }
      }
      case 'link': {
        // A resource's path, or an attribute of a built object: the latter is checked when the trial is built.
        if (target.attributes.length > 0 || target.call) return null
        const found = walk.resolve(target)
        for (const next of found?.targets ?? []) {
          const wrong = checkFrom(next, depth, check)
          if (wrong !== null) return wrong
        }
        return null
      }
      case 'scalar':
      case 'list': {
        const what = target.kind === 'list' ? 'list' : 'plain value'
        const message = `a ${what} has no attribute \`${short(name)}\``
        return {
          rule: 'link-attribute',
          message,
          hint: target.kind === 'list' ? `use [0] for a place of the list` : '',
        }
      }
      default:
        return null
    }
  }
}

/** Only the first attribute can be checked: what it holds is known when the trial is built. */
function checkComponent(tag: string, name: string, calls: boolean, catalogue: Catalogue): Wrong | null {
  const entry = lookUp(tag, catalogue)?.entry
  if (entry === undefined) return null
  if (calls) {
    if (entry.callable.includes(name)) return null
    const hint = entry.callable.length === 0 ? `!${entry.tag} has none` : didYouMean(name, entry.callable)
    return { rule: 'link-call', message: `\`${short(name)}\` of !${entry.tag} is not declared callable`, hint }
  }
  const attributes = entry.attributes
  if (attributes === null || attributes === '*' || attributes.includes(name)) return null
  const hint = attributes.length === 0 ? `!${entry.tag} declares none` : didYouMean(name, attributes)
  return { rule: 'link-attribute', message: `!${entry.tag} declares no attribute \`${short(name)}\``, hint }
}

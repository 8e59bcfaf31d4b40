/** Keywords taken together: none at all but a value, and lists of which exactly one must be written. Called by `components.ts`. */
import type { CatalogueParam } from '../catalogue.ts'
import type { AstComponent } from '../reader/ast.ts'
import type { Report } from '../reader/source.ts'
import { short } from '../reader/value.ts'
import type { KnownTag } from './tags.ts'

/** `!Encoder 6`: says what to write. */
export function notKeywords(component: AstComponent, instead: string, known: KnownTag, report: Report): void {
  const { tag, span, path } = component
  const what = instead === 'a list' ? instead : `the value \`${short(instead)}\``
  const message = `!${tag} takes keywords, not ${what}`
  report.add({ rule: 'component-arguments', span, path, message, hint: keywordHint(tag, instead, known) })
}

/** What was written, at the keyword that it fits; the others that are needed beside it. */
function keywordHint(tag: string, instead: string, { params, open }: KnownTag): string {
  if (params.length === 0) return open ? `write !${tag} {keyword: ${valueText(instead)}}` : `write !${tag} alone`
  const needed = params.filter(param => param.required)
  const fitting = (needed.length > 0 ? needed : params).find(param => fits(param, instead))
  const shown = needed.length > 0 ? needed : [fitting ?? (params[0] as CatalogueParam)]
  const written = shown
    .slice(0, MOST_SHOWN)
    .map(param => `${param.name}: ${param === fitting ? valueText(instead) : '...'}`)
  return `write !${tag} {${[...written, ...(shown.length > MOST_SHOWN ? ['...'] : [])].join(', ')}}`
}

const MOST_SHOWN = 4

function valueText(instead: string): string {
  return instead === 'a list' ? '[...]' : short(instead)
}

function fits({ schema, component }: CatalogueParam, text: string): boolean {
  if (component !== undefined) return false
  if (schema === undefined) return true
  const { type } = schema
  if (text === 'a list') return type === 'array'
  const number = text.trim() !== '' && Number.isFinite(Number(text))
  return number ? type === 'number' || type === 'integer' : type === 'string'
}

export function checkOneOf(component: AstComponent, { entry, factory }: KnownTag, report: Report): void {
  if (factory !== null) return
  const { tag, tagSpan, path } = component
  for (const names of entry.one_of ?? []) {
    const written = component.entries.filter(({ key }) => names.includes(key))
    if (written.length === 1) continue
    const list = names.map(name => `\`${name}\``)
    if (written.length === 0) {
      const message = `!${tag} needs ${list.join(' or ')}`
      const hint = entry.params.find(({ name }) => name === names[0])?.description ?? ''
      report.add({ rule: 'one-of-keywords', span: tagSpan, path, message, hint })
      continue
    }
    const second = written[1]
    const message = `!${tag} takes ${list.join(' or ')}, not both`
    report.add({ rule: 'one-of-keywords', span: second?.keySpan ?? tagSpan, path: second?.path ?? path, message })
  }
}

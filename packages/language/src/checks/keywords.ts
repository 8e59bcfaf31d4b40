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

function keywordHint(tag: string, instead: string, { params, open }: KnownTag): string {
  if (params.length === 0) return open ? `write !${tag} {keyword: ${valueText(instead)}}` : `write !${tag} alone`
  const needed = params.filter(param => param.required)
  const fitting =
    needed.length > 0 ? needed : [params.find(param => fits(param, instead)) ?? (params[0] as CatalogueParam)]
  const written = fitting.map((param, i) => `${param.name}: ${i === 0 ? valueText(instead) : '...'}`)
  return `write !${tag} {${written.join(', ')}}`
}

function valueText(instead: string): string {
  return instead === 'a list' ? '[...]' : short(instead)
}

function fits({ schema }: CatalogueParam, text: string): boolean {
  const type = schema?.type
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

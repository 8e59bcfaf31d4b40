/** `flambe components [TAG]`: the reference of what a block may be, from the catalogue that the checks use. */
import { catalogue } from '@flambe/hub/plan'
import type { CatalogueEntry, CatalogueParam } from '@flambe/language'
import Table from 'cli-table3'
import leven from 'fastest-levenshtein'
import pc from 'picocolors'
import { Refused } from '../client/refused.ts'
import { plainTable } from '../terminal/table.ts'
import { shortValue } from '../terminal/values.ts'

export async function components(tag: string | undefined, options: { readonly json?: true }): Promise<number> {
  const say = (line = '') => process.stdout.write(`${line}\n`)
  if (tag === undefined) {
    if (options.json) say(JSON.stringify(catalogue))
    else list(say)
    return 0
  }
  const entry = catalogue.components[tag.replace(/^!/, '')]
  if (entry === undefined) {
    const near = leven.closest(tag.replace(/^!/, ''), Object.keys(catalogue.components))
    throw new Refused(
      `there is no component !${tag.replace(/^!/, '')}; did you mean !${near}? \`flambe components\` lists them`,
    )
  }
  if (options.json) say(JSON.stringify(entry))
  else show(entry, say)
  return 0
}

function list(say: (line?: string) => void): void {
  const kindOf = (entry: CatalogueEntry) => entry.kinds.at(-2) ?? entry.kinds[0] ?? 'Component'
  const kinds = Map.groupBy(Object.values(catalogue.components), kindOf)
  for (const [kind, entries] of [...kinds].sort(([a], [b]) => a.localeCompare(b))) {
    say(pc.bold(kind))
    const table = new Table({
      ...plainTable([]),
      colWidths: [28, Math.max(40, (process.stdout.columns ?? 110) - 32)],
      wordWrap: true,
    })
    for (const e of entries.sort((a, b) => a.tag.localeCompare(b.tag))) table.push([`  !${e.tag}`, e.description])
    say(table.toString())
    say()
  }
}

function show(entry: CatalogueEntry, say: (line?: string) => void): void {
  say(`${pc.bold(`!${entry.tag}`)}  ${pc.dim(entry.kinds.join(' < '))}`)
  say(entry.description)
  params(entry.params, entry.open, say)
  for (const [name, factory] of Object.entries(entry.factories)) {
    say(`\n${pc.bold(`!${entry.tag}.${name}`)}\n${factory.description}`)
    params(factory.params, factory.open, say)
  }
  const { attributes } = entry
  if (attributes !== null)
    say(`\nlinks may read: ${attributes === '*' ? 'any field' : attributes.join(', ') || 'nothing'}`)
  if (entry.lower_is_better !== null) say(`metric: ${entry.lower_is_better ? 'lower' : 'higher'} is better`)
}

function params(list: readonly CatalogueParam[], open: boolean, say: (line?: string) => void): void {
  if (list.length === 0 && !open) {
    say(pc.dim('takes no keywords'))
    return
  }
  const table = new Table({
    ...plainTable(['keyword', 'type', 'default', '']),
    colWidths: [26, 18, 14, Math.max(30, (process.stdout.columns ?? 110) - 64)],
    wordWrap: true,
  })
  for (const p of list)
    table.push([
      p.name,
      typeOf(p),
      p.required ? pc.yellow('required') : p.default === undefined ? '' : shortValue(p.default),
      p.description,
    ])
  if (open) table.push(['…', 'anything', '', 'any further keyword'])
  say()
  say(table.toString())
}

function typeOf({ component, path, schema }: CatalogueParam): string {
  if (component !== undefined) return `!${component}`
  if (path !== undefined) return 'path'
  const {
    type,
    enum: values,
    anyOf,
  } = (schema ?? {}) as { type?: string; enum?: unknown[]; anyOf?: { type?: string }[] }
  if (values !== undefined) return values.map(String).join(' | ')
  if (anyOf !== undefined) return anyOf.map(s => s.type ?? 'any').join(' | ')
  return type ?? 'any'
}

/** `flambe components [TAG]`: the reference of what a block may be, from the catalogue that the checks use. */
import { catalogue } from '@flambe/hub/plan'
import type { CatalogueEntry, CatalogueParam } from '@flambe/language'
import Table from 'cli-table3'
import leven from 'fastest-levenshtein'
import pc from 'picocolors'
import { Refused } from '../client/refused.ts'
import { catalogueSchema, componentSchema, tagsOf, typeOf } from '../reference/schema.ts'
import { plainTable } from '../terminal/table.ts'
import { shortValue } from '../terminal/values.ts'

export async function components(tag: string | undefined, options: { readonly json?: true }): Promise<number> {
  const say = (line = '') => process.stdout.write(`${line}\n`)
  const name = tag?.replace(/^!/, '')
  if (name === undefined) {
    if (options.json) say(JSON.stringify(catalogueSchema(catalogue)))
    else list(say)
    return 0
  }
  const all = catalogue.components
  const [owner, factory] = Object.hasOwn(all, name) ? [name, null] : splitFactory(name)
  const entry =
    Object.hasOwn(all, owner) && (factory === null || all[owner]?.factories[factory]) ? all[owner] : undefined
  if (entry === undefined) {
    const near = leven.closest(name, tagsOf(catalogue))
    throw new Refused(`there is no component !${name}; did you mean !${near}? \`flambe components\` lists them`)
  }
  if (options.json) say(JSON.stringify(componentSchema(entry, factory)))
  else show(entry, say)
  return 0
}

/** `Class.factory`; a tag of a namespace has a dot too, and was found before. */
function splitFactory(name: string): [owner: string, factory: string | null] {
  const dot = name.lastIndexOf('.')
  return dot < 0 ? [name, null] : [name.slice(0, dot), name.slice(dot + 1)]
}

function list(say: (line?: string) => void): void {
  const kindOf = (entry: CatalogueEntry) => entry.kinds.at(-2) ?? entry.kinds[0] ?? 'Component'
  const tags = Math.max(28, ...Object.keys(catalogue.components).map(tag => tag.length + 5))
  const kinds = Map.groupBy(Object.values(catalogue.components), kindOf)
  for (const [kind, entries] of [...kinds].sort(([a], [b]) => a.localeCompare(b))) {
    say(pc.bold(kind))
    const table = new Table({
      ...plainTable([]),
      colWidths: [tags, Math.max(40, (process.stdout.columns ?? 110) - tags - 4)],
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
  // A name is never cut: it is there to be copied.
  const names = Math.max(26, ...list.map(({ name }) => name.length + 2))
  const table = new Table({
    ...plainTable(['keyword', 'type', 'default', '']),
    colWidths: [names, 18, 14, Math.max(30, (process.stdout.columns ?? 110) - names - 38)],
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

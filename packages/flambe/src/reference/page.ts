/** docs/components.md: every component with its keywords, from the catalogue. Written by scripts/components-page.ts; pure. */
import type { Catalogue, CatalogueEntry, CatalogueParam } from '@flambe/language'
import { typeOf } from './schema.ts'

export function componentsPage({ components }: Catalogue): string {
  const kindOf = ({ kinds }: CatalogueEntry) => kinds.at(-2) ?? kinds[0] ?? 'Component'
  const kinds = Map.groupBy(Object.values(components), kindOf)
  const sorted = [...kinds].sort(([a], [b]) => order(a, b))
  const lines = [
    '# Components',
    '',
    'What a block, a keyword, `search` and `schedulers` may be. `flambe components TAG` prints one, `--json` its JSON schema; this page',
    'is made from the same catalogue (`pnpm --filter flambe generate`). A link, an option or a distribution may stand in place of any value.',
    '',
    ...sorted.map(([kind, entries]) => `- ${kind}: ${entries.map(link).sort(order).join(', ')}`),
  ]
  for (const [kind, entries] of sorted) {
    lines.push('', `## ${kind}`)
    for (const entry of entries.sort((a, b) => order(a.tag, b.tag))) lines.push(...section(entry))
  }
  return `${lines.join('\n')}\n`
}

const order = (a: string, b: string): number => a.localeCompare(b, 'en')
/** As GitHub makes anchors of headings. */
const link = ({ tag }: CatalogueEntry): string => `[${tag}](#${tag.toLowerCase().replace(/[^a-z0-9_-]/g, '')})`

function section(entry: CatalogueEntry): string[] {
  const { tag, description, alias_of, factories, attributes, callable, lower_is_better, one_of } = entry
  const lines = ['', `### !${tag}`, '', text(description)]
  if (alias_of != null) return [...lines, '', `Another name of [!${alias_of}](#${alias_of.toLowerCase()}).`]
  lines.push(...keywords(entry.params, entry.open))
  for (const names of one_of ?? []) lines.push('', `Exactly one of ${names.map(code).join(', ')} is given.`)
  const facts = [
    ...(attributes === null || attributes.length === 0
      ? []
      : [`Links may read ${attributes === '*' ? 'any field' : attributes.map(code).join(', ')}.`]),
    ...(callable.length === 0 ? [] : [`\`!call\` may call ${callable.map(code).join(', ')}.`]),
    ...(lower_is_better === null ? [] : [`Its metric: ${lower_is_better ? 'lower' : 'higher'} is better.`]),
  ]
  if (facts.length > 0) lines.push('', facts.join(' '))
  for (const [name, factory] of Object.entries(factories)) {
    // Every component has it, with these keywords.
    if (name === 'load_from_path') continue
    lines.push('', `**!${tag}.${name}**: ${text(factory.description)}`, ...keywords(factory.params, factory.open))
  }
  return lines
}

function keywords(params: readonly CatalogueParam[], open: boolean): string[] {
  if (params.length === 0) return ['', open ? 'Takes any keywords.' : 'Takes no keywords.']
  const rows = params.map(param => {
    const usual = param.required ? 'required' : param.default === undefined ? '' : code(JSON.stringify(param.default))
    return `| ${code(param.name)} | ${cell(typeOf(param))} | ${usual} | ${cell(param.description)} |`
  })
  const more = open ? ['| … | any | | Further keywords. |'] : []
  return ['', '| keyword | type | default | |', '|---|---|---|---|', ...rows, ...more]
}

const code = (word: string): string => `\`${word.replaceAll('|', '\\|')}\``
const cell = (words: string): string => text(words).replaceAll('|', '\\|')
const text = (words: string): string => words.replaceAll('\n', ' ').replaceAll('<', '&lt;')

/** Writes docs/problems.md from the rules of the language and the command (`node scripts/problems.mjs`); a test holds all in step. */
import { writeFileSync } from 'node:fs'
import { COMMAND_RULES } from '../packages/flambe/src/client/refusal-rules.ts'
import { RULES } from '../packages/language/src/rules.ts'

const FAMILIES = {
  CONFIG: 'the file as a whole: documents, keys, values',
  TAG: 'tags, keywords and values of components',
  LINK_SYNTAX: 'links that cannot be read',
  LINK_ORDER: 'links to what is not built yet',
  LINK_TARGET: 'links to what is not there',
  SPACE: 'options',
  BLOCKREF: 'block ids in `reduce`, `devices` and the like',
  RESOURCE: 'files and folders that an experiment needs',
  RESULTS: 'results that stand in the way',
  LIMIT: 'more than the project takes',
  EXTENSION: 'extensions',
}

export function page() {
  const lines = [
    '# Problems',
    '',
    'What `flambe plan`, `run`, `submit` and the editor say about a file: a code (the family) and a rule (the reason), with',
    'file, line and column. All problems of a file are told at once. This page is made from `packages/language/src/rules.ts`',
    'and, for what the command itself refuses, `packages/flambe/src/client/refusal-rules.ts`.',
  ]
  for (const [code, about] of Object.entries(FAMILIES)) {
    const rules = [...RULES, ...COMMAND_RULES].filter(r => r.code === code)
    if (rules.length === 0) continue
    lines.push('', `## ${code}: ${about}`, '', '| rule | what it means |', '|---|---|')
    for (const r of rules) lines.push(`| \`${r.rule}\` | ${r.explanation.replaceAll('|', '\\|')} |`)
  }
  return `${lines.join('\n')}\n`
}

if (process.argv[1]?.endsWith('problems.mjs')) writeFileSync(new URL('../docs/problems.md', import.meta.url), page())

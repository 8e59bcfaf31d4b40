/**
 * Writes docs/problems.md from the rules of the language and the command, with an example of each from the language's test cases
 * (`node scripts/problems.mjs`); a test holds all in step.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
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
  const examples = examplesOf(new URL('../packages/language/testdata/', import.meta.url))
  const lines = [
    '# Problems',
    '',
    'What `flambe plan`, `run`, `submit` and the editor say about a file: a code (the family) and a rule (the reason), with',
    'file, line and column. All problems of a file are told at once. This page is made from `packages/language/src/rules.ts`',
    '(examples: its `testdata`) and, for what the command itself refuses, `packages/flambe/src/client/refusal-rules.ts`.',
  ]
  for (const [code, about] of Object.entries(FAMILIES)) {
    const rules = [...RULES, ...COMMAND_RULES].filter(r => r.code === code)
    if (rules.length === 0) continue
    lines.push('', `## ${code}: ${about}`)
    for (const { rule, explanation } of rules) {
      lines.push('', `### \`${rule}\``, '', explanation)
      const example = examples.get(`${code} ${rule}`)
      if (example !== undefined) lines.push('', ...example.map(line => `    ${line}`.trimEnd()))
    }
  }
  return `${lines.join('\n')}\n`
}

/** By code and rule: the shortest way in which a case shows it, one with a hint if there is one. */
function examplesOf(folder) {
  const found = new Map()
  for (const name of readdirSync(folder).sort()) {
    const text = readFileSync(new URL(`${name}/problems.txt`, folder), 'utf8')
    for (const block of text.split('\n\n')) {
      const lines = block.split('\n').filter(line => line !== '')
      const rule = /\[([A-Z_]+ [a-z-]+)\]$/.exec(lines[0] ?? '')?.[1]
      if (rule === undefined || lines.some(line => line.length > 160)) continue
      const known = found.get(rule)
      if (known === undefined || rank(lines) < rank(known)) found.set(rule, lines)
    }
  }
  return found
}

function rank(lines) {
  const hint = lines.at(-1)?.trimStart().startsWith('=') === true
  return lines.join('').length + (hint ? 0 : 1_000)
}

if (process.argv[1]?.endsWith('problems.mjs')) writeFileSync(new URL('../docs/problems.md', import.meta.url), page())

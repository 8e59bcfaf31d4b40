/**
 * Texts of the pipeline that were most likely meant as something else: a link or an option in quotes, Python's `None`, quotes of a word
 * processor. Warnings, since each of them may be a text. Called by `plan`; a keyword with a type of its own is checked by `values.ts`.
 */
import { type AstNode, type AstScalar, children } from '../reader/ast.ts'
import type { ParsedExperiment } from '../reader/experiment.ts'
import type { Report } from '../reader/source.ts'
import { short } from '../reader/value.ts'

export function checkLookAlikes(experiment: ParsedExperiment, report: Report): void {
  const { text } = experiment.source
  const visit = (node: AstNode): void => {
    // What an alias names is looked at where it is written.
    if (node.kind === 'alias' || report.full) return
    if (node.kind === 'scalar' && typeof node.value === 'string') tell(node, text[node.span.start] ?? '', report)
    for (const child of children(node)) visit(child)
  }
  for (const block of experiment.blocks) visit(block.value)
}

const QUOTED = /^!(@|call|link|Link|g|s|choice|uniform|quniform|loguniform|randint|lograndint|normal) *[\w["'-]/
const WORDS: { readonly [word: string]: string } = {
  None: 'null',
  nil: 'null',
  undefined: 'null',
  nan: '.nan',
  NaN: '.nan',
  inf: '.inf',
  Infinity: '.inf',
  '-inf': '-.inf',
  '-Infinity': '-.inf',
}

function tell(node: AstScalar, first: string, report: Report): void {
  const quoted = first === '"' || first === "'"
  const tag = quoted ? QUOTED.exec(node.text)?.[1] : undefined
  if (tag !== undefined) {
    const what = ['@', 'call', 'link', 'Link'].includes(tag) ? 'link' : 'option'
    warn(node, `the quotes make this a text, no ${what}`, `without them: ${short(node.text)}`, report)
  } else if (!quoted && Object.hasOwn(WORDS, node.text)) {
    warn(
      node,
      `\`${node.text}\` is a text in YAML`,
      `${WORDS[node.text]}, or "${node.text}" if the text is meant`,
      report,
    )
  } else if (!quoted && /^[“”„‘‚«]|[“”’»]$/u.test(node.text)) {
    warn(node, 'these quotes belong to the text: YAML knows only " and \'', `"${short(stripped(node.text))}"`, report)
  }
}

const stripped = (text: string) => text.replace(/^[“”„‘‚«]|[“”’»]$/gu, '')

function warn({ span, path }: AstScalar, message: string, hint: string, report: Report): void {
  report.add({ rule: 'look-alike', severity: 'warning', span, path, message, hint })
}

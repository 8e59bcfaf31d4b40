/**
 * CodeMirror's YAML grammar, as long as the text is one that it can bear: made to hang a reader, a text stops the page or overflows
 * the grammar's stack (S7). Such a text is shown without it; tags and links keep their colours, and the hub still checks it.
 */
import { yaml } from '@codemirror/lang-yaml'
import { Compartment, EditorState, type Extension, type Text } from '@codemirror/state'

const GRAMMAR = yaml()
const chosen = new Compartment()

export function yamlGrammar(text: string): Extension {
  return [
    chosen.of(isTame(EditorState.create({ doc: text }).doc) ? GRAMMAR : []),
    // Within the very change that brings such a text: the grammar would begin with it at once.
    EditorState.transactionExtender.of(change => {
      if (!change.docChanged) return null
      const now = isTame(change.newDoc)
      if (now === (chosen.get(change.startState) === GRAMMAR)) return null
      return { effects: chosen.reconfigure(now ? GRAMMAR : []) }
    }),
  ]
}

/** Far above what people write. A long list of keys, read in part, is deep for the grammar, so lines are counted too. */
const LONGEST = 64 * 1024
const MOST_LINES = 2_000
const LONGEST_LINE = 4_000
const DEEPEST = 64

export function isTame(doc: Text): boolean {
  if (doc.length > LONGEST || doc.lines > MOST_LINES) return false
  let open = 0
  for (const line of doc.iterLines()) {
    if (line.length > LONGEST_LINE) return false
    if (indentOf(line) > 4 * DEEPEST) return false
    for (let at = 0; at < line.length; at += 1) {
      const code = line.charCodeAt(at)
      if (code === 91 || code === 123) open += 1
      else if ((code === 93 || code === 125) && open > 0) open -= 1
    }
    if (open > DEEPEST) return false
  }
  return true
}

/** Columns before the first letter, dashes and question marks of nested lists and keys among them. */
function indentOf(line: string): number {
  return /^[ ?-]*/.exec(line)?.[0].length ?? 0
}

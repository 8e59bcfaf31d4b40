/**
 * A tab where blanks should indent: the composer complains of it, and of how the lines around it hang together, which is one mistake.
 * Called by `stream`; pure text.
 */
import type { Span } from './source.ts'

/** What the composer says, and where. */
export interface Complaint {
  readonly span: Span
  readonly message: string
}

/** Of the lines from the one before the first tab on: what they are said to be is not what was written. */
export function withoutTrailOfTab(text: string, sorted: readonly Complaint[]): readonly Complaint[] {
  const [first, ...rest] = sorted
  if (first === undefined) return []
  const all = isTabInFlow(text, first) ? [{ ...first, message: TABS }, ...rest] : sorted
  const tab = all.find(({ message }) => message.startsWith('Tabs'))?.span.start
  if (tab === undefined) return all
  const line = text.lastIndexOf('\n', tab - 1)
  const from = text.lastIndexOf('\n', line - 1) + 1
  // A bracket that was not closed before the tab is a mistake of its own.
  const follows = ({ span, message }: Complaint) =>
    span.start >= (message.startsWith('Flow') ? tab : from) && STRUCTURE.test(message)
  return all.filter(one => !follows(one))
}

const TABS = 'Tabs are not allowed as indentation'
/** About how lines hang together, which they do not once a tab stands where blanks should. */
const STRUCTURE =
  /^(Nested mappings|Implicit (map )?keys|All (mapping|sequence) items|A block \w+ may not|Flow \w+ in block)/

/** Lists and maps in brackets that a tab indents: the composer only finds them too little indented. */
function isTabInFlow(text: string, { span, message }: Complaint): boolean {
  if (!message.startsWith('Flow ')) return false
  const line = text.lastIndexOf('\n', span.start - 1) + 1
  return /^ *\t\s*$/.test(text.slice(line, span.start))
}

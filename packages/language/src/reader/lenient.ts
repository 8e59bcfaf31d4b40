/**
 * The tree of a text that someone is typing: whatever can be understood of it, no Problems. For the editor's functions only; what
 * is wrong is told by `parse`. The limits of S7 hold here too.
 */
import type { Node } from 'yaml'
import { type AstTarget, deref } from './ast.ts'
import { conversion } from './conversion.ts'
import { convert } from './convert.ts'
import { LIMITS } from './limits.ts'
import { Report, source } from './source.ts'
import { readStream } from './stream.ts'

/** The roots of the documents, at most two; the last one is the experiment. */
export function lenient(text: string): readonly AstTarget[] {
  // Of a file that is far too large nothing is read, not even its lines.
  if (text.length > LIMITS.bytes) return []
  const report = new Report(source(text, ''))
  const stream = readStream(text, report, { lenient: true })
  if (stream === null) return []
  return stream.documents.slice(0, 2).map(document => {
    const context = conversion(report, stream.tags)
    return deref(convert(document.contents as Node | null, '', document.range?.[0] ?? 0, context))
  })
}

/** Where a new line begins: behind `key:` and `key: !Tag` one step deeper, in a place of a list under its first key. */
import { type IndentContext, indentService } from '@codemirror/language'
import type { Extension } from '@codemirror/state'

export function yamlIndent(): Extension {
  return indentService.of((context: IndentContext, pos: number) => {
    const broken = context.simulatedBreak
    if (broken === null) return undefined
    const line = context.state.doc.lineAt(broken)
    return pos >= broken ? depthAfter(line.text.slice(0, Math.min(broken - line.from, MOST))) : undefined
  })
}

/** Of a longer line, what comes next is not asked. */
const MOST = 400
const STEP = 2
/** `key:` with nothing behind it, or with an anchor, a component or an option that goes on below. */
const OPENS = /^[^\s#!&*{["'][^#]*:(?: +&[\w-]+)?(?: +!(?!@|call$|link$|Link$|Experiment$)[\w.-]+)? *$/

/** Undefined: as deep as the line itself, or deeper than this knows (inside of brackets). */
export function depthAfter(line: string): number | undefined {
  if (line.length >= MOST) return undefined
  const [lead = ''] = /^ *(?:- +)*/.exec(line) ?? []
  const rest = line.slice(lead.length)
  if (OPENS.test(rest)) return lead.length + STEP
  return lead.includes('-') && /^(?:!(?!@)[\w.-]+|[^\s#!&*{["'][^#{["']*: .*[^\s,{[])$/.test(rest)
    ? lead.length
    : undefined
}

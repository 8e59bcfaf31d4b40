'use client'
/**
 * The editor: CodeMirror with the experiment language's look, the hub's problems at their places, a way to jump to one, and what the
 * language itself knows of a place: completion, explanations, the place that a name stands for.
 */
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState, type Text } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import type { Catalogue, Problem } from '@flambe/language'
import { basicSetup } from 'codemirror'
import { useEffect, useImperativeHandle, useRef } from 'react'
import { completion } from './assist/completion.ts'
import { Desk, startWorker } from './assist/desk.ts'
import { explain } from './assist/explain.ts'
import { goToDefinition } from './assist/go.ts'
import { yamlIndent } from './assist/indent.ts'
import { nonceOfPage, yamlLook } from './yaml-language.ts'

export interface EditorHandle {
  /** 1-based line and column. */
  jump(line: number, column: number): void
}

export default function YamlEditor({
  value,
  onChange,
  onSubmit,
  problems,
  catalogue,
  handle,
}: {
  readonly value: string
  readonly onChange: (text: string) => void
  readonly onSubmit: () => void
  readonly problems: readonly Problem[]
  /** All that the text may name, extensions too; undefined while it is not known. */
  readonly catalogue: Catalogue | undefined
  readonly handle: React.Ref<EditorHandle>
}) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView>(null)
  const desk = useRef<Desk>(null)
  const latest = useRef({ onChange, onSubmit, value })
  useEffect(() => {
    latest.current = { onChange, onSubmit, value }
  })

  useEffect(() => {
    if (!box.current) return
    const asked = new Desk(startWorker)
    const made = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: latest.current.value,
        extensions: [
          keymap.of([
            {
              key: 'Mod-Enter',
              run: () => {
                latest.current.onSubmit()
                return true
              },
            },
          ]),
          basicSetup,
          completion(asked),
          explain(asked),
          goToDefinition(asked),
          yamlIndent(),
          lintGutter(),
          EditorState.tabSize.of(2),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            'aria-label': 'Experiment as YAML',
            'aria-describedby': 'editor-keys',
            spellcheck: 'false',
          }),
          EditorView.updateListener.of(update => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString())
          }),
          yamlLook(latest.current.value),
          nonceOfPage(),
        ],
      }),
    })
    view.current = made
    desk.current = asked
    return () => {
      view.current = null
      desk.current = null
      made.destroy()
      asked.close()
    }
  }, [])

  useEffect(() => {
    if (catalogue !== undefined) desk.current?.know(catalogue)
  }, [catalogue])

  // A template or another experiment replaces the text; typing does not come back here.
  useEffect(() => {
    const editor = view.current
    if (!editor || editor.state.doc.toString() === value) return
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value }, selection: { anchor: 0 } })
  }, [value])

  useEffect(() => {
    const editor = view.current
    if (!editor) return
    editor.dispatch(
      setDiagnostics(
        editor.state,
        problems.map(problem => diagnostic(editor.state.doc, problem)),
      ),
    )
  }, [problems])

  useImperativeHandle(handle, () => ({
    jump(line, column) {
      const editor = view.current
      if (!editor) return
      const at = place(editor.state.doc, line, column)
      editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
      editor.focus()
    },
  }))

  return <div ref={box} className="h-full min-h-0 overflow-hidden" />
}

function diagnostic(doc: Text, problem: Problem): Diagnostic {
  const from = place(doc, problem.line, problem.column)
  const to = place(doc, problem.endLine, problem.endColumn)
  const message = problem.hint === '' ? problem.message : `${problem.message}\n${problem.hint}`
  // A place without extent still marks one character, so that it can be seen.
  return {
    from,
    to: to > from ? to : Math.min(doc.length, from + 1),
    severity: problem.severity,
    message,
    source: problem.code,
  }
}

/** A 1-based line and column as an offset, held within the text: it may have changed since the hub looked at it. */
function place(doc: Text, line: number, column: number): number {
  const at = doc.line(Math.min(Math.max(1, line), doc.lines))
  return Math.min(at.to, at.from + Math.max(0, column - 1))
}

'use client'
/** A YAML text to read: the editor's look without editing; grows with the text up to the window's height. */
import { codeFolding, foldGutter } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import { EditorView, lineNumbers } from '@codemirror/view'
import { useEffect, useRef } from 'react'
import { nonceOfPage, yamlLook } from './yaml-language.ts'

export default function YamlView({ text }: { readonly text: string }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!box.current) return
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          codeFolding(),
          foldGutter(),
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ 'aria-label': 'Configuration', tabindex: '0' }),
          EditorView.editable.of(false),
          yamlLook(text),
          nonceOfPage(),
        ],
      }),
    })
    return () => view.destroy()
  }, [text])
  return <div ref={box} className="max-h-[calc(100vh-18rem)] min-h-40 overflow-auto" />
}

/** How experiments look in the editor and where they are only shown: YAML, with tags, links and options standing out. */
import { yaml } from '@codemirror/lang-yaml'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import type { Extension } from '@codemirror/state'
import {
  Decoration,
  type DecorationSet,
  EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view'
import { tags as t } from '@lezer/highlight'

const style = HighlightStyle.define([
  { tag: t.comment, color: 'var(--faint)', fontStyle: 'italic' },
  { tag: [t.definition(t.propertyName), t.propertyName], color: 'var(--ink)', fontWeight: '500' },
  { tag: [t.string, t.special(t.string)], color: 'var(--state-success)' },
  { tag: [t.number, t.bool, t.null], color: 'var(--state-running)' },
  { tag: t.content, color: 'var(--state-running)' },
  { tag: [t.separator, t.punctuation, t.squareBracket, t.brace], color: 'var(--faint)' },
  { tag: [t.labelName, t.meta], color: 'var(--state-preparing)' },
  { tag: t.typeName, color: 'var(--state-paused)', fontWeight: '500' },
])

/** `!g`, `!s` and the distributions are options, `!@` a link: each with a colour of its own, beside components. */
const OPTION = /^!(g|s|choice|q?uniform|q?loguniform|randint|lograndint|q?normal)$/
const marker = new MatchDecorator({
  regexp: /(?<=^|[\s[,{:-])!(?:@|[A-Za-z_][\w.-]*)(?:(?<=!@)\s*[^\s,\]}#]+)?/g,
  decoration: match => {
    const text = match[0]
    if (text.startsWith('!@')) return Decoration.mark({ class: 'cm-flambe-link' })
    return Decoration.mark({ class: OPTION.test(text) ? 'cm-flambe-option' : 'cm-flambe-tag' })
  },
})

const markers = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = marker.createDeco(view)
    }
    update(update: ViewUpdate) {
      this.decorations = marker.updateDeco(update, this.decorations)
    }
  },
  { decorations: plugin => plugin.decorations },
)

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '0.8125rem', backgroundColor: 'var(--surface)', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.55', fontVariantLigatures: 'none' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--faint)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 10px 0 12px', minWidth: '36px' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--hover)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'light-dark(#fcd9c2, #5a331c)',
  },
  '.cm-selectionMatch': { backgroundColor: 'var(--accent-soft)' },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'transparent',
    outline: '1px solid var(--line-strong)',
  },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--sunken)', border: '1px solid var(--line)', color: 'var(--muted)' },
  '.cm-panels': { backgroundColor: 'var(--sunken)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-textfield, .cm-button': {
    backgroundColor: 'var(--raised)',
    backgroundImage: 'none',
    color: 'var(--ink)',
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
  },
  '.cm-tooltip': {
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line-strong)',
    borderRadius: '6px',
    boxShadow: 'var(--shadow-float)',
    color: 'var(--ink)',
  },
  '.cm-tooltip-lint': { maxWidth: '32rem' },
  '.cm-diagnostic': { padding: '4px 10px', whiteSpace: 'pre-wrap', fontFamily: 'var(--font-sans)' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--state-failure)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--state-queued)' },
  '.cm-flambe-tag, .cm-flambe-tag *': { color: 'var(--state-paused)', fontWeight: '500' },
  '.cm-flambe-option, .cm-flambe-option *': { color: 'var(--accent)', fontWeight: '600' },
  '.cm-flambe-link, .cm-flambe-link *': { color: 'var(--state-preparing)' },
})

export function yamlLook(): Extension {
  return [yaml(), syntaxHighlighting(style), markers, look]
}

/** Styles that the editor adds carry the page's nonce, where the policy asks for one. */
export function nonceOfPage(): Extension {
  const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce
  return nonce ? EditorView.cspNonce.of(nonce) : []
}

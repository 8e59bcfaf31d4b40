/** How experiments look in the editor and where they are only shown: YAML, with tags, links and options standing out. */
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
import { yamlGrammar } from './yaml-grammar.ts'

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
export const OPTION = /^!(g|s|choice|q?uniform|q?loguniform|randint|lograndint|q?normal)$/
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
  // An offer has the colour of what it becomes in the text.
  '.cm-tooltip.cm-flambe-offers': { overflow: 'visible' },
  '.cm-tooltip.cm-flambe-offers > ul': {
    fontFamily: 'var(--font-mono)',
    fontSize: '0.75rem',
    maxHeight: '15.5rem',
    minWidth: '16rem',
    maxWidth: 'min(34rem, 92vw)',
    padding: '4px',
  },
  '.cm-tooltip.cm-flambe-offers > ul > li': {
    display: 'flex',
    alignItems: 'baseline',
    gap: '16px',
    padding: '3px 8px',
    lineHeight: '1.4',
    borderRadius: '4px',
  },
  '.cm-tooltip.cm-flambe-offers > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'inherit',
  },
  '.cm-flambe-tag-offer .cm-completionLabel': { color: 'var(--state-paused)', fontWeight: '500' },
  '.cm-flambe-option-offer .cm-completionLabel': { color: 'var(--accent)', fontWeight: '500' },
  '.cm-flambe-link-offer .cm-completionLabel': { color: 'var(--state-preparing)', fontWeight: '500' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700', boxShadow: 'inset 0 -1px 0 currentColor' },
  '.cm-completionDetail': {
    marginLeft: 'auto',
    minWidth: '0',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    color: 'var(--muted)',
    fontFamily: 'var(--font-sans)',
    fontStyle: 'normal',
  },
  '.cm-tooltip.cm-completionInfo': { padding: '0', maxWidth: 'min(22rem, 92vw)', whiteSpace: 'normal' },
  '.cm-flambe-about': {
    maxWidth: 'min(32rem, 92vw)',
    maxHeight: '20rem',
    overflowY: 'auto',
    padding: '8px 12px',
    fontFamily: 'var(--font-sans)',
    fontSize: '0.75rem',
    lineHeight: '1.5',
    overflowWrap: 'anywhere',
  },
  '.cm-flambe-about-title': { fontFamily: 'var(--font-mono)', fontWeight: '600', marginBottom: '2px' },
  '.cm-flambe-about dl': { margin: '6px 0', borderTop: '1px solid var(--line)' },
  '.cm-flambe-about dt': {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: '10px',
    paddingTop: '5px',
    fontFamily: 'var(--font-mono)',
    fontWeight: '500',
  },
  '.cm-flambe-about-type': { fontFamily: 'var(--font-sans)', fontWeight: '400', color: 'var(--muted)' },
  '.cm-flambe-about dd': { margin: '0', color: 'var(--muted)' },
  '&.cm-flambe-going .cm-flambe-link:hover': {
    textDecoration: 'underline',
    cursor: 'pointer',
  },
  '.cm-tooltip-lint, .cm-tooltip .cm-tooltip-lint': {
    maxWidth: 'min(32rem, 92vw)',
    maxHeight: '13rem',
    overflowY: 'auto',
  },
  '.cm-diagnostic': {
    padding: '3px 10px',
    whiteSpace: 'pre-wrap',
    fontFamily: 'var(--font-sans)',
    fontSize: '0.75rem',
    lineHeight: '1.5',
  },
  '.cm-diagnosticSource': { display: 'none' },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--state-failure)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--state-queued)' },
  '.cm-flambe-tag, .cm-flambe-tag *': { color: 'var(--state-paused)', fontWeight: '500' },
  '.cm-flambe-option, .cm-flambe-option *': { color: 'var(--accent)', fontWeight: '600' },
  '.cm-flambe-link, .cm-flambe-link *': { color: 'var(--state-preparing)' },
})

/** `text`: what the editor begins with. */
export function yamlLook(text: string): Extension {
  return [yamlGrammar(text), syntaxHighlighting(style), markers, look]
}

/** Styles that the editor adds carry the page's nonce, where the policy asks for one. */
export function nonceOfPage(): Extension {
  const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce
  return nonce ? EditorView.cspNonce.of(nonce) : []
}

/** What stands at a place, in words: under the pointer, or at the cursor with F1 (Escape closes it). */
import { type EditorState, type Extension, Prec, StateEffect, StateField } from '@codemirror/state'
import { EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from '@codemirror/view'
import { about } from './about.ts'
import { type Desk, LONGEST } from './desk.ts'

const show = StateEffect.define<Tooltip | null>()

/** The one that was asked for by a key; whatever happens to the text or the cursor closes it. */
const asked = StateField.define<Tooltip | null>({
  create: () => null,
  update(now, transaction) {
    for (const effect of transaction.effects) if (effect.is(show)) return effect.value
    return transaction.docChanged || transaction.selection ? null : now
  },
  provide: field => showTooltip.from(field),
})

export function explain(desk: Desk): Extension {
  return [
    asked,
    // Problems of the place stand above it.
    Prec.lowest(hoverTooltip((view, pos, side) => explanation(view.state, pos, side, desk), { hideOnChange: true })),
    keymap.of([
      {
        key: 'F1',
        preventDefault: true,
        run: view => {
          explainCursor(view, desk).catch(() => {})
          return true
        },
      },
    ]),
    // Before a list or a selection takes the key.
    Prec.high(keymap.of([{ key: 'Escape', run: close }])),
    EditorView.domEventHandlers({
      blur(event, view) {
        if (!inside(view, event.relatedTarget)) close(view)
      },
    }),
  ]
}

/** A sentence at the cursor, which is read out too. */
export function say(view: EditorView, text: string): void {
  const pos = view.state.selection.main.head
  view.dispatch({ effects: [show.of({ pos, create: () => ({ dom: about('', text) }) }), EditorView.announce.of(text)] })
}

async function explainCursor(view: EditorView, desk: Desk): Promise<void> {
  const { state } = view
  const pos = state.selection.main.head
  const found = (await explanation(state, pos, 1, desk)) ?? (await explanation(state, pos, -1, desk))
  if (view.state.doc !== state.doc || view.state.selection.main.head !== pos) return
  if (found === null) return say(view, 'Nothing is known of this place.')
  view.dispatch({ effects: [show.of(found), EditorView.announce.of(found.words)] })
}

async function explanation(
  state: EditorState,
  pos: number,
  side: -1 | 1,
  desk: Desk,
): Promise<(Tooltip & { readonly words: string }) | null> {
  const place = side < 0 ? pos - 1 : pos
  if (state.doc.length > LONGEST || place < 0) return null
  const found = await desk.ask('hover', state.doc.toString(), place)
  if (found === null || (found.title === '' && found.text === '')) return null
  return {
    pos: found.from,
    end: found.to,
    above: true,
    words: `${found.title}. ${found.text.split('\n')[0] ?? ''}`,
    create: view => {
      const dom = about(found.title, found.text)
      // Long ones scroll, by keys too.
      dom.tabIndex = 0
      dom.setAttribute('role', 'note')
      dom.setAttribute('aria-label', found.title)
      dom.addEventListener('keydown', event => {
        if (event.key !== 'Escape') return
        view.focus()
        close(view)
      })
      return { dom }
    },
  }
}

function close(view: EditorView): boolean {
  if (view.state.field(asked) === null) return false
  view.dispatch({ effects: show.of(null) })
  return true
}

const inside = (view: EditorView, target: EventTarget | null) => target instanceof Node && view.dom.contains(target)

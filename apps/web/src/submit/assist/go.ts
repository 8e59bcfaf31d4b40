/** To where a name is written: F12 at the cursor, Ctrl or Cmd and a click, on a link, an alias, a block id or an extension's tag. */
import type { Extension } from '@codemirror/state'
import { EditorView, keymap, ViewPlugin } from '@codemirror/view'
import type { Definition } from '@flambe/language'
import { type Desk, LONGEST } from './desk.ts'
import { say } from './explain.ts'

export function goToDefinition(desk: Desk): Extension {
  return [
    keymap.of([
      {
        key: 'F12',
        preventDefault: true,
        run: view => {
          go(view, view.state.selection.main.head, desk)
            .then(gone => gone || say(view, 'This names no other place.'))
            .catch(() => {})
          return true
        },
      },
    ]),
    // Otherwise such a click would add a cursor.
    EditorView.clickAddsSelectionRange.of(() => false),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        if (event.button !== 0 || !goes(event)) return false
        const pos = view.posAtCoords({ x: event.clientX, y: event.clientY })
        if (pos === null) return false
        view.dispatch({ selection: { anchor: pos } })
        view.focus()
        go(view, pos, desk).catch(() => {})
        event.preventDefault()
        return true
      },
    }),
    pointed,
  ]
}

/** Also right behind the name. */
async function go(view: EditorView, pos: number, desk: Desk): Promise<boolean> {
  const { doc } = view.state
  if (doc.length > LONGEST) return false
  const text = doc.toString()
  const found =
    (await desk.ask('definition', text, pos)) ?? (pos > 0 ? await desk.ask('definition', text, pos - 1) : null)
  if (found === null || view.state.doc !== doc) return false
  const line = doc.lineAt(found.from)
  // A name is selected, so that the eye finds it; of something longer only its beginning.
  const head = found.to <= line.to ? found.to : found.from
  view.dispatch({
    selection: { anchor: found.from, head },
    effects: [EditorView.scrollIntoView(found.from, { y: 'center' }), EditorView.announce.of(words(found))],
    userEvent: 'select.definition',
  })
  return true
}

const words = ({ line, column }: Definition) => `Line ${line}, column ${column}`

const onMac = /Mac|iPhone|iPad/.test(navigator.platform)
const goes = (event: MouseEvent | KeyboardEvent) => (onMac ? event.metaKey : event.ctrlKey)

/** While the key is held, links under the pointer look like links. */
const pointed = ViewPlugin.fromClass(
  class {
    #view: EditorView
    #see = (event: MouseEvent | KeyboardEvent) => this.#view.dom.classList.toggle('cm-flambe-going', goes(event))
    #forget = () => this.#view.dom.classList.remove('cm-flambe-going')
    constructor(view: EditorView) {
      this.#view = view
      view.dom.addEventListener('mousemove', this.#see)
      view.dom.addEventListener('mouseleave', this.#forget)
      window.addEventListener('keydown', this.#see)
      window.addEventListener('keyup', this.#see)
    }
    destroy() {
      window.removeEventListener('keydown', this.#see)
      window.removeEventListener('keyup', this.#see)
    }
  },
)

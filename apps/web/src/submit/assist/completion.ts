/**
 * Completion in the editor: what `complete` of the language offers, as CodeMirror shows it. Keys: Ctrl+Space or typing opens,
 * arrows choose, Enter takes, Escape closes; Tab keeps leaving the editor.
 */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
} from '@codemirror/autocomplete'
import type { Extension } from '@codemirror/state'
import type { Completion as Offered } from '@flambe/language'
import { OPTION } from '../yaml-language.ts'
import { about } from './about.ts'
import { type Desk, LONGEST } from './desk.ts'

export function completion(desk: Desk): Extension {
  return autocompletion({
    override: [context => offersAt(context, desk)],
    icons: false,
    activateOnCompletion: ({ type, label }) => type === 'tag' && (label === '@' || label === 'call'),
    optionClass: ({ type, label }) => `cm-flambe-${type === 'tag' ? colorOf(label) : 'plain'}-offer`,
    tooltipClass: () => 'cm-flambe-offers',
  })
}

/** Where typing alone opens the list: in a word, behind `!`, `[`, `{`, `*`, `key: ` and `!@ `. */
const INVITING = /[\w.\-![{*]$|:[ ]$|[,[] $|!(?:@|link|Link|call) +["']?$/
/** As much of the line as that has to see. */
const NEAR = 40

async function offersAt(context: CompletionContext, desk: Desk): Promise<CompletionResult | null> {
  const { state, pos, explicit } = context
  if (state.doc.length > LONGEST) return null
  if (!explicit && !INVITING.test(state.sliceDoc(Math.max(state.doc.lineAt(pos).from, pos - NEAR), pos))) return null
  const offers = await desk.ask('complete', state.doc.toString(), pos)
  const first = offers?.[0]
  if (first === undefined || offers === null) return null
  const { from, to } = first
  const whole = new Set(offers.map(offer => offer.insert))
  // What is written in full needs no list, in which Enter would mean something else than a new line.
  if (!explicit && whole.has(state.sliceDoc(from, pos))) return null
  // In a link a dot begins another part.
  const word = first.kind === 'tag' ? /^[\w.-]*$/ : /^[\w-]*$/
  return {
    from,
    to,
    options: offers.map(optionOf),
    validFor: text => word.test(text) && !whole.has(text),
    getMatch: ({ displayLabel }, matched = []) => (displayLabel === undefined ? [] : matched.map(at => at + 1)),
  }
}

/** The label is what is typed, so a tag's has no `!`; it is shown with it. Equal matches stay in the language's order. */
function optionOf(offer: Offered, place: number): Completion {
  const { label, kind, detail, description } = offer
  return {
    label: kind === 'tag' ? label.slice(1) : label,
    ...(kind === 'tag' ? { displayLabel: label } : {}),
    type: kind,
    boost: Math.max(-90, -place / 100),
    ...(detail === '' ? {} : { detail }),
    ...(description === '' ? {} : { info: () => about('', description) }),
    apply: (view, picked, from, to) => {
      const insert = fitted(offer.insert, view.state.sliceDoc(to, to + NEAR))
      const end = insert.text.length + from
      view.dispatch({
        changes: { from, to, insert: insert.text },
        selection: { anchor: end + insert.over },
        scrollIntoView: true,
        userEvent: 'input.complete',
        annotations: pickedCompletion.of(picked),
      })
    },
  }
}

/** Leaves out what stands behind the place already: the colon of a key, the bracket of a link. `over`: characters to step over. */
export function fitted(insert: string, behind: string): { readonly text: string; readonly over: number } {
  const colon = insert.endsWith(': ') ? /^: ?/.exec(behind) : null
  if (colon !== null) return { text: insert.slice(0, -2), over: colon[0].length }
  if (insert.endsWith(']') && behind.startsWith(']')) return { text: insert.slice(0, -1), over: 1 }
  if (insert.endsWith(' ') && behind.startsWith(' ')) return { text: insert.slice(0, -1), over: 1 }
  return { text: insert, over: 0 }
}

/** As in the text: options, links and components each have a colour of their own. */
function colorOf(label: string): 'link' | 'option' | 'tag' {
  if (label === '@' || label === 'call') return 'link'
  return OPTION.test(`!${label}`) ? 'option' : 'tag'
}

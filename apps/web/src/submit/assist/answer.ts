/**
 * The worker's side of the desk: questions about a place of a text in, answers of `@flambe/language` out. Bound to a browser's worker
 * by `worker.ts`, to a thread by the test. Knows the catalogue that it was told last.
 */
import {
  type Catalogue,
  type Completion,
  complete,
  type Definition,
  definition,
  type Hover,
  hover,
} from '@flambe/language'

export interface Answers {
  readonly complete: readonly Completion[]
  readonly hover: Hover | null
  readonly definition: Definition | null
}

export type Kind = keyof Answers

export type ToClerk =
  | { readonly catalogue: Catalogue }
  | { readonly id: number; readonly kind: Kind; readonly text: string; readonly offset: number }

export interface FromClerk {
  readonly id: number
  /** Undefined: the language itself failed on this text, which is told in the console. */
  readonly answer: Answers[Kind] | undefined
}

export function makeClerk(reply: (message: FromClerk) => void): (message: ToClerk) => void {
  let catalogue: Catalogue = { components: {} }
  return message => {
    if ('catalogue' in message) {
      catalogue = message.catalogue
      return
    }
    const { id, kind, text, offset } = message
    reply({ id, answer: answerTo(kind, text, offset, catalogue) })
  }
}

function answerTo(kind: Kind, text: string, offset: number, catalogue: Catalogue): Answers[Kind] {
  if (kind === 'complete') return complete(text, offset, catalogue)
  return kind === 'hover' ? hover(text, offset, catalogue) : definition(text, offset)
}

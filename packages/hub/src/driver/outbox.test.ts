import type { Action } from '@flambe/engine'
import { describe, expect, it } from 'vitest'
import { eventually } from '../testing/house.ts'
import { createOutbox, type Emit } from './outbox.ts'

/** An agent that answers each message as told by event and attempt; `ok` where nothing is told. */
function scene(answers: { readonly [key: string]: 'busy' | 'silent' }) {
  const now: { [key: string]: 'busy' | 'silent' | undefined } = { ...answers }
  const said: string[] = []
  const errors: unknown[] = []
  const outbox = createOutbox({
    done: async () => {},
    message: async ({ type, attempt }: Action) =>
      type === 'end'
        ? { event: 'end', message: { attempt, how: 'stop' } }
        : type === 'forget'
          ? { event: 'forget', message: { attempt } }
          : { event: 'assign', message: { attempt, spec: {} as never } },
    refused: async () => {},
    onError: error => errors.push(error),
    retry: 10,
  })
  const emit: Emit = async (event, message) => {
    const { attempt } = message as { readonly attempt: string }
    const key = `${event} ${attempt}`
    if (now[key] === 'silent') throw new Error('no answer')
    if (now[key] === 'busy') return { ok: false, refusal: { code: 'BUSY', message: 'full', after: 10 } }
    said.push(key)
    return { ok: true }
  }
  return { outbox, said, errors, emit, settle: (key: string) => delete now[key] }
}

const end = (attempt: string): Action => ({ type: 'end', agent: 'a', attempt, how: 'stop' })
const assign = (attempt: string): Action => ({ type: 'assign', agent: 'a', attempt })

describe('a message that must wait', () => {
  it.each(['busy', 'silent'] as const)('(%s) does not hold up those of other attempts (G13)', async how => {
    const { outbox, said, emit, settle } = scene({ 'assign e.b.1.1': how })
    outbox.push([
      { seq: 1, action: assign('e.b.1.1') },
      { seq: 2, action: end('e.b.2.1') },
      { seq: 3, action: end('e.b.1.1') },
    ])
    outbox.connect('a', emit)
    await eventually(() => said.length > 0)
    expect(said).toEqual(['end e.b.2.1'])
    settle('assign e.b.1.1')
    await eventually(() => said.length === 3)
    expect(said.slice(1)).toEqual(['assign e.b.1.1', 'end e.b.1.1'])
    outbox.close()
  })
})

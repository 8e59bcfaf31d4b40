/** Extensions are installed on every agent before trials need them; agents that cannot be asked do it as before. */
import type { Manifest } from '@flambe/engine'
import { CAN_INSTALL, type Up } from '@flambe/protocol'
import { expect, it } from 'vitest'
import type { Emit } from '../driver/outbox.ts'
import { createInstalling } from './installing.ts'

const manifest: Manifest = { kind: 'folder', files: [] }
const hello = (name: string, can: readonly string[]) => ({ name, can }) as unknown as Up['hello']
const experiment = {
  resources: { 'extension:ext': { kind: 'blobs', manifest }, data: { kind: 'blobs', manifest } },
} as const

it('asks each enabled agent that can, and tells how far it is', async () => {
  const asked: string[] = []
  const line =
    (agent: string, answer: object | null): Emit =>
    async (_, message) => {
      asked.push(`${agent} ${Object.keys((message as { extensions: object }).extensions)}`)
      if (answer === null) throw new Error('the connection was lost')
      return answer as never
    }
  const installing = createInstalling(agent => agent !== 'off')
  const add = (agent: string, answer: object | null, can = [CAN_INSTALL]) => {
    const emit = line(agent, answer)
    installing.connect(agent, hello(agent.toUpperCase(), can), emit)
    return emit
  }
  add('done', { ok: true, state: 'installed' })
  add('busy', { ok: true, state: 'installing' })
  add('broken', { ok: true, state: 'failed', detail: 'no npm' })
  add('cut', null)
  add('odd', { ok: true, state: 7 })
  add('old', null, [])
  add('off', { ok: true, state: 'installed' })
  const gone = add('gone', { ok: true, state: 'installed' })
  installing.disconnect('gone', gone)
  const states = (await installing.install(experiment)).map(({ name, state, detail }) => [name, state, detail])
  expect(states).toEqual([
    ['DONE', 'installed', ''],
    ['BUSY', 'installing', ''],
    ['BROKEN', 'failed', 'no npm'],
    ['CUT', 'installing', ''],
    ['ODD', 'installing', ''],
    ['OLD', 'installed', ''],
  ])
  expect(asked).toEqual(['done ext', 'busy ext', 'broken ext', 'cut ext', 'odd ext'])
})

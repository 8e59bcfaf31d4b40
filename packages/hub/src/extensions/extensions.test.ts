/** Extensions on the hub: blobs and catalogues that somebody else made; it checks with them and passes them on. */
import { createHash } from 'node:crypto'
import type { Manifest } from '@flambe/protocol'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { FakeAgent } from '../testing/fake-agent.ts'
import { extensionEntry } from '../testing/files.ts'
import { type House, openHouse, raw } from '../testing/house.ts'

let house: House
beforeEach(async () => {
  house = await openHouse()
})
afterEach(() => house.close())

const TEXT = `ext: ./ext
other: ./other
---
!Experiment
name: extended
seed: 3
pipeline:
  a: !ext.Train {steps: 1}
`
const catalogue = { ext: { components: { 'ext.Train': extensionEntry('ext.Train') } }, other: { components: {} } }

async function uploaded(text: string): Promise<Manifest> {
  const sha256 = createHash('sha256').update(text).digest('hex')
  const headers = { authorization: `Bearer ${house.hub.localToken()}` }
  await raw(`${house.url}/api/blobs/${sha256}`, { method: 'PUT', headers, body: Buffer.from(text) })
  return { kind: 'folder', files: [{ path: 'index.js', sha256, size: text.length }] }
}
const submit = (text: string, resources: object, extensions: object = catalogue) =>
  house.api.experiments.submit.mutate({
    text,
    resources: resources as never,
    extensions: extensions as never,
    command: `command-${Math.random().toString(36).slice(2)}`,
  })

it('takes an experiment only with its extensions, and gives a trial those that it uses', async () => {
  const { token } = await house.api.agents.joinToken.mutate()
  const agent = new FakeAgent({ url: house.url, token, play: { steps: 1 } })
  await agent.connect()
  const one = await uploaded('one')
  const without = await submit(TEXT, {})
  expect(without).toMatchObject({
    ok: false,
    refusal: expect.stringMatching(/extension ext \(\.\/ext\), extension other/),
  })
  expect(await submit(TEXT, { 'extension:ext': one, 'extension:other': await uploaded('two') })).toMatchObject({
    ok: true,
  })
  await vi.waitFor(() => expect(agent.specs.size).toBe(1))
  const spec = [...agent.specs.values()][0]
  expect(spec?.resources).toEqual({ 'extension:ext': { kind: 'blobs', manifest: one } })
  expect(spec?.mode).toBe('min')
  agent.close()
})

it('checks the file with the catalogues that came with it', async () => {
  const answer = await submit(TEXT.replace('steps', 'stepps'), {})
  expect(answer).toMatchObject({
    ok: false,
    problems: expect.arrayContaining([expect.objectContaining({ hint: 'did you mean steps?' })]),
  })
  const tag = await submit(TEXT.replace('ext.Train', 'ext.Trian'), {})
  expect(tag).toMatchObject({ ok: false, problems: [{ rule: 'unknown-tag', hint: 'did you mean !ext.Train?' }] })
})

it('refuses a catalogue that is none', async () => {
  await expect(submit(TEXT, {}, { ext: { components: { 'ext.Train': { tag: 3 } } } })).rejects.toThrow()
})

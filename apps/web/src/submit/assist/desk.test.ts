/** The desk with a real thread behind it (S7): what a text does to the language never reaches who asks. */
import { Worker } from 'node:worker_threads'
import { type Catalogue, LIMITS } from '@flambe/language'
import { afterEach, expect, it } from 'vitest'
import { Desk, LONGEST, type StartClerk } from './desk.ts'

/** As `worker.ts`, in a thread of Node; a text with HANG never ends, one with CRASH ends the thread. Memory is bounded as S7 says. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads')
  const clerk = import(workerData).then(({ makeClerk }) => makeClerk(message => parentPort.postMessage(message)))
  parentPort.on('message', message => {
    if (message.text?.includes('HANG')) for (;;);
    if (message.text?.includes('CRASH')) process.exit(1)
    clerk.then(answer => answer(message))
  })
`
let started = 0
const running = new Set<Worker>()
const startThread: StartClerk = on => {
  started += 1
  const thread = new Worker(THREAD, {
    eval: true,
    workerData: new URL('answer.ts', import.meta.url).href,
    resourceLimits: { maxOldGenerationSizeMb: 200 },
  })
  running.add(thread)
  thread.on('message', on.answer)
  thread.on('exit', () => {
    running.delete(thread)
    on.broken()
  })
  return {
    send: message => thread.postMessage(message),
    end: () => {
      thread.removeAllListeners()
      running.delete(thread)
      thread.terminate()
    },
  }
}

let desk: Desk
const open = (patience = 20_000) => {
  started = 0
  desk = new Desk(startThread, patience)
  return desk
}
afterEach(() => {
  desk.close()
  expect(running.size).toBe(0)
})

const CATALOGUE: Catalogue = {
  components: {
    Trainer: {
      tag: 'Trainer',
      description: 'Trains.',
      params: [{ name: 'steps', required: true, description: 'How many.' }],
      open: false,
      factories: {},
      attributes: [],
      callable: [],
      lower_is_better: null,
      kinds: ['Component'],
    },
  },
}
const TEXT = '!Experiment\npipeline:\n  train: !Tr\nreduce: {train: 1}\n'

it('asks no longer text than the language reads', async () => {
  expect(LONGEST).toBe(LIMITS.bytes)
  open()
  expect(await desk.ask('hover', `${TEXT}${'#'.repeat(LONGEST)}`, 3)).toBeNull()
  expect(started).toBe(0)
})

it('answers from the catalogue that it was told, before or after the first question', async () => {
  open()
  const tag = TEXT.indexOf('!Tr') + 3
  expect((await desk.ask('complete', TEXT, tag))?.map(offer => offer.label)).toEqual([])
  desk.know(CATALOGUE)
  expect((await desk.ask('complete', TEXT, tag))?.map(offer => offer.label)).toEqual(['!Trainer'])
  expect((await desk.ask('hover', TEXT.replace('!Tr', '!Trainer'), tag))?.title).toBe('!Trainer')
  expect((await desk.ask('definition', TEXT, TEXT.indexOf('{train') + 1))?.line).toBe(3)
  expect(started).toBe(1)
})

it('drops the older of two questions that wait', async () => {
  open()
  const answers = await Promise.all([
    desk.ask('definition', TEXT, 0),
    desk.ask('hover', TEXT, 1),
    desk.ask('hover', TEXT, TEXT.indexOf('reduce')),
    desk.ask('complete', TEXT, 0),
  ])
  expect(answers[1]).toBeNull()
  expect(answers[2]?.title).toBe('reduce')
})

for (const how of ['HANG', 'CRASH']) {
  it(`goes on after a text that makes the worker ${how.toLowerCase()}, and does not ask about it again`, async () => {
    // The first question has ten times the patience, for loading.
    open(500)
    desk.know(CATALOGUE)
    expect(await desk.ask('hover', TEXT, 3)).not.toBeNull()
    const [hung, waiting] = await Promise.all([desk.ask('hover', how, 0), desk.ask('complete', how, 0)])
    expect([hung, waiting]).toEqual([null, null])
    expect(started).toBe(1)
    expect(await desk.ask('definition', how, 0)).toBeNull()
    expect(started).toBe(1)
    // A new thread, which knows the catalogue.
    const offers = await desk.ask('complete', TEXT, TEXT.indexOf('!Tr') + 3)
    expect(offers?.map(offer => offer.label)).toEqual(['!Trainer'])
    expect(started).toBe(2)
  })
}

it('answers in hostile texts within the memory that S7 allows', async () => {
  open()
  const size = LONGEST
  const bomb = Array.from({ length: 28 }, (_, i) => `  x${i + 1}: &x${i + 1} [*x${i}, *x${i}]`).join('\n')
  const hostile = [
    '['.repeat(size),
    '!a '.repeat(size / 3),
    '*a '.repeat(size / 3),
    '- |\n'.repeat(size / 4),
    `!Experiment\npipeline:\n a: !Trainer\n  x0: &x0 [1]\n${bomb.replaceAll(/^ {2}/gm, '  ')}`,
    Array.from({ length: 700 }, (_, i) => `${' '.repeat(i % 300)}a:`)
      .join('\n')
      .slice(0, size),
  ]
  for (const text of hostile) {
    for (const offset of [text.length >> 1, text.length]) {
      await desk.ask('complete', text, offset)
      await desk.ask('hover', text, offset)
      await desk.ask('definition', text, offset)
    }
  }
  // Still the first thread: none ran out of memory, none had to be ended.
  expect(started).toBe(1)
}, 60_000)

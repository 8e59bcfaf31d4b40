import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import {
  complete,
  definition,
  dump,
  hover,
  planAnswer,
  resolve,
  variantAt,
  variantFrom,
  variants,
  variantsUpon,
} from './index.ts'
import { TEST_CATALOGUE } from './testing/catalogue.ts'
import { HANDLED, HOSTILE } from './testing/hostile.ts'
import { file, mustPlan, planText } from './testing/plan-text.ts'

/** Plans every hostile file in a thread whose memory is bounded; says for each what it was refused for. */
const READER = `
  const { parentPort, workerData } = require('node:worker_threads')
  Promise.all(workerData.map(url => import(url))).then(([{ HOSTILE }, { planText }]) => {
    parentPort.postMessage(Object.entries(HOSTILE).map(([name, text]) => [name, planText(text).problems[0]?.rule ?? null]))
  })
`

describe('hostile files (S7)', () => {
  for (const [name, text] of Object.entries(HOSTILE)) {
    it(`answers ${name} with problems, and soon`, () => {
      const { plan, problems } = planText(text)
      expect(plan === null).toBe(true)
      expect(problems.length).toBeGreaterThan(0)
      expect(problems.length).toBeLessThanOrEqual(400)
      // That it answers soon is seen by the test's own time limit; a hostile file that hangs never gets here.
    })

    it(`completes and explains in ${name}, and soon`, () => {
      const middle = text.length >> 1
      for (const offset of [middle, text.length]) {
        complete(text, offset, TEST_CATALOGUE)
        hover(text, offset, TEST_CATALOGUE)
        definition(text, offset)
      }
    })
  }

  for (const [name, text] of Object.entries(HANDLED)) {
    it(`plans ${name}, and soon`, () => {
      const plan = mustPlan(text)
      expect(planAnswer({ plan, problems: [] }, { limit: 2 })).toMatchObject({ ok: true })
      expect(mustPlan(dump(plan)).blocks.map(({ count }) => count)).toEqual(plan.blocks.map(({ count }) => count))
      for (const offset of [text.length >> 1, text.length - 1]) {
        complete(text, offset, TEST_CATALOGUE)
        hover(text, offset, TEST_CATALOGUE)
        definition(text, offset)
      }
    })
  }

  it('are all read in 200 MB', async () => {
    const worker = new Worker(READER, {
      eval: true,
      workerData: ['hostile.ts', 'plan-text.ts'].map(name => new URL(`testing/${name}`, import.meta.url).href),
      resourceLimits: { maxOldGenerationSizeMb: 200 },
    })
    const refused = await new Promise((done, failed) => {
      worker.once('message', done)
      worker.once('error', failed)
    })
    await worker.terminate()
    expect(refused).toHaveLength(Object.keys(HOSTILE).length)
    expect(refused).not.toContainEqual([expect.anything(), null])
  }, 60_000)
})

const ODD = ['__proto__', 'constructor', 'prototype']

describe('names of the prototype', () => {
  const places: { readonly [place: string]: (name: string) => string } = {
    'a key of the experiment': name => `!Experiment {name: t, ${name}: 1, pipeline: {a: !Any}}`,
    'a block': name => file(`${name}: !Any`),
    'a keyword': name => file(`a: !Any {${name}: 1}`),
    'a keyword of a component in a list': name => file(`a: !Any {x: [!Enc {${name}: 1}]}`),
    'a key of a map': name => file(`a: !Any {x: {y: {${name}: 1}}}`),
    'a key of an alternative': name => file(`a: !Any {x: !g [{${name}: 1}, 2]}`),
    'a merged key': name => file(`a: !Any {x: &x {${name}: 1}, y: {<<: *x}}`),
    'a quoted key': name => file(`a: !Any {"${name}": 1}`),
    'a written-out key': name => file(`a: !Any\n  ? ${name}\n  : 1`),
    'a resource': name => file('a: !Any', `resources: {${name}: ./x}\n`),
    'an extension': name => `${name}: ./x\n---\n${file('a: !Any')}`,
    'a block of reduce': name => file('a: !Any', `reduce: {${name}: 1}\n`),
    'a block of search': name => file('a: !Any {x: !g [1, 2]}', `search: {${name}: !TPE}\n`),
    'a keyword of a search': name => file('a: !Any {x: !g [1, 2]}', `search: {a: !TPE {initial: [{${name}: 1}]}}\n`),
    'a device': name => file('a: !Any', `devices: {a: {${name}: 1}}\n`),
    'a key of budget': name => file('a: !Any', `budget: {${name}: 1}\n`),
    'the block of a link': name => file(`a: !Any {x: !@ ${name}}`),
    'a bracket of a link': name => file(`a: !Any {x: 1}\nb: !Any {x: !@ "a[${name}]"}`),
    'an attribute of a link': name => file(`a: !Any\nb: !Any {x: !@ a.${name}}`),
    'an attribute that is called': name => file(`a: !Any\nb: !Any {x: !call a.b.${name}}`),
    'a tag': name => file(`a: !${name}`),
    'a factory': name => file(`a: !Data.${name} {rows: 1}`),
    'a search algorithm': name => file('a: !Any {x: !g [1, 2]}', `search: {a: !${name}}\n`),
    'a block to resume': name => file('a: !Any', `resume: [${name}]\n`),
  }
  for (const [place, text] of Object.entries(places)) {
    it(`are refused as ${place}`, () => {
      for (const name of ODD) expect([name, planText(text(name)).plan === null]).toEqual([name, true])
      expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    })
  }

  it('leave names of other methods alone: they are blocks, keywords and values like any', () => {
    const text = file(
      'toString: !Any {valueOf: !g [1, 2]}\nhasOwnProperty: !Any {x: !uniform [0, 1], y: !@ toString}\nvalueOf: !Any {hasOwnProperty: {isPrototypeOf: !g [3, 4]}, z: !@ toString}',
      'search: {hasOwnProperty: !TPE {n_trials: 3}}\n',
    )
    const plan = mustPlan(text)
    const ids = plan.blocks.map(({ id }) => id)
    expect(ids).toEqual(['toString', 'hasOwnProperty', 'valueOf'])
    const first = variantAt(plan, 'toString', 1)
    const [last] = [...variantsUpon(plan, 'valueOf', [first])]
    expect(last).toMatchObject({ ancestors: { toString: first.id }, params: { 'toString.valueOf': 2 } })
    expect(last && variantFrom(plan, 'valueOf', last)).toEqual(last)
    expect(resolve(plan, first)[0]?.root.args[0]).toEqual(['valueOf', { kind: 'scalar', value: 2 }])
    expect(mustPlan(dump(plan)).blocks.map(({ id }) => id)).toEqual(ids)
    expect(planAnswer({ plan, problems: [] })).toMatchObject({ ok: true })
  })
})

describe('hostile tags', () => {
  it.each([
    '!!python/object:os.system',
    '!<tag:yaml.org,2002:js/function>',
    '!<!Any>x',
    '!a!b',
    '!',
    '!!set {a}',
    '!%41ny',
    '!Any.constructor',
    '!Data.toString',
    '!toString',
    '!../../etc/passwd',
    '!Ünïcode',
    '!Any!',
    '!!',
  ])('%s builds nothing', tag => {
    // A lone `!` says nothing: its map is a plain map.
    expect(planText(file(`a: !Any {x: ${tag} {k: 1}}`)).plan === null).toBe(tag !== '!')
  })

  it('through a %TAG directive reach nothing either', () => {
    for (const prefix of ['tag:yaml.org,2002:js/', 'tag:evil,2020:', '!Da']) {
      const { plan } = planText(`%TAG !e! ${prefix}\n---\n${file('a: !e!function {}')}`)
      expect(plan).toBeNull()
    }
  })
})

describe('a million variants', () => {
  const grid = `!g [${Array.from({ length: 100 }, (_, i) => i).join(', ')}]`
  const most = 'max_trials: 1000000000000\n'

  it('of one block, or inherited, are counted, and the first and the last are there at once', () => {
    const one = mustPlan(file(`a: !Any {x: ${grid}, y: ${grid}, z: ${grid}}`, most))
    const inherited = mustPlan(
      file(`a: !Any {x: ${grid}}\nb: !Any {x: ${grid}, u: !@ a}\nc: !Any {x: ${grid}, u: !@ b}`, most),
    )
    for (const plan of [one, inherited]) {
      const { id, count } = plan.blocks.at(-1) ?? { id: '', count: 0 }
      expect(count).toBe(1_000_000)
      expect(Object.values([...take(variants(plan, id), 1)][0]?.params ?? {})).toEqual([0, 0, 0])
      expect(Object.values(variantAt(plan, id, count - 1).params)).toEqual([99, 99, 99])
      const answer = planAnswer({ plan, problems: [] }, { limit: 2 })
      expect(answer.ok && answer.blocks.at(-1)).toMatchObject({ count, variants: { length: 2 } })
    }
  })
})

function* take<Item>(items: Iterable<Item>, n: number): Generator<Item> {
  let left = n
  for (const item of items) {
    if (left-- === 0) return
    yield item
  }
}

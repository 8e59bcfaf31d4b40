import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConfigNode, LinkNode, ResolvedConfig } from '@flambe/language'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resolved } from '../trial/testing/experiment.ts'
import { type Data, type Look, Net, type Train } from '../trial/testing/parts.ts'
import { compile } from './compile.ts'
import { Component, type Keywords } from './component.ts'
import { register } from './registry.ts'
import { save } from './state.ts'

let dir = ''
let inputs: { [block: string]: string } = {}
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-compile-'))
  inputs = {}
})
afterEach(() => rmSync(dir, { recursive: true }))

const build = (pipeline: string, block: string, resources = {}) =>
  compile(resolved(pipeline, block), { resources, inputs })

/** Runs a block to its end as its trial would, and keeps its checkpoint as an input of later ones. */
async function finish(pipeline: string, block: string): Promise<Component> {
  const component = await build(pipeline, block)
  while ((await component.run()) === true);
  inputs[block] = join(dir, block)
  await save(component, inputs[block])
  return component
}

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable(),
    (error: Error) => `${error.name}: ${error.message}`,
  )

describe('keywords', () => {
  test('are built in the order of the document, integer-like names included', async () => {
    const look = (await build(
      'l: !Look\n  b: !Net {width: 1}\n  2: {y: 1, 10: 2, 9: 3}\n  1: [.nan, -.inf, null]',
      'l',
    )) as Look
    expect(look.named.b).toBeInstanceOf(Net)
    expect(Object.getPrototypeOf(look.named[2])).toBeNull()
    expect({ ...(look.named[2] as object) }).toEqual({ y: 1, 10: 2, 9: 3 })
    expect(look.named[1]).toEqual([Number.NaN, Number.NEGATIVE_INFINITY, null])
  })

  test('that are missing, unknown or wrong are configuration errors with their key path', async () => {
    const config = (args: [string, ConfigNode][], tag = 'Train', factory: string | null = null): ResolvedConfig => [
      { id: 'b', root: { kind: 'component', id: 1, tag, factory, args, path: 'pipeline.b' } },
    ]
    const one: ConfigNode = { kind: 'scalar', value: 1 }
    const wrong = (c: ResolvedConfig) => failure(compile(c, { resources: {}, inputs }))
    expect(await wrong(config([]))).toBe('ConfigurationError: pipeline.b: !Train needs the keyword "net"')
    expect(await wrong(config([['net', one]]))).toBe('ConfigurationError: pipeline.b.net: expected Net, got 1')
    expect(await wrong(config([['nett', one]]))).toContain(
      'pipeline.b: !Train has no keyword "nett"; it has net, steps',
    )
    expect(await wrong(config([['row', one]], 'Data'))).toContain(
      'pipeline.b: !Data has no keyword "row"; it has rows, table',
    )
    expect(await wrong(config([['width', { kind: 'scalar', value: 0.5 }]], 'Net'))).toContain('pipeline.b.width: ')
    expect(await wrong(config([], 'Nothing'))).toBe('ConfigurationError: pipeline.b: there is no component !Nothing')
    expect(await wrong(config([], 'Net', 'tall'))).toBe('ConfigurationError: pipeline.b: !Net has no factory "tall"')
  })

  test('`built` is called once, and factories are inherited but not by siblings', async () => {
    class Sub extends Net {}
    class Other extends Component {}
    register([Sub, Other])
    const config = (tag: string): ResolvedConfig => [
      { id: 'b', root: { kind: 'component', id: 1, tag, factory: 'wide', args: [], path: 'pipeline.b' } },
    ]
    const net = (await compile(config('Sub'), { resources: {}, inputs })) as Net
    expect([net.weights.length, net.builds]).toEqual([20, 1])
    expect(await failure(compile(config('Other'), { resources: {}, inputs }))).toContain('no factory')
  })

  test('`precompile` may build a keyword before its turn; everybody gets the same object', async () => {
    const order: string[] = []
    class Note extends Component {
      constructor({ name }: { name: string }) {
        super()
        order.push(name)
      }
    }
    class Early extends Component {
      static override async precompile(keywords: Keywords) {
        order.push(keywords.names.join(' '))
        await keywords.build('last')
      }
      parts: unknown
      constructor({ first, last }: { first: unknown; last: unknown }) {
        super()
        this.parts = [first, last]
      }
    }
    register([Note, Early])
    await build('e: !Early\n  first: !Note {name: a}\n  last: !Note {name: b}', 'e')
    expect(order).toEqual(['first last', 'b', 'a'])
  })
})

describe('links', () => {
  const link = (root: string, keys: (string | number)[], attributes: string[] = [], call = false): LinkNode => ({
    kind: 'link',
    root,
    keys,
    attributes,
    call,
    path: 'pipeline.l.x',
  })
  /** A block that holds data, with a link behind it, as the language would refuse to let it through. */
  const own = (written: LinkNode): ResolvedConfig => {
    const base = resolved(
      'l: !Look\n  data: !Data {rows: [4, 5], table: {a: 1}}\n  list: [!Net {width: 1}, {deep: !Net {width: 3}}]\n  again: !@ l[data]',
      'l',
    )
    const block = base[0]
    if (block === undefined) throw new Error('no block')
    return [{ ...block, root: { ...block.root, args: [...block.root.args, ['x', written] as const] } }]
  }
  const at = async (written: LinkNode, resources = {}) =>
    ((await compile(own(written), { resources, inputs })) as Look).named.x
  const wrong = (written: LinkNode, resources = {}) => failure(at(written, resources))

  test('brackets walk keywords, maps, lists and other links; all ends at the same object are one instance', async () => {
    const look = (await build(
      `l: !Look
  parts: [!Net {width: 1}, {deep: !Net {width: 3}}]
  data: &d !Data {rows: [4, 5]}
  alias: *d
  link: !@ l[data]
  through: !@ l[link][rows][1]
  deep: !@ l[parts][1][deep]
  first: !@ l[parts][0]`,
      'l',
    )) as Look
    const { data, alias, link: linked, through, deep, first } = look.named
    expect(alias).toBe(data)
    expect(linked).toBe(data)
    expect(through).toBe(5)
    expect(first).toBe(look.parts[0])
    expect(deep).toBe((look.parts[1] as { deep: Net }).deep)
  })

  test('attributes are own, declared fields, computed ones too; own keys of plain maps; then brackets of what is written', async () => {
    expect(await at(link('l', ['data'], ['size']))).toBe(2)
    expect(await at(link('l', ['data'], ['table', 'a']))).toBe(1)
    expect(await at(link('l', ['data'], ['count'], true))).toBe(2)
    expect(await at(link('l', ['again', 'rows', 0]))).toBe(4)
    const train = await build('t: !Look\n  t: !Train {net: !Net {width: 2}}\n  n: !@ t[t].net.weights', 't')
    expect((train as Look).named.n).toHaveLength(2)
  })

  test.each([
    [link('l', ['data'], ['secret']), 'Data has no attribute "secret"'],
    [link('l', ['data'], ['constructor']), 'no attribute "constructor"'],
    [link('l', ['data'], ['__proto__']), 'no attribute "__proto__"'],
    [link('l', ['data'], ['count']), 'no attribute "count"'],
    [link('l', ['data'], ['toString']), 'no attribute "toString"'],
    [link('l', ['data'], ['rows', 'length']), 'a list has no attribute "length"'],
    [link('l', ['data'], ['table', 'toString']), 'no attribute "toString"'],
    [link('l', ['data'], ['run'], true), '"run" is not a method that !call may call'],
    [link('l', ['data'], [], true), 'there is no method to call'],
    [link('l', ['data', 'rows', 2]), 'there is no [2]'],
    [link('l', ['data', 'rows', -1]), 'there is no [-1]'],
    [link('l', ['data', 'vocab']), 'there is no [vocab]'],
    [link('l', []), 'not built at this point'],
    [link('l', ['x']), 'it leads back to itself'],
    [link('m', []), 'no block or resource "m"'],
    [link('file', [], ['length']), 'a resource is a path'],
  ])('%o is refused when the trial is built', async (written, message) => {
    const text = await wrong(written, { file: '/data' })
    expect(text).toContain('ConfigurationError: pipeline.l.x: the link')
    expect(text).toContain(message)
  })

  test('a resource is its path', async () => {
    expect(await at(link('file', []), { file: '/data/x.csv' })).toBe('/data/x.csv')
  })
})

describe('a link to X means X as it stood at the end of X (LNK-15)', () => {
  const pipeline = `
d: !Data {}
m: !Net {width: 4, data: !@ d}
t: !Train {net: !@ m, steps: 2}
u: !Train {net: !@ t.net, steps: 2}
both: !Look {parts: [!@ m, !@ t.net, !@ u.net, !@ t, !@ u, !@ d]}
turned: !Look {parts: [!@ u.net, !@ t.net, !@ m]}
untrained: !Look {parts: [!@ m]}
again: !Train {net: !@ m, steps: 1}
`
  let m: Net
  let t: Train
  let u: Train
  beforeEach(async () => {
    await finish(pipeline, 'd')
    m = (await finish(pipeline, 'm')) as Net
    t = (await finish(pipeline, 't')) as Train
    u = (await finish(pipeline, 'u')) as Train
  })
  const weights = (part: unknown) => [...(part as Net).weights]

  test('the model, the trained and the further trained model are three states, in whichever order they are linked', async () => {
    const states = [weights(m), weights(t.net), weights(u.net)]
    expect(new Set(states.map(String)).size).toBe(3)
    const look = (await build(pipeline, 'both')) as Look
    expect(look.parts.slice(0, 3).map(weights)).toEqual(states)
    const turned = (await build(pipeline, 'turned')) as Look
    expect(turned.parts.map(weights)).toEqual([...states].reverse())
    expect(weights(((await build(pipeline, 'untrained')) as Look).parts[0])).toEqual(states[0])
  })

  test('each trainer holds its own copy, which its links give out', async () => {
    const [model, trained, further, first, second] = ((await build(pipeline, 'both')) as Look).parts as [
      Net,
      Net,
      Net,
      Train,
      Train,
    ]
    expect(trained).toBe(first.net)
    expect(further).toBe(second.net)
    expect(new Set([model, trained, further]).size).toBe(3)
    expect([first.step, first.history]).toEqual([t.step, t.history])
  })

  test('what no run has changed stays one shared object', async () => {
    const [model, trained, , , , data] = ((await build(pipeline, 'both')) as Look).parts as [
      Net,
      Net,
      Net,
      Train,
      Train,
      Data,
    ]
    expect(model.data).toBe(data)
    expect(trained.data).toBe(data)
  })

  test('an ancestor is never run', async () => {
    const before = (await build(pipeline, 'both')) as Look
    expect((before.parts[3] as Train).step).toBe(2)
    const again = (await build(pipeline, 'again')) as Train
    expect([again.step, weights(again.net)]).toEqual([0, weights(m)])
  })

  test('sharing is kept where a block only looked: one object, not copies', async () => {
    const quiet = `
m: !Net {width: 4}
a: !Look {parts: [!@ m]}
b: !Look {parts: [!@ m, !@ a]}
c: !Look {parts: [!@ m, !@ a, !@ b]}`
    inputs = {}
    rmSync(join(dir, 'm'), { recursive: true })
    for (const block of ['m', 'a', 'b']) await finish(quiet, block)
    const [model, a, b] = ((await build(quiet, 'c')) as Look).parts as [Net, Look, Look]
    expect(a.parts[0]).toBe(model)
    expect(b.parts[0]).toBe(model)
    expect(b.parts[1]).toBe(a)
  })
})

test('a damaged or missing checkpoint of an ancestor is an error, not a fresh start', async () => {
  const pipeline = 'm: !Net {}\nl: !Look {parts: [!@ m]}'
  await finish(pipeline, 'm')
  rmSync(join(dir, 'm', 'state.json'))
  expect(await failure(build(pipeline, 'l'))).toContain('state.json')
  inputs = {}
  expect(await failure(build(pipeline, 'l'))).toContain('the checkpoint of block m is not here')
})

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { tf } from '../tf.ts'
import { resolved } from '../trial/testing/experiment.ts'
import { Data, type Look, type Net, type Train } from '../trial/testing/parts.ts'
import { children } from './children.ts'
import { compile } from './compile.ts'
import { Component, type State } from './component.ts'
import { type LoadOptions, load } from './load.ts'
import { register } from './registry.ts'
import { asResource, resourcePath, setResources } from './resources.ts'
import { restore, save } from './state.ts'

let dir = ''
let at = (name: string) => join(dir, name)
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-state-'))
  at = name => join(dir, name)
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(dir, { recursive: true })
})

const build = (pipeline: string, block: string) => compile(resolved(pipeline, block), { resources: {}, inputs: {} })
const tree = (root: string) => readdirSync(root, { recursive: true, withFileTypes: true })
const bytes = (root: string) =>
  Object.fromEntries(
    tree(root)
      .filter(e => e.isFile())
      .map(e => [
        join(e.parentPath, e.name).slice(root.length),
        readFileSync(join(e.parentPath, e.name)).toString('base64'),
      ]),
  )
const text = (error: Promise<unknown>) =>
  error.then(
    () => expect.unreachable(),
    (e: Error) => `${e.name}: ${e.message}`,
  )

class Mixed extends Component {
  tensor: tf.Tensor = tf.tensor2d([1.5, Number.NaN, -0, 3], [2, 2])
  flags: tf.Tensor = tf.tensor1d([true, false], 'bool')
  array = new Int32Array([1, -2])
  rest: State[string] = { big: 2 ** 60, odd: [-0, Number.POSITIVE_INFINITY, { '10': 1, '9': 2, $number: 'x' }] }
  static override readonly state = ['tensor', 'flags', 'array', 'rest']
}
register([Mixed])

test('tensors, typed arrays and odd numbers come back bit for bit, in the same types', async () => {
  const before = new Mixed()
  await save(before, at('a'))
  const after = new Mixed()
  Object.assign(after, { tensor: tf.zeros([1]), array: null, rest: null })
  await restore(after, at('a'))
  expect(after.tensor.shape).toEqual([2, 2])
  expect(Buffer.from((await after.tensor.data()).buffer)).toEqual(Buffer.from((await before.tensor.data()).buffer))
  expect([after.flags.dtype, [...(await after.flags.data())]]).toEqual(['bool', [1, 0]])
  expect(after.array).toEqual(before.array)
  expect(after.rest).toEqual(before.rest)
})

test('loading leaves no tensors behind but those that the component keeps', async () => {
  const before = new Mixed()
  const pair = [tf.scalar(1), { deep: tf.scalar(2) }] as const
  before.rest = pair
  await save(before, at('a'))
  const after = new Mixed()
  tf.dispose([after.tensor, after.flags])
  const { numTensors } = tf.memory()
  await tf.ready()
  await restore(after, at('a'))
  expect(tf.memory().numTensors).toBe(numTensors + 4)
  const [one, { deep }] = after.rest as unknown as typeof pair
  expect([await one.data(), await deep.data()].map(([value]) => value)).toEqual([1, 2])
})

test('the same state gives the same bytes, after loading too', async () => {
  const net = await build('t: !Train {net: !Net {width: 3}}', 't')
  await net.run()
  await save(net, at('a'))
  await save(net, at('b'))
  await save(await load(at('a')), at('c'))
  expect(bytes(at('b'))).toEqual(bytes(at('a')))
  expect(bytes(at('c'))).toEqual(bytes(at('a')))
})

test('children lie in sub-folders, also those in lists and maps; one reached twice is saved once and shared again', async () => {
  const look = (await build(
    'l: !Look\n  parts: [!Net {width: 1}, {deep: !Train {net: !Net {width: 2}}}]\n  again: !@ l[parts][1][deep].net',
    'l',
  )) as Look
  expect(children(look).map(([name]) => name)).toEqual(['parts.0', 'parts.1.deep', 'named.again'])
  await save(look, at('a'))
  expect(
    tree(at('a'))
      .filter(e => e.isDirectory())
      .map(e => e.name)
      .sort(),
  ).toEqual(['named.again', 'parts.0', 'parts.1.deep'])
  const back = (await load(at('a'))) as Look
  const { deep } = back.parts[1] as { deep: Train }
  expect(back.named.again).toBe(deep.net)
  expect(deep.net.weights).toEqual((look.named.again as Net).weights)
})

test('a child loads alone; one whose configuration needs its surroundings says so', async () => {
  const look = (await build('l: !Look\n  net: !Net {width: 3}\n  train: !Train\n    net: !@ l[net]', 'l')) as Look
  await save(look, at('a'))
  cpSync(join(at('a'), 'named.net'), at('net'), { recursive: true })
  expect(((await load(at('net'))) as Net).weights).toEqual((look.named.net as Net).weights)
  expect(await text(load(join(at('a'), 'named.train')))).toContain('LoadError: named.train needs a component outside')
})

test('keywords are kept with their defaults, and a factory is called again', async () => {
  await save(await build('n: !Net.wide {factor: 1}', 'n'), at('a'))
  expect(((await load(at('a'))) as Net).weights).toHaveLength(10)
  await save(await build('t: !Train {net: !Net {}}', 't'), at('b'))
  expect(JSON.parse(readFileSync(join(at('b'), 'config.json'), 'utf8')).args).toEqual([
    ['net', { $component: { path: 'net' } }],
    ['steps', 3],
    ['at', 2],
  ])
  expect(readFileSync(join(at('b'), 'version.txt'), 'utf8')).toBe('Train:0.0.0\n')
})

test('a path of a resource is saved by name, so that equal trials give equal bytes on every machine (G11)', async () => {
  const [block] = resolved('l: !Look {plain: words}', 'l')
  if (block === undefined) throw new Error('no block')
  const link = { kind: 'link', root: 'words', keys: [], attributes: [], call: false, path: 'pipeline.l.x' } as const
  const config = [{ ...block, root: { ...block.root, args: [...block.root.args, ['x', link] as const] } }]
  for (const machine of ['one', 'two']) {
    const look = await compile(config, { resources: { words: join(dir, machine, 'words') }, inputs: {} })
    await save(look, at(machine))
  }
  expect(bytes(at('one'))).toEqual(bytes(at('two')))
  expect(readFileSync(join(at('one'), 'config.json'), 'utf8')).not.toContain(dir)

  const named = async (options?: LoadOptions) => ((await load(at('one'), options)) as Look).named
  expect(await named()).toEqual({ plain: 'words', x: join(dir, 'two', 'words') }) // what this process was told last
  expect((await named({ resources: { words: '/elsewhere' } })).x).toBe('/elsewhere')
  await build('n: !Net {}', 'n') // an experiment without resources
  expect(await text(named())).toContain('the keyword "x" is the resource "words"')
  expect((await named({ keywords: { x: 'given' } })).x).toBe('given')
})

test('a file inside of a resource folder is saved by both names', async () => {
  setResources({ data: '/d', 'data/inner': '/d/inner', relative: 'plain' })
  expect(asResource('/d/inner/x.csv')).toEqual({ $resource: 'data/inner', path: 'x.csv' })
  expect(asResource('/d/y.csv')).toEqual({ $resource: 'data', path: 'y.csv' })
  expect(['/d2', 'plain', '/', ''].map(asResource)).toEqual([undefined, undefined, undefined, undefined])
  expect(resourcePath({ $resource: 'data', path: 'y.csv' })).toBe('/d/y.csv')
  expect(resourcePath({ $resource: 'toString' })).toBeUndefined()
})

test('load_from_path is a factory of every component; further keywords replace the saved ones', async () => {
  const net = (await build('n: !Net {width: 3}', 'n')) as Net
  await save(net, at('a'))
  const back = (await build(`n: !Net.load_from_path {path: ${at('a')}, label: other}`, 'n')) as Net
  expect(back.weights).toEqual(net.weights)
  // It remembers its own configuration, not the path.
  await save(back, at('b'))
  rmSync(at('a'), { recursive: true })
  expect(((await load(at('b'))) as Net).weights).toEqual(net.weights)
  expect(await text(build(`n: !Data.load_from_path {path: ${at('b')}}`, 'n'))).toContain('holds a Net, not a Data')
})

test('what is on disk but not in the tree is an error, unless asked otherwise', async () => {
  const look = (await build('l: !Look\n  parts: [!Net {}, !Net {}]', 'l')) as Look
  await save(look, at('a'))
  const less = (await build('l: !Look\n  parts: [!Net {}]', 'l')) as Look
  expect(await text(restore(less, at('a')))).toContain('Look has no component "parts.1" now')
  await restore(less, at('a'), { strict: false })
  expect((less.parts[0] as Net).weights).toEqual((look.parts[0] as Net).weights)
})

test('STA-9: another major version is an error, another minor a warning, another source text a warning', async () => {
  const versioned = (version: string, extra = '') => {
    const made = new Function('Component', `return class Versioned extends Component { ${extra} }`)(Component)
    return Object.assign(made, { version }) as new () => Component
  }
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  await save(new (versioned('1.2.0'))(), at('a'))
  expect(await text(restore(new (versioned('2.0.0'))(), at('a')))).toContain(
    'saved by version 1.2.0; version 2.0.0 cannot load it',
  )
  await restore(new (versioned('1.2.9', 'x = 1'))(), at('a'))
  await save(new (versioned('v1'))(), at('odd'))
  await restore(new (versioned('v1', 'x = 1'))(), at('odd'))
  expect(warn).not.toHaveBeenCalled()
  await restore(new (versioned('1.3.0'))(), at('a'))
  expect(warn).toHaveBeenLastCalledWith('Versioned was saved by version 1.2.0, this is 1.3.0')
  await save(new (versioned('0.0.0'))(), at('b'))
  await restore(new (versioned('0.0.0', 'x = 1'))(), at('b'))
  expect(warn).toHaveBeenLastCalledWith('the source of Versioned has changed since its state was saved')
  expect(await text(restore(new Mixed(), at('a')))).toContain('holds a Versioned, but a Mixed is wanted')
})

test('damaged, foreign and missing folders are LoadErrors; nothing is overwritten', async () => {
  await save(new Mixed(), at('a'))
  truncateSync(join(at('a'), 'state.tensors'), 20)
  expect(await text(restore(new Mixed(), at('a')))).toContain('LoadError')
  writeFileSync(join(at('a'), 'config.json'), '{')
  expect(await text(load(at('a')))).toContain('LoadError')
  expect(await text(load(at('nowhere')))).toContain('LoadError')
  mkdirSync(at('full'))
  writeFileSync(at('full/mine'), '')
  expect(await text(save(new Mixed(), at('full')))).toContain('is not empty')
})

test('STA-2: a name in `static state` that the component does not have is an error, when it is saved', async () => {
  class Misspelt extends Component {
    static override readonly state = ['step', 'epcoh']
    step = 1
    epoch = 2
  }
  expect(await text(save(new Misspelt(), at('a')))).toBe(
    'TypeError: Misspelt: `static state` names "epcoh", which it does not have',
  )
})

test('STA-3: state that was not saved yet (the class has grown) keeps its value, with a warning', async () => {
  class Grown extends Component {
    static override state = ['step']
    step = 1
    epoch = 2
  }
  await save(Object.assign(new Grown(), { step: 5 }), at('a'))
  Grown.state = ['step', 'epoch']
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  const back = new Grown()
  await restore(back, at('a'))
  expect([back.step, back.epoch]).toEqual([5, 2])
  expect(warn).toHaveBeenLastCalledWith('Grown: no "epoch" was saved, so it keeps the value that it has')
})

test('STA-7, STA-10: folders of a newer format, that lead outside, or that need themselves, are LoadErrors', async () => {
  await save(await build('t: !Train {net: !Net {}}', 't'), at('a'))
  const file = join(at('a'), 'config.json')
  const config = JSON.parse(readFileSync(file, 'utf8'))
  const tampered = (more: object) => {
    writeFileSync(file, JSON.stringify({ ...config, ...more }))
    return text(load(at('a')))
  }
  const part = (path: string) => [['net', { $component: { path } }]]
  expect(await tampered({ format: 2 })).toContain('saved by a newer version (format 2, known: 1)')
  expect(await tampered({ children: [['net', '../b']] })).toContain('needs a component outside of')
  expect(await tampered({ args: part('../../etc') })).toContain('needs a component outside of')
  expect(await tampered({ args: part('.') })).toContain('is needed to build itself')
  expect(await tampered({ tag: 'constructor' })).toContain('there is no component !constructor')
  expect(await tampered({ tag: 'Net', factory: 'toString' })).toContain('!Net has no factory "toString"')
})

test('state that is not data is refused with its name', async () => {
  class Wrong extends Component {
    override getState() {
      return { when: { at: new Date(0) as never } }
    }
  }
  expect(await text(save(new Wrong(), at('a')))).toBe('TypeError: when.at: Date is not data')
  expect(await build('d: !Data {}', 'd')).toBeInstanceOf(Data)
})

/**
 * Saving a component tree into a folder and loading it back over a built tree. Data only: no code comes from a save folder.
 * The same state gives the same bytes. Called by the trial process (checkpoints), by compile (ancestors) and by users.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { tf } from '../tf.ts'
import { children } from './children.ts'
import { Component, type ComponentClass, type State, type StateValue } from './component.ts'
import { LoadError } from './failure.ts'
import { type Config, FILE, readConfig, readValues, readVersion, stateHash, within, writeConfig } from './folder.ts'
import { originOf } from './origin.ts'
import { asResource } from './resources.ts'
import { type Dtype, dtypeOf, type Entry, type Numbers, readTensors, writeTensors } from './tensors.ts'
import { decode, encode, type Json, type Tagged } from './values.ts'
import { checkVersion } from './version.ts'

/** `dir` must be missing or empty. Not synced to disk: the checkpoint writer does that. */
export async function save(component: Component, dir: string): Promise<void> {
  const root = resolve(dir)
  if (existsSync(root) && readdirSync(root).length > 0) throw new Error(`${dir} is not empty`)
  const folders = new Map<Component, string>()
  const open = (child: Component, path: string) => {
    folders.set(child, path)
    mkdirSync(path, { recursive: true })
    const below: [string, string][] = []
    const todo: Component[] = []
    for (const [name, grandchild] of children(child)) {
      if (!folders.has(grandchild)) {
        folders.set(grandchild, join(path, name))
        todo.push(grandchild)
      }
      below.push([name, posix(relative(path, folders.get(grandchild) as string))])
    }
    plans.push({ component: child, path, below })
    for (const grandchild of todo) open(grandchild, folders.get(grandchild) as string)
  }
  const plans: { component: Component; path: string; below: [string, string][] }[] = []
  open(component, root)
  for (const { component: child, path, below } of plans) {
    await writeState(child, path)
    writeConfig(path, configOf(child, path, below, folders), classOf(child).version)
    if (child.saveFiles !== undefined) await writeFiles(child, join(path, FILE.files))
  }
}

export interface RestoreOptions {
  /** Leaves a component's state as it is; its children are still visited. */
  readonly skip?: (component: Component) => boolean
  /** False: saved children that the built tree does not have are ignored. Default true. */
  readonly strict?: boolean
}

/** Loads a save folder over a built component; answers the recorded state hash of every component that it loaded. */
export async function restore(
  component: Component,
  dir: string,
  { skip = () => false, strict = true }: RestoreOptions = {},
): Promise<Map<Component, string>> {
  const root = resolve(dir)
  const loaded = new Map<Component, string>()
  const done = new Set<Component>()
  const visit = async (child: Component, path: string): Promise<void> => {
    done.add(child)
    const config = readConfig(path)
    checkVersion(classOf(child), config, readVersion(path))
    if (!skip(child)) {
      const state = readState(path)
      try {
        await child.setState(state)
      } finally {
        disposeAll(state)
      }
      if (child.loadFiles !== undefined && existsSync(join(path, FILE.files)))
        await child.loadFiles(join(path, FILE.files))
      loaded.set(child, stateHash(path))
    }
    const present = new Map(children(child))
    for (const [name, folder] of config.children) {
      const grandchild = present.get(name)
      if (grandchild === undefined) {
        if (strict) throw new LoadError(`${config.class} has no component "${name}" now, but ${path} holds one`)
      } else if (!done.has(grandchild)) await visit(grandchild, within(root, path, folder))
    }
  }
  await visit(component, root)
  return loaded
}

/** What was read belongs to whoever has read it; `setState` has kept copies of what it needs. */
function disposeAll(value: StateValue | State): void {
  if (value instanceof tf.Tensor) value.dispose()
  else if (value !== null && typeof value === 'object' && !ArrayBuffer.isView(value))
    for (const one of Object.values(value)) disposeAll(one)
}

/** Walks a built tree beside its save folder without loading anything: each component's recorded state hash. */
export function recorded(component: Component, dir: string): Map<Component, string> {
  const root = resolve(dir)
  const found = new Map<Component, string>()
  const visit = (child: Component, path: string) => {
    found.set(child, stateHash(path))
    const present = new Map(children(child))
    for (const [name, folder] of readConfig(path).children) {
      const grandchild = present.get(name)
      if (grandchild !== undefined && !found.has(grandchild)) visit(grandchild, within(root, path, folder))
    }
  }
  visit(component, root)
  return found
}

async function writeState(component: Component, dir: string): Promise<void> {
  const pending: [string, tf.Tensor][] = []
  const entries = new Map<string, Entry>()
  const values = encode(await component.getState(), (value, path) => {
    if (typeof value === 'string') return undefined
    if (value instanceof tf.Tensor) {
      if (value.isDisposed) throw new Error(`${classOf(component).name}: the tensor "${path}" is disposed`)
      if (value.dtype !== 'float32' && value.dtype !== 'int32' && value.dtype !== 'bool')
        throw new TypeError(`${classOf(component).name}: ${path}: ${value.dtype} tensors cannot be saved`)
      pending.push([path, value])
      return { $tensor: path }
    }
    const dtype = dtypeOf(value)
    if (dtype === undefined) return undefined
    entries.set(path, { dtype, shape: [(value as Numbers).length], data: value as Numbers })
    return { $array: path }
  })
  for (const [path, tensor] of pending)
    entries.set(path, {
      dtype: DTYPES[tensor.dtype] as Dtype,
      shape: tensor.shape,
      data: (await tensor.data()) as Numbers,
    })
  writeFileSync(join(dir, FILE.values), `${JSON.stringify(values)}\n`)
  if (entries.size > 0) writeTensors(join(dir, FILE.tensors), entries)
}

function readState(dir: string): State {
  const file = join(dir, FILE.tensors)
  const entries = existsSync(file) ? readTensors(file) : new Map<string, Entry>()
  const get = (name: Json | undefined) => {
    const entry = entries.get(name as string)
    if (entry === undefined) throw new LoadError(`${file} has no "${name}"`)
    return entry
  }
  return decode(readValues(dir), (tagged: Tagged) => {
    if (tagged.$array !== undefined) return get(tagged.$array).data
    const { dtype, shape, data } = get(tagged.$tensor)
    return tf.tensor(
      data as Float32Array,
      [...shape],
      dtype === 'BOOL' ? 'bool' : dtype === 'I32' ? 'int32' : 'float32',
    )
  }) as State
}

const DTYPES: { readonly [dtype: string]: Dtype } = { float32: 'F32', int32: 'I32', bool: 'BOOL' }

function configOf(
  component: Component,
  dir: string,
  below: [string, string][],
  folders: ReadonlyMap<Component, string>,
): Config {
  const cls = classOf(component)
  const origin = originOf(component)
  const inline = (value: object | string): Tagged | undefined => {
    if (typeof value === 'string') return asResource(value)
    if (value instanceof Component) {
      const folder = folders.get(value)
      if (folder !== undefined) return { $component: { path: posix(relative(dir, folder)) } }
      const made = originOf(value)
      if (made === undefined) return { $opaque: classOf(value).name }
      return { $component: { tag: made.tag, factory: made.factory, args: pairs(made.args) } }
    }
    // What data cannot express (arrays of numbers would be bulky): such a folder loads only over a built component.
    if (ArrayBuffer.isView(value) || value instanceof tf.Tensor) return { $opaque: value.constructor.name }
    return undefined
  }
  const pairs = (args: readonly (readonly [string, unknown])[]) =>
    args.map(([name, value]): [string, Json] => {
      try {
        return [name, encode(value, inline)]
      } catch (error) {
        if (!(error instanceof TypeError)) throw error
        return [name, { $opaque: error.message }]
      }
    })
  return {
    class: cls.name,
    tag: origin?.tag ?? cls.name,
    factory: origin?.factory ?? null,
    args: origin === undefined ? null : (pairs(origin.args) as Config['args']),
    children: below,
    source: createHash('sha256').update(cls.toString()).digest('hex'),
  }
}

async function writeFiles(component: Component, dir: string): Promise<void> {
  mkdirSync(dir)
  await component.saveFiles?.(dir)
  if (readdirSync(dir).length === 0) rmdirSync(dir)
}

const classOf = (component: Component) => component.constructor as ComponentClass
const posix = (path: string) => path.split(sep).join('/')

/**
 * Remembers the global objects of JavaScript and puts them back: what trial code has added goes, what it has replaced comes
 * again (`Math.random`, a method of a prototype). Used by slate.ts.
 */

export interface Globals {
  /** The names of what could not be put back. */
  restore(): readonly string[]
}

const NAMES = [
  ...[
    'Object',
    'Function',
    'Array',
    'String',
    'Number',
    'Boolean',
    'Symbol',
    'BigInt',
    'Date',
    'RegExp',
    'Error',
    'Promise',
  ],
  ...['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Proxy', 'ArrayBuffer', 'DataView', 'TypeError', 'RangeError'],
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'Buffer', 'URL', 'TextEncoder', 'TextDecoder'],
  ...['Math', 'JSON', 'Reflect', 'Atomics', 'Intl', 'WebAssembly', 'console', 'performance'],
] as const

type Descriptors = ReadonlyMap<string | symbol, PropertyDescriptor>

export function openGlobals(): Globals {
  const objects: [name: string, object: object][] = [['globalThis', globalThis]]
  for (const name of NAMES) {
    const one = (globalThis as { readonly [name: string]: unknown })[name]
    if (one === null || (typeof one !== 'object' && typeof one !== 'function')) continue
    objects.push([name, one])
    const { prototype } = one as { prototype?: unknown }
    if (typeof prototype === 'object' && prototype !== null) objects.push([`${name}.prototype`, prototype])
  }
  const typed = Object.getPrototypeOf(Uint8Array) as { prototype: object }
  objects.push(['TypedArray', typed], ['TypedArray.prototype', typed.prototype])
  const known = objects.map(([name, object]) => [name, object, descriptors(object)] as const)
  const methods = functionsOf(process)

  return {
    restore() {
      const left = known.flatMap(([name, object, before]) => restoreOne(object, before).map(key => `${name}.${key}`))
      for (const [key, value] of methods) if (Reflect.get(process, key) !== value) Reflect.set(process, key, value)
      return left
    },
  }
}

function descriptors(object: object): Descriptors {
  return new Map(
    Reflect.ownKeys(object).flatMap(key => {
      const found = Reflect.getOwnPropertyDescriptor(object, key)
      return found === undefined ? [] : [[key, found]]
    }),
  )
}

function restoreOne(object: object, before: Descriptors): readonly string[] {
  const left: string[] = []
  for (const key of Reflect.ownKeys(object))
    if (!before.has(key) && !Reflect.deleteProperty(object, key)) left.push(String(key))
  for (const [key, wanted] of before)
    if (!same(wanted, Reflect.getOwnPropertyDescriptor(object, key)) && !Reflect.defineProperty(object, key, wanted))
      left.push(String(key))
  return left
}

function same(a: PropertyDescriptor, b: PropertyDescriptor | undefined): boolean {
  return (
    b !== undefined && Object.is(a.value, b.value) && a.get === b.get && a.set === b.set && a.writable === b.writable
  )
}

function functionsOf(object: object): readonly (readonly [string, unknown])[] {
  return Object.entries(object).filter(([, value]) => typeof value === 'function')
}

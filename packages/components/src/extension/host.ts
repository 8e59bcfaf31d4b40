/**
 * What an extension imports from its host: `@flambe/components`, zod and TensorFlow.js are the very modules of this process, never a
 * second copy, whatever lies in the extension's own node_modules. Called by load.ts before an extension is imported.
 */
import module from 'node:module'
import { fileURLToPath } from 'node:url'
import { ownFile } from './own-files.ts'

type Exports = { readonly [name: string]: unknown }

const HOST = Symbol.for('flambe.host')
const SCHEME = 'flambe-host:'
let sources: { readonly [specifier: string]: string } | null = null

/** Again before each extension: a process that is used again has lost its globals. */
export async function provideHost(): Promise<void> {
  const [components, zod, { tf }] = await Promise.all([import('../index.ts'), import('zod'), import('../tf.ts')])
  const modules: { readonly [specifier: string]: Exports } = {
    '@flambe/components': components,
    zod,
    '@tensorflow/tfjs': tf,
  }
  Reflect.set(globalThis, HOST, modules)
  if (sources !== null) return
  sources = Object.fromEntries(Object.entries(modules).map(([name, exports]) => [name, sourceOf(name, exports)]))
  if (typeof module.registerHooks === 'function') hookHere(sources)
  else module.register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, { data: sources })
}

function sourceOf(specifier: string, exports: Exports): string {
  const names = Object.keys(exports).filter(name => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))
  return [
    `const host = globalThis[Symbol.for('flambe.host')][${JSON.stringify(specifier)}]`,
    ...names.map((name, n) => `const _${n} = host.${name}`),
    `export { ${names.map((name, n) => `_${n} as ${name}`).join(', ')} }`,
    ...(names.includes('default') ? [] : ['export default host']),
  ].join('\n')
}

function hookHere(known: { readonly [specifier: string]: string }): void {
  module.registerHooks({
    resolve: (specifier, context, next) => {
      if (Object.hasOwn(known, specifier)) return { url: SCHEME + specifier, format: 'module', shortCircuit: true }
      try {
        return next(specifier, context)
      } catch (error) {
        const own = ownFile(specifier, context.parentURL)
        if (own === null) throw error
        // A `require` resolves paths, an `import` URLs.
        return next(context.conditions.includes('require') ? fileURLToPath(own) : own, context)
      }
    },
    load: (url, context, next) =>
      url.startsWith(SCHEME)
        ? { format: 'module', source: known[url.slice(SCHEME.length)] ?? '', shortCircuit: true }
        : next(url, context),
  })
}

/** The same, with own-files.ts, for Node.js before 22.15, where hooks live in a thread of their own; a `require` passes them by. */
export const HOOKS = `
import { statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
let known = {}
export const initialize = data => { known = data }
const isFile = url => statSync(fileURLToPath(url), { throwIfNoEntry: false })?.isFile()
const ownFile = (specifier, parent) => {
  if (!/^\\.\\.?\\//.test(specifier) || !parent?.startsWith('file:') || parent.includes('/node_modules/')) return undefined
  const url = new URL(specifier, parent).href.replace(/\\/$/, '')
  const endings = ['.js', '.mjs', '.cjs', '/index.js', '/index.mjs', '/index.cjs']
  return (/\\.[cm]?ts$/.test(url) ? [url.replace(/ts$/, 'js')] : endings.map(one => url + one)).find(isFile)
}
export const resolve = async (specifier, context, next) => {
  if (Object.hasOwn(known, specifier)) return { url: '${SCHEME}' + specifier, format: 'module', shortCircuit: true }
  try {
    return await next(specifier, context)
  } catch (error) {
    const own = ownFile(specifier, context.parentURL)
    if (own === undefined) throw error
    return next(own, context)
  }
}
export const load = (url, context, next) =>
  url.startsWith('${SCHEME}')
    ? { format: 'module', source: known[url.slice(${SCHEME.length})], shortCircuit: true }
    : next(url, context)
`

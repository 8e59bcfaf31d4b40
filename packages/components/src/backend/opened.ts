/** What the rungs of the backend ladder share: names, what an opened backend tells, and the refusal that moves on to the next rung. */
import { tf } from '../tf.ts'

/** Rungs in the order in which `auto` tries them; `cpu` only when it is named. */
export const BACKENDS = ['tensorflow-gpu', 'webgpu', 'tensorflow', 'wasm', 'cpu'] as const
export type BackendName = (typeof BACKENDS)[number]

export interface Opened {
  readonly name: BackendName
  /** One line for people: the device or adapter, and what was special. */
  readonly detail: string
  /** Versions that a result depends on: node, tfjs, and the backend's packages. */
  readonly versions: { readonly [name: string]: string }
}

export interface BackendOptions {
  /** Folders in which optional packages (tfjs-node, tfjs-node-gpu, webgpu) may be installed; their `node_modules` is looked at. */
  readonly folders?: readonly string[]
  /** Folder of the .wasm files; default: beside the running file, else inside the installed package. */
  readonly wasm_folder?: string
}

/** A rung cannot be taken on this machine; the message says why. */
export class BackendRefused extends Error {
  override readonly name = 'BackendRefused'
}

/** Sets TensorFlow.js's backend and believes nothing: a failed set goes on silently on another backend. */
export async function take(backend: string): Promise<void> {
  // Its first use prints an advertisement for tfjs-node to stderr, which would stand in every trial's console.
  Object.assign(tf.findBackend('cpu'), { firstUse: false })
  let set: boolean
  try {
    set = await tf.setBackend(backend)
    await tf.ready()
  } catch (error) {
    throw new BackendRefused(`TensorFlow.js could not start "${backend}": ${String(error).split('\n')[0]}`)
  }
  if (set !== true || tf.getBackend() !== backend)
    throw new BackendRefused(
      `TensorFlow.js could not start "${backend}" (it would have gone on with "${tf.getBackend()}")`,
    )
}

export const versions = (more: { readonly [name: string]: string } = {}) => ({
  node: process.version,
  tfjs: tf.version.tfjs,
  ...more,
})

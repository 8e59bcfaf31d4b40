/**
 * The rungs of native TensorFlow: `@tensorflow/tfjs-node-gpu` (CUDA) and `@tensorflow/tfjs-node` (CPU), installed by hand or
 * absent. Without its CUDA libraries TensorFlow goes on silently on the CPU, so the GPU is asked for, never assumed.
 */
import { createRequire } from 'node:module'
import { tf } from '../tf.ts'
import { type BackendOptions, BackendRefused, type Opened, take, versions } from './opened.ts'
import { installed, runningFile } from './packages.ts'

export async function openTensorflow(options: BackendOptions, device: 'gpu' | 'cpu'): Promise<Opened> {
  const name = device === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node'
  const found = installed(name, options.folders)
  if (found.version !== tf.version.tfjs)
    throw new BackendRefused(`${name} is ${found.version}, but ${tf.version.tfjs} is needed`)
  restoreOldUtil()
  try {
    // Registers the backend "tensorflow" with the one engine that all copies of tfjs-core share in a process.
    found.require(name)
  } catch (error) {
    throw new BackendRefused(`${name} does not load: ${firstLine(error)}`)
  }
  await take('tensorflow')
  if (device === 'gpu' && (tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice !== true)
    throw new BackendRefused(`${name} runs on the CPU: CUDA 11 or cuDNN 8 is missing, or no GPU is visible`)
  return {
    name: device === 'gpu' ? 'tensorflow-gpu' : 'tensorflow',
    detail: device === 'gpu' ? 'TensorFlow on a CUDA GPU' : 'TensorFlow on the CPU',
    versions: versions({ [name]: found.version }),
  }
}

/** tfjs-node 4.22 calls functions of `util` that Node 23 removed (tensorflow/tfjs issue 8609). */
function restoreOldUtil(): void {
  const util = createRequire(runningFile())('node:util') as { [name: string]: unknown }
  util.isNullOrUndefined ??= (x: unknown) => x === null || x === undefined
  util.isArray ??= Array.isArray
}

const firstLine = (error: unknown) => String(error instanceof Error ? error.message : error).split('\n')[0]

/**
 * The rung that every machine has: TensorFlow.js on WebAssembly (SIMD, one thread), patched to train. Bit-reproducible.
 * Trials run in parallel processes; threads are off in Node by design and make small models slower.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { tf } from '../tf.ts'
import { type BackendOptions, BackendRefused, type Opened, take, versions } from './opened.ts'
import { bundled, runningFile } from './packages.ts'
import { enableWasmTraining } from './wasm-training.ts'

const FILE = 'tfjs-backend-wasm-simd.wasm'
const CRASH_EVENTS = ['uncaughtException', 'unhandledRejection'] as const

export async function openWasm(options: BackendOptions): Promise<Opened> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm')
  // From sources the package finds the files beside itself; a bundle has them beside the bundle.
  const folder = options.wasm_folder ?? dirname(runningFile())
  if (existsSync(join(folder, FILE))) {
    // Once open it stays, and refuses to be told where it comes from.
    if (tf.getBackend() !== 'wasm') wasm.setWasmPaths(join(folder, '/'))
  } else if (options.wasm_folder !== undefined || bundled()) throw new BackendRefused(`${folder} has no ${FILE}`)
  const forwarded = enableWasmTraining()
  const before = CRASH_EVENTS.map(event => process.listeners(event as 'uncaughtException'))
  try {
    await take('wasm')
  } finally {
    // emscripten's listeners rethrow: an error would end with exit code 7 and a misleading first frame.
    for (const [i, event] of CRASH_EVENTS.entries())
      for (const listener of process.listeners(event as 'uncaughtException'))
        if (!before[i]?.includes(listener)) process.removeListener(event, listener)
  }
  return {
    name: 'wasm',
    detail: `WebAssembly, SIMD, one thread, ${forwarded.length} rare kernels on cpu`,
    versions: versions({ 'tfjs-backend-wasm': wasm.version_wasm }),
  }
}

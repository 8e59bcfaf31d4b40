/**
 * Opens the backend that a trial computes on: a named rung, or with `auto` the first one that this machine has. Never falls
 * back silently: what was opened is what TensorFlow.js says it runs on. Called by the trial process before components are
 * built, and by the probe.
 */
import {
  BACKENDS,
  type BackendName,
  type BackendOptions,
  BackendRefused,
  type Opened,
  take,
  versions,
} from './opened.ts'
import { openTensorflow } from './tensorflow.ts'
import { openWasm } from './wasm.ts'
import { openWebgpu } from './webgpu.ts'

/** @throws BackendRefused when the named rung (or, under `auto`, every rung) cannot be taken; the message says why. */
export async function openBackend(name: 'auto' | BackendName, options: BackendOptions = {}): Promise<Opened> {
  if (name !== 'auto') return openRung(name, options, 'allow')
  const refused: string[] = []
  for (const rung of BACKENDS) {
    if (rung === 'cpu') continue
    try {
      const opened = await openRung(rung, options, 'refuse')
      return refused.length === 0 ? opened : { ...opened, detail: `${opened.detail}; not taken: ${refused.join('; ')}` }
    } catch (error) {
      if (!(error instanceof BackendRefused)) throw error
      refused.push(`${rung} (${error.message})`)
    }
  }
  throw new BackendRefused(`no backend can be used: ${refused.join('; ')}`)
}

function openRung(name: BackendName, options: BackendOptions, software: 'refuse' | 'allow'): Promise<Opened> {
  switch (name) {
    case 'tensorflow-gpu':
      return openTensorflow(options, 'gpu')
    case 'tensorflow':
      return openTensorflow(options, 'cpu')
    case 'webgpu':
      return openWebgpu(options, software)
    case 'wasm':
      return openWasm(options)
    case 'cpu':
      return openCpu()
  }
}

/** Plain JavaScript: a reference for gradients, hundreds of times slower than wasm. Only when somebody names it. */
async function openCpu(): Promise<Opened> {
  await take('cpu')
  return { name: 'cpu', detail: 'plain JavaScript (a reference, very slow)', versions: versions() }
}

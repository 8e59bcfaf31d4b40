/**
 * The rung for GPUs without CUDA: Dawn (`webgpu`) plus `@tensorflow/tfjs-backend-webgpu`, both installed by hand or absent.
 * A software adapter is refused under `auto`: it is slower than wasm; named openly (tests of GPU code) it is taken.
 */
import { pathToFileURL } from 'node:url'
import { tf } from '../tf.ts'
import { type BackendOptions, BackendRefused, type Opened, take, versions } from './opened.ts'
import { installed } from './packages.ts'

const LIMITS = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
] as const

interface Adapter {
  readonly info: { isFallbackAdapter?: boolean; vendor: string; architecture: string; description: string }
  readonly limits: { readonly [limit: string]: number }
  requestDevice(wanted: { requiredLimits: { [limit: string]: number } }): Promise<unknown>
}
interface Gpu {
  requestAdapter(wanted: { powerPreference: string }): Promise<Adapter | null>
}

export async function openWebgpu(options: BackendOptions, software: 'refuse' | 'allow'): Promise<Opened> {
  const dawn = installed('webgpu', options.folders)
  const backend = installed('@tensorflow/tfjs-backend-webgpu', options.folders)
  const { create, globals } = (await import(pathToFileURL(dawn.entry).href)) as {
    create(flags: string[]): Gpu
    globals: object
  }
  Object.assign(globalThis, globals)
  const gpu = create([])
  const shared = { configurable: true, writable: true } as const
  if (!('navigator' in globalThis)) Object.defineProperty(globalThis, 'navigator', { value: {}, ...shared })
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, ...shared })

  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) throw new BackendRefused('WebGPU found no adapter: no usable Vulkan, Metal or Direct3D driver')
  const about = [adapter.info.vendor, adapter.info.architecture, adapter.info.description].filter(Boolean).join(' ')
  const fallback = adapter.info.isFallbackAdapter === true
  if (fallback && software === 'refuse') throw new BackendRefused(`WebGPU has only a software adapter (${about})`)

  const { WebGPUBackend } = backend.require('@tensorflow/tfjs-backend-webgpu') as {
    WebGPUBackend: new (device: unknown, info: unknown) => tf.KernelBackend
  }
  tf.removeBackend('webgpu')
  tf.registerBackend('webgpu', async () => {
    const requiredLimits = Object.fromEntries(LIMITS.map(limit => [limit, adapter.limits[limit] as number]))
    return new WebGPUBackend(await adapter.requestDevice({ requiredLimits }), adapter.info)
  })
  await take('webgpu')
  return {
    name: 'webgpu',
    detail: `WebGPU on ${about || 'an unnamed adapter'}${fallback ? ' (software)' : ''}`,
    versions: versions({ webgpu: dawn.version, 'tfjs-backend-webgpu': backend.version }),
  }
}

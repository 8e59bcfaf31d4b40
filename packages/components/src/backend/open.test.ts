import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { tf } from '../tf.ts'
import { openBackend } from './open.ts'
import { BackendRefused } from './opened.ts'
import { probe } from './probe.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backend-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A package as `npm install --prefix` would leave it, with this code. */
async function install(name: string, version: string, code: string): Promise<string> {
  const home = await mkdtemp(join(folder, 'home-'))
  const place = join(home, 'node_modules', name)
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'package.json'), JSON.stringify({ name, version, main: 'index.js' }))
  await writeFile(join(place, 'index.js'), code)
  return home
}

/** In a process of its own: a backend, once open, stays. */
function inProcess(code: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const here = fileURLToPath(new URL('.', import.meta.url))
  const script = `import { openBackend, probe } from ${JSON.stringify(join(here, 'index.ts'))}
import { tf } from ${JSON.stringify(join(here, '..', 'tf.ts'))}
${code}`
  return new Promise(resolve =>
    execFile(process.execPath, ['--input-type=module-typescript', '-e', script], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  )
}

test('wasm opens, is what TensorFlow.js says it runs on, and tells its versions', async () => {
  const opened = await openBackend('wasm')
  expect(opened).toMatchObject({ name: 'wasm', versions: { tfjs: '4.22.0', 'tfjs-backend-wasm': '4.22.0' } })
  expect(opened.versions.node).toBe(process.version)
  expect(tf.getBackend()).toBe('wasm')
})

test('auto goes down the ladder to wasm and says why the rungs above were not taken', async () => {
  const { name, detail } = await openBackend('auto')
  expect(name).toBe('wasm')
  expect(detail).toContain('tensorflow-gpu (@tensorflow/tfjs-node-gpu is not installed)')
})

test('a named rung that is not there is refused, never replaced', async () => {
  await expect(openBackend('webgpu')).rejects.toThrow(BackendRefused)
  await expect(openBackend('tensorflow')).rejects.toThrow('@tensorflow/tfjs-node is not installed')
})

test('a package of another version, one that does not load, and one that registers nothing are refused with the reason', async () => {
  const name = '@tensorflow/tfjs-node-gpu'
  const other = await install(name, '4.10.0', '')
  await expect(openBackend('tensorflow-gpu', { folders: [other] })).rejects.toThrow('is 4.10.0, but 4.22.0 is needed')
  const broken = await install(name, '4.22.0', 'throw new Error("tfjs_binding.node can not be found")')
  await expect(openBackend('tensorflow-gpu', { folders: [broken] })).rejects.toThrow('tfjs_binding.node')
  const empty = await install(name, '4.22.0', '')
  await expect(openBackend('tensorflow-gpu', { folders: [empty] })).rejects.toThrow('could not start "tensorflow"')
  expect((await openBackend('wasm')).name).toBe('wasm')
})

test('tfjs-node-gpu that runs on the CPU is refused, and accepted when it says that it uses the GPU', async () => {
  const fake = (gpu: boolean) => `
    const tf = globalThis.tfForTest
    if (tf.findBackendFactory('tensorflow') != null) tf.removeBackend('tensorflow')
    tf.registerBackend('tensorflow', () => Object.assign(Object.create(tf.findBackend('cpu')), { isUsingGpuDevice: ${gpu} }))`
  ;(globalThis as { tfForTest?: typeof tf }).tfForTest = tf
  const name = '@tensorflow/tfjs-node-gpu'
  const slow = await install(name, '4.22.0', fake(false))
  await expect(openBackend('tensorflow-gpu', { folders: [slow] })).rejects.toThrow('runs on the CPU')
  const fast = await install(name, '4.22.0', fake(true))
  expect(await openBackend('tensorflow-gpu', { folders: [fast] })).toMatchObject({ name: 'tensorflow-gpu' })
  await openBackend('wasm')
  tf.removeBackend('tensorflow')
})

test('the probe trains, and tells why a rung is not accepted', async () => {
  expect(await probe('wasm')).toMatchObject({ name: 'wasm', accepted: true })
  const before = tf.memory().numTensors
  expect(await probe('cpu')).toMatchObject({ name: 'cpu', accepted: true })
  expect(tf.memory().numTensors).toBe(before)
  expect(await probe('tensorflow-gpu')).toMatchObject({
    accepted: false,
    detail: '@tensorflow/tfjs-node-gpu is not installed',
  })
  await openBackend('wasm')
})

test('missing .wasm files are refused; they are found in a folder that is given', async () => {
  const missing = await inProcess(
    `console.log(JSON.stringify(await probe('wasm', { wasm_folder: ${JSON.stringify(folder)} })))`,
  )
  expect(JSON.parse(missing.stdout)).toMatchObject({
    accepted: false,
    detail: `${folder} has no tfjs-backend-wasm-simd.wasm`,
  })
  const at = fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm'))
  const found = await inProcess(
    `console.log(JSON.stringify(await probe('wasm', { wasm_folder: ${JSON.stringify(join(at, '..'))} })))`,
  )
  expect(JSON.parse(found.stdout)).toMatchObject({ accepted: true })
})

test('an uncaught error after opening wasm ends the process with code 1 and the first frame of the user', async () => {
  const { code, stderr } = await inProcess(`await openBackend('wasm')
setTimeout(function mine() { throw new Error('from the user') }, 1)`)
  expect(code).toBe(1)
  expect(stderr).toContain('from the user')
  expect(stderr).not.toContain('tfjs-backend-wasm')
  expect(stderr).not.toContain('looks like you are running TensorFlow.js in Node.js')
})

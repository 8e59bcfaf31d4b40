/**
 * Makes TensorFlow.js's wasm backend able to train, and faster: it lacks the gradients of convolution filters and of gather
 * (embeddings), multiplies transposed matrices in a naive loop, and fills float one-hots with integers. Hot kernels are
 * composed from native wasm kernels, the rest runs on the cpu backend. Called once by wasm.ts, before `tf.setBackend('wasm')`.
 */
import { tf } from '../tf.ts'

const WASM = 'wasm'
type Kernel = tf.KernelConfig
type Arguments = Parameters<Kernel['kernelFunc']>[0]
type Tensor4D = tf.Tensor4D

/** The part of a backend that kernels use and the public types leave out. */
interface Store {
  disposeData(id: object, force?: boolean): boolean
  readSync(id: object): tf.backend_util.BackendValues
  write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: tf.backend_util.BackendValues): tf.TensorInfo
  disposeIntermediateTensorInfo(info: tf.TensorInfo): void
}

let patched: readonly string[] | null = null

/** Returns the names of the kernels that run on the cpu backend (slow, correct). */
export function enableWasmTraining(): readonly string[] {
  if (patched !== null) return patched
  const multiply = native('BatchMatMul')
  const transpose = native('Transpose')
  const inputGradient = native('Conv2DBackpropInput')
  replace('BatchMatMul', args => multiplyTransposed(args, multiply, transpose))
  const oneHot = native('OneHot')
  replace('OneHot', args => oneHotOfType(args, oneHot))
  replace('UnsortedSegmentSum', segmentSum)
  replace('Conv2DBackpropFilter', filterGradient)
  replace('Conv2DBackpropInput', args => convInputGradient(args) ?? inputGradient(args))
  patched = forwardTheRest()
  return patched
}

function native(name: string): Kernel['kernelFunc'] {
  const kernel = tf.getKernel(name, WASM)
  if (kernel == null) throw new Error(`the wasm backend has no kernel ${name}: is it TensorFlow.js 4.22?`)
  return kernel.kernelFunc
}

/** Keeps the old kernel's setup: it binds the native function that the new one may still call. */
function replace(kernelName: string, kernelFunc: Kernel['kernelFunc']): void {
  const old = tf.getKernel(kernelName, WASM)
  if (old != null) tf.unregisterKernel(kernelName, WASM)
  tf.registerKernel({
    kernelName,
    backendName: WASM,
    kernelFunc,
    ...(old?.setupFunc ? { setupFunc: old.setupFunc } : {}),
    ...(old?.disposeFunc ? { disposeFunc: old.disposeFunc } : {}),
  })
}

/** Native multiplication is fast (XNNPACK) only without transposes; every dense gradient has one: transpose first. */
function multiplyTransposed(
  { inputs, attrs, backend }: Arguments,
  multiply: Kernel['kernelFunc'],
  transpose: Kernel['kernelFunc'],
) {
  const made: tf.TensorInfo[] = []
  const swapped = (x: tf.TensorInfo): tf.TensorInfo => {
    const perm = x.shape.map((_, i) => i)
    const last = perm.length - 1
    perm[last] = last - 1
    perm[last - 1] = last
    const t = transpose({ inputs: { x }, attrs: { perm }, backend }) as tf.TensorInfo
    made.push(t)
    return t
  }
  const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo }
  const out = multiply({
    inputs: { a: attrs?.transposeA ? swapped(a) : a, b: attrs?.transposeB ? swapped(b) : b },
    attrs: { transposeA: false, transposeB: false },
    backend,
  })
  for (const t of made) (backend as Store).disposeData(t.dataId)
  return out
}

/** The native kernel writes 32-bit integers whatever the type: as floats they would read as almost zero. */
function oneHotOfType({ inputs, attrs, backend }: Arguments, oneHot: Kernel['kernelFunc']) {
  const dtype = (attrs?.dtype ?? 'int32') as tf.DataType
  const made = oneHot({ inputs, attrs: { ...attrs, dtype: 'int32' }, backend }) as tf.TensorInfo
  if (dtype === 'int32') return made
  const out = native('Cast')({ inputs: { x: made }, attrs: { dtype }, backend })
  ;(backend as Store).disposeData(made.dataId)
  return out
}

/** Gradient of gather. ScatterNd sums duplicates. */
function segmentSum({ inputs, attrs }: Arguments) {
  const { x, segmentIds } = inputs as { x: tf.Tensor; segmentIds: tf.Tensor }
  const inner = x.shape.slice(segmentIds.shape.length)
  return tf.tidy(() => {
    const ids = tf.cast(tf.reshape(segmentIds, [-1, 1]), 'int32')
    const rows = tf.reshape(x, [ids.shape[0] as number, ...inner])
    return tf.scatterND(ids, rows, [attrs?.numSegments as number, ...inner])
  })
}

interface ConvAttributes {
  strides: [number, number] | number
  pad: 'valid' | 'same' | number
  dimRoundingMode?: 'floor' | 'round' | 'ceil'
  dataFormat?: 'NHWC' | 'NCHW'
}

function geometry(input: number[], filter: number[], a: ConvAttributes): tf.backend_util.Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(
    input as [number, number, number, number],
    filter as [number, number, number, number],
    a.strides,
    1,
    a.pad,
    a.dimRoundingMode,
    false,
  )
}

/** A convolution itself: x as [C, H, W, N] with dy as filter [OH, OW, N, K], dilated by the stride. */
function filterGradient({ inputs, attrs }: Arguments) {
  const { x, dy } = inputs as { x: Tensor4D; dy: Tensor4D }
  const a = attrs as unknown as ConvAttributes & { filterShape: number[] }
  const g = geometry(x.shape, a.filterShape, a)
  const height = (g.outHeight - 1) * g.strideHeight + g.filterHeight
  const width = (g.outWidth - 1) * g.strideWidth + g.filterWidth
  const { top, left } = g.padInfo
  const bottom = height - g.inHeight - top
  const right = width - g.inWidth - left
  return tf.tidy(() => {
    let columns = tf.transpose(x, [3, 1, 2, 0])
    if (top > 0 || left > 0 || bottom > 0 || right > 0)
      columns = tf.pad(columns, [
        [0, 0],
        [top, Math.max(0, bottom)],
        [left, Math.max(0, right)],
        [0, 0],
      ])
    // Rows and columns that no window reached (stride > 1, valid padding) have no share in the gradient.
    if (bottom < 0 || right < 0) columns = tf.slice(columns, [0, 0, 0, 0], [-1, height, width, -1])
    const filter = tf.transpose(dy, [1, 2, 0, 3])
    const out = tf.conv2d(columns, filter, 1, 'valid', 'NHWC', [g.strideHeight, g.strideWidth])
    return tf.transpose(out, [1, 2, 0, 3])
  })
}

/** For stride 1 a convolution of dy with the flipped filter; null where that does not apply (the native kernel then runs). */
function convInputGradient({ inputs, attrs }: Arguments): tf.Tensor | null {
  const { dy, filter } = inputs as { dy: Tensor4D; filter: Tensor4D }
  const a = attrs as unknown as ConvAttributes & { inputShape: number[] }
  if (a.dataFormat === 'NCHW') return null
  const g = geometry(a.inputShape, filter.shape, a)
  const top = g.filterHeight - 1 - g.padInfo.top
  const left = g.filterWidth - 1 - g.padInfo.left
  const bottom = g.inHeight - g.outHeight - top + g.filterHeight - 1
  const right = g.inWidth - g.outWidth - left + g.filterWidth - 1
  if (g.strideHeight !== 1 || g.strideWidth !== 1 || Math.min(top, left, bottom, right) < 0) return null
  return tf.tidy(() => {
    const padded = tf.pad(dy, [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ])
    return tf.conv2d(padded, tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]), 1, 'valid')
  })
}

/** Kernels with complex numbers keep two tensors in one; they stay unsupported on wasm. */
const COMPLEX = new Set(['Complex', 'Real', 'Imag', 'ComplexAbs', 'FFT', 'IFFT', 'Draw'])

function forwardTheRest(): string[] {
  const forwarded: string[] = []
  for (const kernel of tf.getKernelsForBackend('cpu')) {
    if (tf.getKernel(kernel.kernelName, WASM) != null || COMPLEX.has(kernel.kernelName)) continue
    forwarded.push(kernel.kernelName)
    replace(kernel.kernelName, args => onCpu(kernel, args))
  }
  return forwarded
}

function onCpu(kernel: Kernel, { inputs, attrs, backend }: Arguments) {
  const cpu = tf.findBackend('cpu') as unknown as Store
  const wasm = backend as Store
  const made: tf.TensorInfo[] = []
  const moved = (t: tf.TensorInfo): tf.TensorInfo => {
    // A copy: the heap that readSync may look into moves when wasm memory grows.
    const values = wasm.readSync(t.dataId).slice() as tf.backend_util.BackendValues
    const copy = cpu.makeTensorInfo(t.shape, t.dtype, values)
    made.push(copy)
    return copy
  }
  const move = (t: unknown): unknown => (t == null ? t : Array.isArray(t) ? t.map(move) : moved(t as tf.TensorInfo))
  const all = Array.isArray(inputs)
    ? inputs.map(move)
    : Object.fromEntries(Object.entries(inputs).map(([name, t]) => [name, move(t)]))
  const out = kernel.kernelFunc({
    inputs: all as Arguments['inputs'],
    backend: cpu,
    ...(attrs === undefined ? {} : { attrs }),
  })
  const back = [out].flat().map(o => {
    const dataId = wasm.write(cpu.readSync(o.dataId), o.shape, o.dtype)
    cpu.disposeIntermediateTensorInfo(o)
    return { dataId, shape: o.shape, dtype: o.dtype }
  })
  for (const t of made) cpu.disposeData(t.dataId, true)
  return Array.isArray(out) ? back : (back[0] as tf.TensorInfo)
}

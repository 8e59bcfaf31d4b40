/**
 * TensorFlow.js numbers layers and variables in private counters (`dense_Dense1`), and names end up in saved files: a second
 * trial in the same process would be numbered on. The counters are fetched once, out of their modules, and set back. Used by
 * slate.ts.
 */
import { tf } from '../tf.ts'

export interface Names {
  restore(): void
}

export function openNames(): Names {
  const engine = tf.engine().constructor as unknown as { nextVariableId: number }
  const { nextVariableId } = engine
  const layers = layerNames()
  const variables = variableNames()
  const before = { layers: { ...layers }, variables: new Map(variables) }
  return {
    restore() {
      engine.nextVariableId = nextVariableId
      for (const name of Object.keys(layers)) delete layers[name]
      Object.assign(layers, before.layers)
      variables.clear()
      for (const [name, count] of before.variables) variables.set(name, count)
    },
  }
}

const PROBE = 'FlambeProbe'

/** `getUid` of tfjs-layers counts in a plain object of its own: a property that this object inherits for a moment shows it. */
function layerNames(): Record<string, number> {
  let found: Record<string, number> | null = null
  class Probe extends tf.layers.Layer {
    static className = PROBE
  }
  Object.defineProperty(Object.prototype, PROBE, {
    configurable: true,
    get() {
      found ??= this
      return 0
    },
    set() {},
  })
  try {
    new Probe({})
  } finally {
    Reflect.deleteProperty(Object.prototype, PROBE)
  }
  if (found === null) throw new Error('tfjs-layers keeps its names elsewhere than it did')
  return found
}

/** `getUniqueTensorName` counts in a Map, which is asked for the name. */
function variableNames(): Map<string, number> {
  let found: Map<string, number> | null = null
  const { has } = Map.prototype
  Map.prototype.has = function (key: unknown) {
    if (key === PROBE) found ??= this as Map<string, number>
    return has.call(this, key)
  }
  try {
    const value = tf.scalar(0)
    new tf.LayerVariable(value, 'float32', PROBE).dispose()
    value.dispose()
  } finally {
    Map.prototype.has = has
  }
  if (found === null) throw new Error('tfjs-layers keeps the names of variables elsewhere than it did')
  const names: Map<string, number> = found
  names.delete(PROBE)
  return names
}

/** Components that leave something behind in their process, and one that looks for it. Registered on import. */
import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { createServer } from 'node:net'
import { z } from 'zod'
import { Component } from '../../core/component.ts'
import { register } from '../../core/registry.ts'
import { tf } from '../../tf.ts'

const REMAINS = ['undoable', 'tensor', 'file', 'server', 'child', 'frozen', 'scope'] as const

export class Leave extends Component {
  static override readonly params = z.object({ what: z.enum(REMAINS) })
  static override readonly state: readonly string[] = []
  readonly #what: (typeof REMAINS)[number]
  constructor({ what }: { what: (typeof REMAINS)[number] }) {
    super()
    this.#what = what
  }
  override run(): undefined {
    switch (this.#what) {
      case 'tensor':
        tf.tensor1d([1, 2, 3])
        return
      case 'scope':
        tf.engine().startScope()
        return
      case 'file':
        openSync('/dev/null', 'r')
        return
      case 'server':
        createServer().listen(0, '127.0.0.1').unref()
        return
      case 'child':
        spawn('sleep', ['600'], { stdio: 'ignore' }).unref()
        return
      case 'frozen':
        Object.defineProperty(globalThis, 'stuck', { value: 1, configurable: false })
        return
      case 'undoable':
        leaveAll()
    }
  }
}

function leaveAll(): void {
  process.env.LEFT = 'yes'
  process.env.HOME = '/elsewhere'
  process.chdir('/')
  process.umask(0o077)
  process.exitCode = 9
  process.title = 'something else'
  process.on('SIGUSR2', () => undefined)
  process.on('uncaughtException', () => undefined)
  process.removeAllListeners('warning')
  process.emitWarning = () => undefined
  Object.assign(globalThis, { left: 'a global' })
  Object.assign(Array.prototype, { left: () => 1 })
  Math.random = () => 0.5
  Math.max = () => 0
  Object.assign(JSON, { left: true })
  Object.values = () => []
  console.group('everything further in')
  setInterval(() => process.stdout.write('tick\n'), 1).unref()
  setTimeout(() => process.stdout.write('tock\n'), 20)
  const one = tf.scalar(1)
  tf.variable(one)
  one.dispose()
  tf.env().set('DEBUG', false)
  tf.env().set('CHECK_COMPUTATION_FOR_ERRORS', false)
  const layer = tf.layers.dense({ units: 2, inputShape: [3] })
  const model = tf.sequential({ layers: [layer] })
  model.dispose()
}

/** Says all that it can see of its process. */
export class Find extends Component {
  override async run(): Promise<undefined> {
    const layer = tf.layers.dense({ units: 1, inputShape: [1] })
    const model = tf.sequential({ layers: [layer] })
    const one = tf.scalar(1)
    const variable = tf.variable(one)
    one.dispose()
    // Long enough for timers of others to have their turn.
    await new Promise(resolve => setTimeout(resolve, 60))
    const seen = {
      env: Object.entries(process.env).sort(),
      cwd: process.cwd().replace(/.*\//, ''),
      umask: process.umask(),
      exitCode: process.exitCode ?? null,
      listeners: process
        .eventNames()
        .map(name => [String(name), process.listenerCount(name as 'exit')])
        .sort(),
      globals: Object.getOwnPropertyNames(globalThis).sort(),
      array: Object.getOwnPropertyNames(Array.prototype).sort(),
      numbers: [Math.random(), Math.max(1, 2)],
      // Variables that the process has had from the start are counted from there.
      tensors: tf.memory().numTensors,
      flags: tf.env().getFlags(),
      names: [layer.name, model.name, variable.name, ...layer.weights.map(weight => weight.name)],
      active: process.getActiveResourcesInfo().sort(),
      seed: this.seed,
      dir: this.trial_dir.replace(/.*\/(.*\/)/, '$1'),
      trial: this.env.trial_id,
    }
    console.log(JSON.stringify(seen))
    model.dispose()
    variable.dispose()
  }
}

register([Leave, Find])

/**
 * A trial program for tests: `node fake-trial.mjs FOLDER`, told by the spec's params what to do. Claims the attempt, writes real records through
 * the protocol's framing, real checkpoints, and its exit record; knows nothing of TensorFlow.js.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { frame } from '@flambe/protocol'
import { createExclusive } from '../files.ts'
import { identify } from '../trial/identity.ts'

const [, , first, rung] = process.argv
if (first === '--probe') {
  if (rung === 'webgpu') throw new Error('no adapter')
  process.stdout.write(`noise\n${JSON.stringify({ accepted: rung === 'wasm', detail: `fake ${rung}` })}\n`)
  process.exit(0)
}

/** How an attempt's function is left when the process goes on. */
class Ended extends Error {}

if (first === '--spare') await wait()
else if (!(await run(first, code => process.exit(code)))) process.exit(75)

/** As the real runtime does, without a slate: `params.unclean` says that something is left. */
async function wait() {
  const channel = new Socket({ fd: 3, readable: true, writable: true })
  const say = word => channel.write(`${JSON.stringify(word)}\n`)
  let gone = false
  channel.on('close', () => {
    gone = true
  })
  say({ word: 'waiting' })
  for await (const line of createInterface({ input: channel })) {
    const next = JSON.parse(line)
    for (const [fd, name] of [
      [1, 'stdout'],
      [2, 'stderr'],
    ]) {
      closeSync(fd)
      openSync(join(next.run, name), 'a')
    }
    Object.assign(process.env, next.env)
    const mine = await run(
      next.run,
      code => {
        if (code > 0) process.exit(code)
        throw new Ended()
      },
      () => say({ word: 'claimed', mine: true }),
    )
    if (!mine) say({ word: 'claimed', mine: false })
    process.removeAllListeners('SIGTERM')
    const { params } = JSON.parse(readFileSync(join(next.run, 'spec.json'), 'utf8'))
    if (gone) process.exit()
    if (params.unclean) {
      say({ word: 'unclean', why: ['told so'] })
      process.exit()
    }
    say({ word: 'left', memory: params.memory ?? 1e6 })
  }
}

/** False when another process has the attempt. */
async function run(folder, leave, claimed = () => undefined) {
  if (!createExclusive(join(folder, 'process.json'), JSON.stringify(identify(process.pid)))) return false
  claimed()
  const { params } = JSON.parse(readFileSync(join(folder, 'spec.json'), 'utf8'))
  const put = value => appendFileSync(join(folder, 'records'), frame(Buffer.from(JSON.stringify(value))))
  const wish = () => {
    const file = join(folder, 'control.json')
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).wish : 'run'
  }
  const end = exit => {
    const file = join(folder, 'exit.json')
    writeFileSync(`${file}.tmp`, JSON.stringify({ exit, time: 0 }))
    renameSync(`${file}.tmp`, file)
    leave(exit.kind === 'failed' ? 1 : 0)
  }
  function save(number, bytes) {
    const state = Buffer.alloc(bytes, number + 1)
    const at = join(folder, 'checkpoints', String(number))
    mkdirSync(join(at, 'state', 'model'), { recursive: true })
    writeFileSync(join(at, 'state', 'model', 'state.bin'), params.spoil ? state.subarray(0, bytes - 1) : state)
    const sha256 = createHash('sha256').update(state).digest('hex')
    const manifest = { kind: 'folder', files: [{ path: 'model/state.bin', sha256, size: bytes }] }
    const file = { number, step: number, metric: 0.5, best: false, manifest, time: 0 }
    writeFileSync(join(at, 'checkpoint.json'), JSON.stringify(file))
    put({ t: 'checkpoint', time: 0, number, step: number })
  }

  try {
    if (params.deaf) process.on('SIGTERM', () => undefined)
    if (params.grandchildren) {
      // One in this session, one that has left it.
      for (const detached of [false, true]) {
        const child = spawn('sleep', ['600'], { detached, stdio: 'ignore' })
        child.unref()
        appendFileSync(join(folder, 'grandchildren'), `${child.pid}\n`)
      }
    }
    if (params.spy) {
      const secret = join(folder, '../../private/identity.json')
      const agent = `/proc/${process.ppid}`
      const seen = [secret, `${agent}/root${secret}`, `${agent}/environ`, `${agent}/maps`].map(path => {
        try {
          return { path, saw: readFileSync(path, 'utf8').slice(0, 200) }
        } catch (error) {
          return { path, saw: error.code }
        }
      })
      writeFileSync(join(folder, 'spied.json'), JSON.stringify(seen))
    }
    writeFileSync(join(folder, 'environment.json'), JSON.stringify({ env: process.env, argv: process.argv }))
    put({ t: 'start', time: 0, environment: { fake: true } })
    for (let step = 1; step <= (params.steps ?? 3); step++) {
      const values = Array.from({ length: params.width ?? 2 }, (_, i) => step + i / 1000)
      put({ t: 'points', time: 0, step, tags: values.map((_, i) => `tag ${i}`), values })
      process.stdout.write(`step ${step} ${'.'.repeat(params.line ?? 0)}\n`)
      put({ t: 'result', time: 0, step, metric: step })
      if (params.save && step % params.save === 0) save(step, params.bytes ?? 1000)
      await sleep(params.pause ?? 5)
      const asked = wish()
      if (!params.deaf && asked !== 'run') {
        if (asked !== 'checkpoint') end({ kind: asked === 'pause' ? 'paused' : 'stopped' })
      }
    }
    if (params.split) {
      for (const byte of Buffer.from('grün €1 🦉\n')) {
        process.stdout.write(Buffer.from([byte]))
        await sleep(50)
      }
    }
    if (params.crash) {
      process.stderr.write('Traceback\nValueError: boom\n')
      process.exit(params.crash)
    }
    if (params.torn) appendFileSync(join(folder, 'records'), Buffer.from([1, 2, 3]))
    if (params.hang) await sleep(600_000)
    process.stdout.write('bye\n')
    if (params.split) process.stdout.write(Buffer.from([0xc3]))
    end({ kind: 'done' })
  } catch (error) {
    if (error instanceof Ended) return true
    throw error
  }
}

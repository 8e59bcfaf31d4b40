/** bin/right-node.mjs on a machine whose Node.js is too old, with the fetched one in its place. */
import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { folder, tidy } from '../testing/command.ts'

const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await tidy()
})

/** Loaded before everything else: the process takes itself for an older Node.js than it is, its children do not. */
const OLD = `
const { PRETEND } = process.env
delete process.env.PRETEND
if (PRETEND !== undefined) {
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: PRETEND } })
  Object.defineProperty(process, 'version', { value: 'v' + PRETEND })
}`

/** Starts the script in a process group of its own, as a shell does. */
function start(
  script: string,
  version: string,
): { child: ChildProcess; wrote: Promise<string>; ended: Promise<unknown> } {
  const home = folder()
  const bin = join(home, '.flambe', 'node', 'node_modules', `node-${process.platform}-${process.arch}`, 'bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(process.execPath, join(bin, 'node'))
  copyFileSync(join(import.meta.dirname, '../../bin/right-node.mjs'), join(home, 'right-node.mjs'))
  const file = join(home, 'script.mjs')
  writeFileSync(
    file,
    `import { underRightNode } from './right-node.mjs'\nawait underRightNode(${JSON.stringify(file)})\n${script}`,
  )
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(OLD)}`, file], {
    env: { ...process.env, HOME: home, PRETEND: version },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  children.push(child)
  let text = ''
  child.stderr.setEncoding('utf8').on('data', chunk => {
    text += chunk
  })
  const wrote = new Promise<string>(resolve => child.stdout.once('data', chunk => resolve(String(chunk))))
  const ended = new Promise(resolve => child.once('close', (code, signal) => resolve({ code, signal, text })))
  return { child, wrote, ended }
}

const COUNTS = `
let heard = 0
process.on('SIGINT', () => {
  heard++
  // A second one would come at the same time.
  if (heard === 1) setTimeout(() => process.exit(100 + heard), 300)
})
process.stdout.write('ready')
setTimeout(() => undefined, 60_000)
`

it('passes on one SIGINT, whether the group got it or this process alone', async () => {
  for (const group of [true, false]) {
    const { child, wrote, ended } = start(COUNTS, '20.1.0')
    expect(await wrote).toBe('ready')
    process.kill(group ? -(child.pid as number) : (child.pid as number), 'SIGINT')
    expect(await ended).toMatchObject({ code: 101 })
  }
})

it('ends as its child does', async () => {
  expect(await start('process.exit(7)', '20.1.0').ended).toMatchObject({ code: 7 })
  expect(await start("process.kill(process.pid, 'SIGKILL')", '20.1.0').ended).toMatchObject({ code: 137 })
})

it('says in one line that Node.js is too old, exit 2', async () => {
  const { code, text } = (await start('', '18.19.0').ended) as { code: number; text: string }
  expect(code).toBe(2)
  expect(text.trimEnd().split('\n')).toEqual([expect.stringContaining('needs Node.js 20 or newer; this is v18.19.0')])
})

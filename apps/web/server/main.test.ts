import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readArgs } from './args.ts'

const program = fileURLToPath(new URL('./main.ts', import.meta.url))
let dir: string
const children: ChildProcess[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'flambe-web-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  await rm(dir, { recursive: true, force: true })
})

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  let out = ''
  let err = ''
  const ended = new Promise<{ code: number | null; out: string; err: string }>(resolve => {
    child.once('close', code => resolve({ code, out, err }))
  })
  const ready = new Promise<{ url: string; link: string }>((resolve, reject) => {
    child.stdout.on('data', chunk => {
      out += chunk
      const line = /^\{"ready":true.*\}$/m.exec(out)?.[0]
      if (line !== undefined) resolve(JSON.parse(line))
    })
    child.stderr.on('data', chunk => {
      err += chunk
    })
    void ended.then(({ err }) => reject(new Error(err)))
  })
  ready.catch(() => undefined)
  return { child, ready, ended }
}

describe('the server program', () => {
  it('says when it is ready, serves, and ends in order on SIGTERM', async () => {
    const { child, ready, ended } = start('--data', join(dir, 'hub'), '--port', '0', '--no-pages')
    const { url, link } = await ready
    expect(link.startsWith(`${url}/sign-in#`)).toBe(true)
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ ok: true, service: 'flambe' })
    child.kill('SIGTERM')
    const { code, err } = await ended
    expect([code, err]).toEqual([0, ''])
    await expect(stat(join(dir, 'hub', 'local.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('ends with 2 and one clear line when the port is in use, or the folder', async () => {
    const first = start('--data', join(dir, 'a'), '--port', '0', '--no-pages')
    const port = new URL((await first.ready).url).port
    const second = await start('--data', join(dir, 'b'), '--port', port, '--no-pages').ended
    expect([second.code, second.out]).toEqual([2, ''])
    expect(second.err).toBe(
      `port ${port} on 127.0.0.1 is in use: stop what runs there, or take another one with --port N\n`,
    )
    const third = await start('--data', join(dir, 'a'), '--port', '0', '--no-pages').ended
    expect(third.code).toBe(2)
    expect(third.err.trim().split('\n').length).toBe(1)
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
  })

  it('ends with 2 and one clear line when the data folder cannot be used', async () => {
    await writeFile(join(dir, 'afile'), '')
    for (const [data, why] of [
      [join(dir, 'afile'), 'it is no folder'],
      [join(dir, 'afile', 'x'), 'a part of the path is a file'],
    ] as const) {
      const { code, out, err } = await start('--data', data, '--port', '0', '--no-pages').ended
      expect([code, out, err]).toEqual([2, '', `cannot use the data folder ${data}: ${why}\n`])
    }
  })

  it('ends in order when the process that started it was killed', async () => {
    const data = join(dir, 'hub')
    const between = `require('node:child_process').spawn(process.execPath,
      [${JSON.stringify(program)}, '--data', ${JSON.stringify(data)}, '--port', '0', '--no-pages', '--parent', String(process.pid)],
      { stdio: ['ignore', 'inherit', 'inherit'], detached: true })`
    const parent = spawn(process.execPath, ['-e', between], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(parent)
    // Both hold this pipe: it ends when the server has.
    const ended = new Promise(resolve => parent.stdout.once('end', resolve))
    await new Promise<void>(resolve => {
      parent.stdout.on('data', chunk => String(chunk).includes('"ready":true') && resolve())
    })
    parent.kill('SIGKILL')
    await ended
    await expect(stat(join(data, 'local.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('its arguments', () => {
  it('default to loopback and the home folder', () => {
    expect(readArgs([], {})).toMatchObject({ host: '127.0.0.1', port: 4955, allowHosts: [], pages: true, webUrl: null })
  })

  it('answer to a named host, and need a name for "all addresses" (S4)', () => {
    expect(readArgs(['--host', '10.0.0.7'], {}).allowHosts).toEqual(['10.0.0.7'])
    expect(readArgs(['--host', 'fe80::1'], {}).allowHosts).toEqual(['[fe80::1]'])
    expect(() => readArgs(['--host', '0.0.0.0'], {})).toThrow('--allow-host')
    expect(readArgs(['--host', '0.0.0.0', '--allow-host', 'gpu.lan'], {}).allowHosts).toEqual(['gpu.lan'])
  })

  it('take how long a machine may be silent until it is lost, in seconds (G10)', () => {
    expect(readArgs([], {}).lostAfter).toBe(null)
    expect(readArgs(['--lost-after', '10'], {}).lostAfter).toBe(10_000)
    for (const wrong of ['9', '0', '86401', '12.5', 'x', '-20'])
      expect(() => readArgs([`--lost-after=${wrong}`], {}), wrong).toThrow('from 10 to 86400')
  })

  it.each([['--port', 'x'], ['--port', '70000'], ['--parent', 'x'], ['--nonsense'], ['--web-url', 'not an address']])(
    'refuse %j',
    (...args) => {
      expect(() => readArgs(args, {})).toThrow()
    },
  )
})

/** Bad input, as a person or a program meets it: one clear line or one object, the right exit code, nothing half-done. */
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { agentBuilt, file, folder, run, siteBuilt, tidy } from '../testing/command.ts'

afterEach(tidy)

const ECHO = '!Experiment\nname: e\npipeline:\n  a: !Script\n    command: [echo]\n    args: []\n'
const objects = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))

it('plan --json prints its one object for a file that cannot be read too', async () => {
  for (const path of [join(folder(), 'no.yaml'), folder()]) {
    const { code, stdout, stderr } = await run(['plan', '--json', path])
    expect([code, stderr]).toEqual([2, ''])
    expect(objects(stdout)).toEqual([
      {
        ok: false,
        problems: [expect.objectContaining({ code: 'CONFIG', rule: 'file-unreadable', file: path, line: 1 })],
      },
    ])
  }
})

describe.skipIf(!agentBuilt)('run --json says `refused`, and nothing else on standard output', () => {
  const refused = async (args: readonly string[]) => {
    const { code, stdout } = await run(['run', '--json', ...args])
    expect(code).toBe(2)
    const [event, ...more] = objects(stdout)
    expect([event.event, more]).toEqual(['refused', []])
    expect(event.problems).toHaveLength(1)
    return event.problems[0]
  }

  it('of a missing file', async () => {
    expect(await refused([join(folder(), 'no.yaml')])).toMatchObject({ code: 'CONFIG', rule: 'file-unreadable' })
  })

  it('of results in the way, which stay', async () => {
    const save = folder()
    mkdirSync(join(save, 'output__e', '.hub'), { recursive: true })
    expect(await refused([file(ECHO), '--save-path', save])).toMatchObject({ code: 'RESULTS', rule: 'results-exist' })
    expect(readdirSync(join(save, 'output__e'))).toEqual(['.hub'])
  })

  it('of a run that goes on in the folder, even with --force', async () => {
    const save = folder()
    const hub = join(save, 'output__e', '.hub')
    mkdirSync(hub, { recursive: true })
    writeFileSync(join(hub, 'local.json'), JSON.stringify({ url: 'http://127.0.0.1:9', token: 'x', pid: process.pid }))
    expect(await refused([file(ECHO), '--save-path', save, '--force'])).toMatchObject({ rule: 'run-goes-on' })
    expect(existsSync(join(hub, 'local.json'))).toBe(true)
  })

  it('of processors that are not there, all blocks at once', async () => {
    const save = folder()
    const big = ECHO.replace('pipeline:', 'devices: {cpu: 4000}\npipeline:\n  b: !Script {command: [echo], args: []}')
    const problem = await refused([file(big), '--save-path', save])
    expect(problem).toMatchObject({ code: 'LIMIT', rule: 'too-few-devices' })
    expect(problem.message).toMatch(/block b needs 4000 CPUs.*block a needs 4000 CPUs/)
    expect(readdirSync(save)).toEqual([])
  })

  it('of a resource that cannot be sent', async () => {
    const path = file(ECHO.replace('args: []', 'args: []\nresources: {data: data}'))
    mkdirSync(join(path, '..', 'data', 'inner'), { recursive: true })
    const save = folder()
    symlinkSync('/nowhere/at/all', join(path, '..', 'data', 'inner', 'broken'))
    expect(await refused([path, '--save-path', save])).toMatchObject({ code: 'RESOURCE', rule: 'resource-unreadable' })
    expect(readdirSync(save)).toEqual([])
  })

  it('of a folder that cannot be used', async () => {
    const blocked = file('', 'afile')
    const unusable = [join(blocked, 'x'), blocked, join(folder(), 'n'.repeat(300))]
    // Node's recursive mkdir would never return here.
    if (process.platform === 'linux') unusable.push('/proc/nope')
    for (const save of unusable)
      expect(await refused([file(ECHO), '--save-path', save])).toMatchObject({ rule: 'folder-unusable' })
  })

  it('of a hub that is none', async () => {
    const server = createServer(socket => socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>hello'))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const args = ['run', file(ECHO), '--hub', `http://127.0.0.1:${port}`, '--save-path', folder()]
    const { code, stderr } = await run(args, { FLAMBE_TOKEN: 'x' })
    server.close()
    expect([code, stderr]).toEqual([2, `http://127.0.0.1:${port} is no Flambé hub (it answered 200 OK)\n`])
  })
})

it('problems are shown in the order of the file', async () => {
  const { code, stderr } = await run(['plan', file('!Experiment\nname: x\npipeline:\n  a: !Trainr\nsead: 1\n')])
  expect(code).toBe(2)
  const places = [...stderr.matchAll(/x\.yaml:(\d+):/g)].map(match => Number(match[1]))
  expect(places).toEqual([4, 5])
})

describe('flambe hub', () => {
  it('with a data folder that cannot be used is one line, exit 2', async () => {
    const blocked = file('', 'afile')
    for (const data of [blocked, join(blocked, 'x')]) {
      const { code, stderr } = await run(['hub', '--data', data, '--port', '0'])
      expect(code).toBe(2)
      expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(/^cannot use .*afile/)])
    }
  })

  it.skipIf(!siteBuilt)('with a port in use is one line, exit 2', async () => {
    const taken = createServer()
    await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as { port: number }
    const data = join(folder(), 'h')
    const { code, stderr, stdout } = await run(['hub', '--data', data, '--port', String(port), '--no-pages'])
    taken.close()
    expect(readdirSync(data)).toEqual([])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringContaining(`port ${port} on 127.0.0.1 is in use`)])
  })
})

it('a wrong address of a hub is told before a missing token', async () => {
  const taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  await new Promise(resolve => taken.close(resolve))
  const nobody = await run(['submit', file(ECHO, 'x.yaml'), '--hub', `http://127.0.0.1:${port}`])
  expect([nobody.code, nobody.stderr.trimEnd()]).toEqual([2, expect.stringContaining('nothing listens there')])
  const other = await run(['submit', file(ECHO, 'x.yaml'), '--hub', 'ftp://x'])
  expect([other.code, other.stderr.trimEnd()]).toEqual([2, expect.stringContaining("'ftp://x' is no address of a hub")])
})

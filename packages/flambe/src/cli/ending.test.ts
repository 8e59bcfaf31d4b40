/** How commands end when they are told to: in order, or at once; no process is left, and no file says that it goes on. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { agentBuilt, bundleCommand, file, folder, siteBuilt, start, tidy } from '../testing/command.ts'

beforeAll(bundleCommand)
afterEach(tidy)

/** Hears no signal but SIGKILL, so that only "at once" ends it. */
const STUBBORN = `!Experiment
name: s
pipeline:
  a: !Script
    command: [sh, -c, "trap '' TERM INT; echo $$ > PIDS/$$; while :; do sleep 0.1; done"]
    args: []
`

/** A zombie, which waits for a parent to look at it, does not. */
const lives = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))

describe.skipIf(!agentBuilt)('flambe run', () => {
  const begin = async (text: string) => {
    const pids = folder()
    const save = folder()
    const command = start(['run', file(text.replaceAll('PIDS', pids)), '--save-path', save, '--json'])
    await command.wrote(/"trial".*"state":"running"/)
    while (readdirSync(pids).length === 0) await new Promise(resolve => setTimeout(resolve, 10))
    const progress = () => JSON.parse(readFileSync(join(save, 'output__s', 'progress.json'), 'utf8'))
    return { command, progress, pids: readdirSync(pids).map(Number) }
  }

  it('ends in order at the first Ctrl-C: exit 130, everything cancelled, no process left', async () => {
    const { command, progress, pids } = await begin(STUBBORN.replace("trap '' TERM INT; ", ''))
    command.child.kill('SIGINT')
    expect(await command.ended).toBe(130)
    const { state, ended, blocks } = progress()
    expect([state, blocks[0].state, blocks[0].trials[0].state]).toEqual(['cancelled', 'cancelled', 'cancelled'])
    expect(blocks[0].trials[0].attempts).toEqual([{ agent: 'local', state: 'cancelled', failure: null }])
    expect(ended).toBeGreaterThan(0)
    expect(pids.filter(lives)).toEqual([])
  })

  it('ends at once at the second Ctrl-C, and progress.json says cancelled all the same', async () => {
    const { command, progress, pids } = await begin(STUBBORN)
    command.child.kill('SIGINT')
    await command.wrote(/"state":"stopping"/)
    expect(pids.filter(lives)).toEqual(pids)
    command.child.kill('SIGINT')
    expect(await command.ended).toBe(130)
    const { state, ended, blocks } = progress()
    expect([state, blocks[0].state, blocks[0].counts]).toEqual(['cancelled', 'cancelled', { cancelled: 1 }])
    expect(blocks[0].trials[0]).toMatchObject({
      state: 'cancelled',
      attempts: [{ agent: 'local', state: 'cancelled' }],
    })
    expect(ended).toBeGreaterThan(0)
    expect(pids.filter(lives)).toEqual([])
  })

  it('ends its trials when nobody reads any more', async () => {
    const one = `command: [sh, -c, "echo $$ > PIDS/$$; sleep $0"]\n    args: [!g [1, 600]]`
    const { command, pids, progress } = await begin(STUBBORN.replace(/command: .*\n.*/, () => one))
    command.child.stdout?.destroy()
    // The end of the short trial is what it wants to write.
    expect(await command.ended).toBe(130)
    expect(progress().state).toBe('cancelled')
    expect(pids.filter(lives)).toEqual([])
  })
})

describe.skipIf(!siteBuilt)('flambe hub', () => {
  it('ends its server and agent before itself when its reader goes away', async () => {
    const data = join(folder(), 'hub')
    const command = start(['hub', '--data', data, '--port', '0', '--no-pages', '--agents', '1'])
    await command.wrote(/agent local: /)
    const { pid } = JSON.parse(readFileSync(join(data, 'local.json'), 'utf8')) as { pid: number }
    expect(lives(pid)).toBe(true)
    command.child.stdout?.destroy()
    command.child.stderr?.destroy()
    expect(await command.ended).toBe(0)
    expect(lives(pid)).toBe(false)
  })
})

/** S10: secrets reach trials, and nothing that the hub, its pages or the output folder hold. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { agentBuilt, file, folder, run, tidy } from '../testing/command.ts'

afterEach(tidy)

const SECRET = 'hush-hush-hush'
const TEXT = `!Experiment
name: kept
seed: 1
max_failures: 0
stop_on_failure: false
pipeline:
  said: !Script {command: [sh, -c, 'echo "it is $MY_KEY"; printf hush-hu; sleep 1; echo sh-hush; test "$MY_KEY" = "$(echo hsuh-hsuh-hsuh | sed s/su/us/g)"'], args: []}
  broken: !Script {command: [sh, -c, 'echo "cannot use $MY_KEY" >&2; exit 3'], args: []}
`

it.skipIf(!agentBuilt)(
  'are known to trials, and masked in output, results and the files of the hub',
  { timeout: 60_000 },
  async () => {
    const save = folder()
    const secrets = file(`[my]\nkey = ${SECRET}\n`, 'secrets.ini')
    const { code, stdout } = await run([
      'run',
      file(TEXT),
      '--save-path',
      save,
      '--slots',
      '1',
      '--secrets',
      secrets,
      '--json',
    ])
    const ended = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
    expect([code, ended.failed.length]).toEqual([1, 1])
    expect(stdout).toContain('cannot use **************')
    expect(stdout).not.toContain(SECRET)
    const out = join(save, 'output__kept')
    const [trial = ''] = readdirSync(join(out, 'said'))
    expect(readFileSync(join(out, 'said', trial, 'stdout'), 'utf8')).toBe('it is **************\n**************\n')
    expect(JSON.parse(readFileSync(join(out, 'said', trial, 'result.json'), 'utf8')).state).toBe('success')
    const kept = readdirSync(out, { recursive: true, withFileTypes: true }).filter(one => one.isFile())
    const holding = kept.filter(one => readFileSync(join(one.parentPath, one.name)).includes(SECRET))
    expect(kept.length).toBeGreaterThan(10)
    expect(holding.map(one => join(one.parentPath, one.name))).toEqual([])
  },
)

it('that cannot be read, or would go to a hub, are refused before anything is touched', async () => {
  const save = folder()
  const args = (secrets: string) => ['run', file(TEXT), '--save-path', save, '--secrets', secrets]
  const short = await run(args(file('key = x\n', 'secrets.ini')))
  expect([short.code, short.stderr]).toEqual([2, expect.stringMatching(/line 1: KEY is shorter than 8 characters/)])
  expect((await run(args(join(save, 'none.ini')))).code).toBe(2)
  const remote = await run([...args(file(`k = ${SECRET}\n`, 'secrets.ini')), '--hub', 'http://127.0.0.1:9'])
  expect([remote.code, remote.stderr]).toEqual([2, expect.stringContaining('a hub never sees secrets')])
  expect(readdirSync(save)).toEqual([])
})

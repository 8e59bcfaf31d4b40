import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, plan, type ResolvedConfig, resolve, variants } from '@flambe/language'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { catalogue } from '../catalogue/index.ts'
import { resolved } from '../trial/testing/experiment.ts'
import { type Attempt, goOn, makeAttempt, until } from '../trial/testing/folder.ts'
import '../trial/testing/parts.ts'
import './index.ts'

// Every test starts several processes; on a busy machine each takes seconds.
vi.setConfig({ testTimeout: 180_000 })

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-script-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

/** A script file and an attempt that runs it, the file sent along as an agent would place it. */
function scripted(name: string, text: string, more = '', path = 'a', about = {}): Attempt {
  const config = configOf(name, text, more)
  return makeAttempt(join(dir, path), config, about, { resources: { [`code:${name}`]: join(dir, name) } })
}
function configOf(name: string, text: string, more: string): ResolvedConfig {
  writeFileSync(join(dir, name), text)
  return resolved(`s: !Script {script: ${name}${more}}`, 's')
}
const last = (a: Attempt) => a.checkpoints().at(-1)
const files = (a: Attempt) => join(a.state(last(a)?.number ?? -1), 'saved-files')

describe('a script', () => {
  test('in Python finds its arguments, parameters and seed, and every report is a step, with its metric', async () => {
    const a = scripted(
      'train.py',
      `
import sys, flambe
print(sys.argv[1:], flambe.params["lr"], flambe.params["on"], flambe.inputs, flambe.resume_from, flambe.seed)
for step in (10, 20, 30):
    flambe.report(step, acc=step / 100, loss=float("nan"))
    flambe.log(step, lr=0.5, note="text")
flambe.progress(0.5)
sys.stderr.write("a warning\\n")
`,
      ', args: [fast, 3], kwargs: {lr: 0.1, on: true, off: null}, metric: acc',
    )
    expect(await a.run().ended).toBe(0)
    expect(a.output('stdout')).toBe("['fast', '3', '--lr', '0.1', '--on', 'True'] 0.1 True {} None 7\n")
    expect(a.output('stderr')).toBe('a warning\n')
    expect(a.results()).toEqual([
      [1, 0.1],
      [2, 0.2],
      [3, 0.3],
    ])
    const records = a.records()
    expect(records.filter(r => r.t === 'points' && r.tags.includes('acc'))).toMatchObject([
      { step: 10, tags: ['acc', 'loss'], values: [0.1, '.nan'] },
      { step: 20 },
      { step: 30 },
    ])
    expect(records.filter(r => r.t === 'text')).toHaveLength(3)
    expect(records.filter(r => r.t === 'progress')).toMatchObject([{ done: 0.5 }])
  })

  test('reports arrive while it runs, not at its end', async () => {
    const a = scripted(
      'wait.sh',
      'echo \'::flambe {"step": 1, "metrics": {"m": 4}}\'\necho on\nuntil [ -e "$FLAMBE_TRIAL_DIR/go" ]; do sleep 0.05; done\n',
      ', metric: m',
    )
    const { ended } = a.run()
    await until(() => a.results().length === 1)
    expect(a.exit()).toBeNull()
    writeFileSync(join(a.path, 'work', 'go'), '')
    expect(await ended).toBe(0)
    expect(a.results()).toEqual([[1, 4]])
    expect(a.output('stdout')).toBe('on\n')
  })

  test('in JavaScript may write JSON lines to the file FLAMBE_REPORT; without reports it is one step', async () => {
    const a = scripted(
      'go.mjs',
      `import { appendFileSync } from 'node:fs'
       for (const m of [1, 2]) appendFileSync(process.env.FLAMBE_REPORT, JSON.stringify({ metrics: { m } }) + '\\n')`,
      ', metric: m',
    )
    await a.run().ended
    expect(a.results()).toEqual([
      [1, 1],
      [2, 2],
    ])
    const b = scripted('quiet.mjs', 'console.log(process.argv.slice(2).join())', ', kwargs: {on: true}', 'b')
    await b.run().ended
    expect(b.exit()).toEqual({ kind: 'done' })
    expect(b.results()).toEqual([[1, null]])
    expect(b.output('stdout')).toBe('--on,true\n')
  })

  test('with code runs in a copy of the folder; its results folder is what later blocks get', async () => {
    const code = join(dir, 'project')
    mkdirSync(code)
    writeFileSync(join(code, 'part.py'), 'word = "from the project"')
    writeFileSync(
      join(code, 'main.py'),
      'import part, sys, os\nopen("beside", "w").close()\nprint(part.word, sys.argv[1])\nopen(os.path.join(sys.argv[2], "made"), "w").write("x")',
    )
    const pipeline = `s: !Script {script: main.py, code: project, output_dir_arg: out}
t: !Script
  command: [bash, -c, 'cat "$1/made"; cat "$FLAMBE_INPUTS"', sh]
  args: [!@ s.files]`
    const here = { resources: { 'code:project': code } }
    const a = makeAttempt(join(dir, 'a'), resolved(pipeline, 's'), {}, here)
    expect(await a.run().ended).toBe(0)
    expect(a.output('stdout')).toBe('from the project --out\n')
    expect(existsSync(join(code, 'beside'))).toBe(false)
    const state = a.state(last(a)?.number ?? 0)
    const b = makeAttempt(join(dir, 'b'), resolved(pipeline, 't'), {}, { ...here, inputs: { s: state } })
    expect(await b.run().ended).toBe(0)
    expect(b.output('stdout')).toBe(`x${JSON.stringify({ s: join(state, 'saved-files') })}`)
  })
})

describe('a script that cannot go well', () => {
  const failure = async (a: Attempt, env?: NodeJS.ProcessEnv) => {
    expect(await a.run(env).ended).toBe(1)
    const exit = a.exit()
    return exit?.kind === 'failed' ? exit.failure : expect.unreachable()
  }

  test('without its interpreter is one configuration failure', async () => {
    const a = scripted('a.py', 'print(1)')
    expect(await failure(a, { PATH: dir })).toMatchObject({
      class: 'configuration',
      message: 'python3 was not found on this machine; a.py needs it',
    })
    const b = makeAttempt(join(dir, 'b'), resolved('s: !Script {command: [no-such-program]}', 's'))
    expect(await failure(b)).toMatchObject({
      class: 'configuration',
      message: expect.stringContaining('no-such-program'),
    })
    const c = scripted('tool', '#!/bin/sh\n', '', 'c')
    chmodSync(join(dir, 'tool'), 0o644)
    expect(await failure(c)).toMatchObject({ class: 'configuration', message: 'tool is not executable' })
  })

  test('that fails is a failure of the user’s code with its last words; steps before it count', async () => {
    const a = scripted('a.py', 'import flambe\nflambe.report(1, m=2)\nraise SystemExit("no more disk")', ', metric: m')
    const { class: kind, message } = await failure(a)
    expect([kind, message]).toEqual(['user-code', 'a.py ended with exit code 1: no more disk'])
    expect(a.results()).toEqual([[1, 2]])
    const b = scripted('b.py', 'def f():\n  {}["missing"]\nprint("x", flush=True)\nf()', '', 'b')
    const traceback = await failure(b)
    expect(traceback.message).toBe("b.py ended with exit code 1: KeyError: 'missing'")
    expect(traceback.stack).toContain('Traceback (most recent call last):')
    expect(traceback.stack).toContain('line 2, in f')
  })

  test.each(['exit 3', 'echo >&2; exit 3'])(
    'that fails without a word (%s) says its exit code and no more',
    async text => {
      expect(await failure(scripted('a.sh', text))).toEqual({
        class: 'user-code',
        message: 'a.sh ended with exit code 3',
        stack: 'ScriptFailed: a.sh ended with exit code 3',
      })
    },
  )

  test('that is killed says by what', async () => {
    expect((await failure(scripted('a.sh', 'kill -9 $$'))).message).toBe('a.sh ended by SIGKILL')
  })
})

describe('stop, pause and resume', () => {
  const counter = `
import flambe, json, os, sys
path = os.path.join(flambe.trial_dir, "state")
count = 0
if flambe.resume_from:
    count = json.load(open(os.path.join(flambe.resume_from, "count.json")))
    print("from", count)
while count < flambe.params["steps"]:
    count += 1
    flambe.report(count, m=count * count)
    if count % 2 == 0 or flambe.should_stop():
        os.makedirs(path, exist_ok=True)
        json.dump(count, open(os.path.join(path, "count.json"), "w"))
        flambe.checkpoint(path)
    if flambe.should_stop():
        print("told to stop")
        sys.exit(0)
    if count >= flambe.params["steps"] - 1 or count > 3:
        import time; time.sleep(flambe.params["pause"])
`
  const more = (steps: number, pause: number) => `, metric: m, kwargs: {steps: ${steps}, pause: ${pause}}`

  test('pause lets a script save, the next attempt goes on from there: the same steps as in one go (G11)', async () => {
    const a = scripted('count.py', counter, more(1000, 0.05))
    const { ended } = a.run()
    await until(() => a.results().length > 3)
    a.wish('pause')
    expect(await ended).toBe(0)
    expect(a.exit()).toEqual({ kind: 'paused' })
    expect(a.output('stdout')).toBe('told to stop\n')
    const at = a.results().at(-1)?.[0] as number
    expect(last(a)?.step).toBe(at)
    expect(JSON.parse(readFileSync(join(files(a), 'count.json'), 'utf8'))).toBe(at)
    const here = { resources: { 'code:count.py': join(dir, 'count.py') } }
    const b = goOn(a, configOf('count.py', counter, more(at + 2, 0)), join(dir, 'b'), {}, here)
    expect(await b.run().ended).toBe(0)
    expect(b.output('stdout')).toBe(`from ${at}\n`)
    expect(b.results()).toEqual([
      [at + 1, (at + 1) ** 2],
      [at + 2, (at + 2) ** 2],
    ])
  })

  test('killed, it goes on from the last checkpoint that it told of', async () => {
    const every = { checkpoint: { steps: 1, seconds: 30, keep: 2 } }
    const a = scripted('count.py', counter, more(1000, 0.05), 'a', every)
    const { child, ended } = a.run()
    await until(() => a.checkpoints().some(c => c.step >= 2))
    child.kill('SIGKILL')
    await ended
    const { step = 0 } = last(a) ?? {}
    expect(step % 2).toBe(0)
    expect(JSON.parse(readFileSync(join(files(a), 'count.json'), 'utf8'))).toBe(step)
  })

  test('stop ends a script that never asks by SIGTERM; the trial is stopped, not failed', async () => {
    const a = scripted(
      'loop.py',
      'import flambe, time\nflambe.report(1, m=1)\nwhile True: time.sleep(0.05)',
      ', metric: m',
    )
    const { ended } = a.run()
    await until(() => a.results().length === 1)
    a.wish('stop')
    expect(await ended).toBe(0)
    expect(a.exit()).toEqual({ kind: 'stopped' })
    expect(a.results()).toEqual([[1, 1]])
  })

  test('a script that is paused without a checkpoint starts from the beginning', async () => {
    const a = scripted(
      'loop.py',
      'import flambe, time\nflambe.report(1, m=1)\nwhile True: time.sleep(0.05)',
      ', metric: m',
    )
    const { ended } = a.run()
    await until(() => a.results().length === 1)
    a.wish('pause')
    await ended
    expect(a.exit()).toEqual({ kind: 'paused' })
    expect(last(a)?.step).toBe(0)
  })
})

test('examples/script.yaml: a training by every choice, the test with the model of one', async () => {
  const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url))
  const { experiment } = parse(readFileSync(join(examples, 'script.yaml'), 'utf8'))
  if (experiment === null) expect.unreachable()
  const { plan: made, problems } = plan(experiment, {
    catalogue,
    resourceExists: path => existsSync(join(examples, path)),
  })
  expect(problems).toEqual([])
  if (made === null) expect.unreachable()
  expect(made.blocks.map(b => [b.id, b.count, b.mode])).toEqual([
    ['train', 6, 'min'],
    ['test', 6, 'max'],
  ])
  const resources = Object.fromEntries(made.resources.map(r => [r.name, join(examples, r.location)]))
  expect(Object.keys(resources)).toEqual(['flowers', 'code:script.py'])
  const [variant] = [...variants(made, 'train')]
  const [later] = [...variants(made, 'test')]
  if (variant === undefined || later === undefined) expect.unreachable()
  const a = makeAttempt(join(dir, 'a'), resolve(made, variant), { mode: 'min' }, { resources })
  expect(await a.run().ended).toBe(0)
  const results = a.results()
  expect(results).toHaveLength(30)
  expect(results.at(-1)?.[1]).toBeLessThan(results[0]?.[1] as number)
  const b = makeAttempt(join(dir, 'b'), resolve(made, later), {}, { resources, inputs: { train: dirname(files(a)) } })
  expect(await b.run().ended).toBe(0)
  expect(b.results()[0]?.[1]).toBeGreaterThan(0.8)
})

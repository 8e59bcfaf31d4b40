/** The command as a person types it: real files, real exit codes, one clear line for each mistake, and nothing half-done. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { startHub } from './harness/cluster.ts'
import { agentProgram, example, flambe, folder, removeFolders, server } from './harness/places.ts'
import { endAll, start } from './harness/process.ts'

// Each of these is a matter of seconds; a command that hangs shall not take the whole suite's time.
test.setTimeout(60_000)

test.afterEach(async () => {
  await endAll()
  removeFolders()
})

async function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; text: string; lines: string[] }> {
  const command = start(args, env)
  const code = await command.ended
  return { code, text: command.lines.join('\n'), lines: command.lines }
}

const write = (text: string): string => {
  const file = join(folder(), 'x.yaml')
  writeFileSync(file, text)
  return file
}

test('flambe run examples/iris.yaml trains, prints the best trials and writes the output folder', async () => {
  const save = folder()
  const { code, text } = await run([flambe, 'run', example('iris.yaml'), '--save-path', save, '--seed', '3'])
  expect(text).toContain('success')
  expect(code).toBe(0)
  const out = join(save, 'output__iris')
  const progress = JSON.parse(readFileSync(join(out, 'progress.json'), 'utf8'))
  expect(progress.state).toBe('success')
  for (const block of progress.blocks)
    for (const trial of block.trials.filter((t: { state: string }) => t.state === 'success')) {
      const dir = join(out, trial.folder)
      for (const file of ['params.json', 'result.json', 'points.jsonl', 'stdout', 'stderr'])
        expect(existsSync(join(dir, file)), `${trial.folder}/${file}`).toBe(true)
      expect(readdirSync(dir).some(f => f.startsWith('events.out.tfevents.'))).toBe(true)
      expect(JSON.parse(readFileSync(join(dir, 'result.json'), 'utf8')).metric).toEqual(trial.metric)
    }
  const again = await run([flambe, 'run', example('iris.yaml'), '--save-path', save])
  expect(again.code).toBe(2)
  expect(again.text).toContain('--force')
  const dumped = await run([flambe, 'plan', join(out, 'experiment.yaml'), '--json'])
  expect(dumped.code).toBe(0)
})

test('flambe run examples/script.yaml runs Python scripts and keeps the best', async () => {
  const save = folder()
  const { code, lines } = await run([flambe, 'run', example('script.yaml'), '--save-path', save, '--json'])
  const events = lines.filter(l => l.startsWith('{')).map(l => JSON.parse(l))
  expect(code).toBe(0)
  expect(events[0].event).toBe('plan')
  expect(events.at(-1)).toMatchObject({ event: 'done', state: 'success' })
  const ranked = events.filter(e => e.event === 'block' && e.ranking !== null).at(-1)
  const metrics = ranked.ranking.map((r: { metric: number }) => r.metric)
  expect(metrics.length).toBeGreaterThan(1)
  expect(ranked.ranking.filter((r: { kept: boolean }) => r.kept).length).toBe(1)
})

test('a wrong file: every problem with its place, exit 2, nothing touched', async () => {
  const dir = folder()
  const file = write('!Experiment\nname: x\npipline:\n  a: !Trainr\n    model: !@ b\n')
  const { code, text } = await run([flambe, 'run', file, '--save-path', dir])
  expect(code).toBe(2)
  expect(text).toContain('pipline')
  expect(text).toMatch(/x\.yaml:3:1/)
  expect(readdirSync(dir)).toEqual([])
  const tags = await run([
    flambe,
    'plan',
    write('!Experiment\nname: x\npipeline:\n  a: !Trainr\n    model: 1\n'),
    '--json',
  ])
  expect(tags.code).toBe(2)
  expect(tags.lines.length).toBe(1)
  const answer = JSON.parse(tags.text)
  expect(answer.ok).toBe(false)
  expect(answer.problems[0]).toMatchObject({ code: 'TAG', line: 4, column: 6 })
  expect(answer.problems[0].hint).toContain('Trainer')
})

test('a file that is not there, an unknown option, a hub that is not there: one clear line, exit 2', async () => {
  for (const args of [
    ['plan', '/nowhere.yaml'],
    ['plan', '--colour'],
    ['submit', example('iris.yaml'), '--hub', 'http://127.0.0.1:9'],
  ]) {
    const { code, lines } = await run([flambe, ...args], { FLAMBE_TOKEN: 'x' })
    expect(code, args.join(' ')).toBe(2)
    expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(2)
  }
})

test('a wrong token: the command and the agent say so in one line', async () => {
  const hub = await startHub()
  const submitted = await run([flambe, 'submit', example('iris.yaml'), '--hub', hub.url], { FLAMBE_TOKEN: 'wrong' })
  expect(submitted.code).toBe(2)
  expect(submitted.text).toContain('token')
  const agent = await run([agentProgram, '--hub', hub.url, '--name', 'x', '--home', join(folder(), 'a')], {
    FLAMBE_JOIN_TOKEN: 'wrong',
  })
  expect(agent.code).toBe(2)
  expect(agent.text).toContain('token')
})

test('an agent with a wrong hub address says so and ends', async () => {
  const { code, text } = await run(
    [agentProgram, '--hub', 'http://127.0.0.1:9', '--name', 'x', '--home', join(folder(), 'a')],
    { FLAMBE_JOIN_TOKEN: 'x' },
  )
  expect(code).toBe(2)
  expect(text).toContain('127.0.0.1:9')
})

test('a port in use: one clear line, exit 2, no data folder made', async () => {
  const taken = createServer()
  await new Promise<void>(resolve => taken.listen(0, '127.0.0.1', resolve))
  const { port } = taken.address() as { port: number }
  const data = join(folder(), 'hub')
  const { code, text } = await run([server, '--data', data, '--port', String(port)])
  expect(code).toBe(2)
  expect(text).toContain(String(port))
  expect(existsSync(data)).toBe(false)
  taken.close()
})

test('a script that fails: exit 1 and its own last words; a missing interpreter: said once, not retried', async () => {
  const dir = folder()
  mkdirSync(join(dir, 'code'))
  writeFileSync(join(dir, 'code', 'bad.py'), 'import sys\nprint("before")\nsys.exit("the reason it failed")\n')
  const file = join(dir, 'x.yaml')
  writeFileSync(
    file,
    '!Experiment\nname: bad\nmax_failures: 0\npipeline:\n  a: !Script\n    script: bad.py\n    code: code\n    args: []\n',
  )
  const failed = await run([flambe, 'run', file, '--save-path', folder(), '--json'])
  expect(failed.code).toBe(1)
  expect(failed.text).toContain('the reason it failed')
  // No python3 on the PATH of the trial: only the folder of node itself, which holds none.
  const bare = folder()
  const missing = await run([flambe, 'run', file, '--save-path', folder(), '--json'], { PATH: bare })
  expect(missing.code).toBe(1)
  expect(missing.text).toContain('python3')
})

test('flambe plan of a small file is quick to start', async () => {
  const { code, text } = await run([flambe, 'plan', example('digits.yaml'), '--json'])
  expect(code).toBe(0)
  const answer = JSON.parse(text)
  expect(answer.blocks.find((b: { id: string }) => b.id === 'train').count).toBeGreaterThanOrEqual(6)
})

test('a block that needs more than this machine has is refused before anything runs', async () => {
  const save = folder()
  const { code, text } = await run([
    flambe,
    'run',
    write(
      '!Experiment\nname: big\ndevices: {cpu: 4000}\npipeline:\n  a: !Script\n    command: [echo, hi]\n    args: []\n',
    ),
    '--save-path',
    save,
  ])
  expect(code).toBe(2)
  expect(text).toContain('needs 4000 CPUs')
  expect(readdirSync(save)).toEqual([])
})

test('Ctrl-C ends a run: exit 130, progress closed, no process left', async () => {
  const save = folder()
  const file = write('!Experiment\nname: long\npipeline:\n  a: !Script\n    command: [sleep, "600"]\n    args: []\n')
  const command = start([flambe, 'run', file, '--save-path', save, '--json'])
  await command.line(/"state":"running"/)
  command.child.kill('SIGINT')
  expect(await command.ended).toBe(130)
  const progress = JSON.parse(readFileSync(join(save, 'output__long', 'progress.json'), 'utf8'))
  expect(progress.state).toBe('cancelled')
  expect(progress.ended).not.toBeNull()
})

#!/usr/bin/env node
/**
 * The two commands of the README, on a machine that has only Node >= 20 and npm:
 *   npm start   fetch what is missing, build, start hub + agent, submit the example, print the page's address
 *   npm test    the same up to the build, then checks, unit and integration tests, and the browser tests
 * Node builtins only. Each step says what it does and is skipped when nothing changed.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { environment, rightNode } from '../packages/flambe/bin/right-node.mjs'
import { findChromium } from './chromium.mjs'
import { run } from './step.mjs'
import { build, install, root } from './workspace.mjs'

const [command = 'start', ...rest] = process.argv.slice(2)
const node = rightNode()
const env = environment(node)
const flambe = join(root, 'packages', 'flambe', 'bin', 'flambe.mjs')

if (command === 'start') {
  await install(env)
  await build(env)
  const data = join(root, '.flambe')
  const options = [
    'hub',
    '--data',
    join(data, 'hub'),
    '--agents',
    '1',
    '--submit-once',
    join(root, 'examples', 'digits.yaml'),
  ]
  await run('hub', node, [flambe, ...options, ...rest], { env, cwd: root, quiet: true })
} else if (command === 'test') {
  const started = Date.now()
  await install(env)
  await build(env)
  await run('check', 'pnpm', ['run', 'check:static'], { env, cwd: root })
  const unit = await run('unit and integration tests', 'pnpm', ['exec', 'vitest', 'run', ...rest], { env, cwd: root })
  const chromium = findChromium()
  const browser = await run('end-to-end tests in Chromium', 'pnpm', ['--filter', 'e2e', 'test'], {
    env: { ...env, FLAMBE_CHROMIUM: chromium },
    cwd: root,
  })
  await run('real faults, the short form', node, [join(root, 'e2e', 'faults', 'run.ts'), '--short', '--seed', '9'], {
    env,
    cwd: root,
  })
  const passed = count(unit, /Tests\s.*?(\d+) passed/) + count(browser, /^\s*(\d+) passed/m)
  const skipped = count(unit, /Tests\s.*?(\d+) skipped/, false) + count(browser, /^\s*(\d+) skipped/m, false)
  process.stdout.write(`\nAll of it took ${Math.round((Date.now() - started) / 1000)} s.\n`)
  process.stdout.write(`${passed} passed, 0 failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`)
} else if (command === 'dev') {
  await install(env)
  if (!existsSync(join(root, 'agents', 'flambe-agent', 'dist'))) await build(env)
  await run('dev', node, [flambe, 'hub', '--dev', '--data', join(root, '.flambe', 'dev'), '--agents', '1', ...rest], {
    env,
    cwd: root,
    quiet: true,
  })
} else {
  process.stderr.write(`unknown command ${command}: start, test or dev\n`)
  process.exit(2)
}

/** The number that a runner's closing line gives; a runner that closed without one ran nothing, and that is a failure. */
function count(text, pattern, needed = true) {
  const found = stripVTControlCharacters(text).match(pattern)?.[1]
  if (found === undefined && needed) {
    process.stderr.write(`no count of passed tests in the runner's output (${pattern})\n`)
    process.exit(1)
  }
  return Number(found ?? 0)
}

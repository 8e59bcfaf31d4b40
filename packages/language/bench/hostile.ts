/**
 * How long the hostile files of the tests take, and how much memory: each alone in a process of its own, planned, then asked for
 * completion, hover and definition at two places (the slowest counts). The aim (S7) is 500 ms and 200 MB: `pnpm bench hostile`; it exits
 * 1 when a file misses it. Processor time, since machines are shared.
 */
import { spawnSync } from 'node:child_process'
import { complete, definition, hover } from '../src/index.ts'
import { TEST_CATALOGUE } from '../src/testing/catalogue.ts'
import { HANDLED, HOSTILE } from '../src/testing/hostile.ts'
import { planText } from '../src/testing/plan-text.ts'

const FILES: { readonly [name: string]: string } = { ...HOSTILE, ...HANDLED }
const [only] = process.argv.slice(2)
if (only !== undefined && process.env.FLAMBE_ALONE === '1') {
  const text = FILES[only] ?? ''
  const [planning, { problems }] = timed(() => planText(text))
  const megabytes = process.resourceUsage().maxRSS / 1024
  const editing = [text.length >> 1, text.length].map(offset => {
    const asked = [
      () => complete(text, offset, TEST_CATALOGUE),
      () => hover(text, offset, TEST_CATALOGUE),
      () => definition(text, offset),
    ]
    return Math.max(...asked.map(ask => timed<unknown>(ask)[0]))
  })
  process.stdout.write(JSON.stringify([planning, Math.max(...editing), megabytes, problems[0]?.rule ?? 'a plan']))
} else {
  const rows = Object.keys(FILES)
    .filter(name => only === undefined || name.includes(only))
    .map(name => {
      const child = spawnSync(process.execPath, [import.meta.filename, name], {
        env: { ...process.env, FLAMBE_ALONE: '1' },
        encoding: 'utf8',
        timeout: 60_000,
      })
      const [ms, editor, mb, rule] =
        child.stdout === '' ? [60_000, 60_000, 0, child.stderr.slice(-300)] : JSON.parse(child.stdout)
      return { name, ms: ms as number, editor: editor as number, mb: mb as number, rule: rule as string }
    })
    .sort((a, b) => Math.max(b.ms, b.editor) - Math.max(a.ms, a.editor))
  for (const { name, ms, editor, mb, rule } of rows) {
    const slow = Math.max(ms, editor) > 500 ? '  TOO SLOW' : ''
    if (slow !== '' || mb > 200) process.exitCode = 1
    const figures = `${ms.toFixed(0).padStart(6)} ms, in the editor ${editor.toFixed(0).padStart(6)} ms ${mb.toFixed(0).padStart(5)} MB`
    process.stdout.write(`${name.padEnd(40)} ${figures}  ${rule}${slow}${mb > 200 ? '  TOO LARGE' : ''}\n`)
  }
}

function timed<Result>(work: () => Result): [number, Result] {
  const before = process.cpuUsage()
  const result = work()
  const { user, system } = process.cpuUsage(before)
  return [(user + system) / 1000, result]
}

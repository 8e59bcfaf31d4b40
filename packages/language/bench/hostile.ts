/**
 * How long the hostile files of the tests take, and how much memory: each alone in a process of its own. The aim (S7) is 500 ms and
 * 200 MB: `node packages/language/bench/hostile.ts`. Processor time, since machines are shared.
 */
import { spawnSync } from 'node:child_process'
import { HOSTILE } from '../src/testing/hostile.ts'
import { planText } from '../src/testing/plan-text.ts'

const [only] = process.argv.slice(2)
if (only !== undefined && process.send === undefined && process.env.FLAMBE_ALONE === '1') {
  const text = HOSTILE[only] ?? ''
  const before = process.cpuUsage()
  const { problems } = planText(text)
  const { user, system } = process.cpuUsage(before)
  const megabytes = process.resourceUsage().maxRSS / 1024
  process.stdout.write(JSON.stringify([(user + system) / 1000, megabytes, problems[0]?.rule ?? 'no problem']))
} else {
  const rows = Object.keys(HOSTILE)
    .filter(name => only === undefined || name.includes(only))
    .map(name => {
      const child = spawnSync(process.execPath, [import.meta.filename, name], {
        env: { ...process.env, FLAMBE_ALONE: '1' },
        encoding: 'utf8',
        timeout: 60_000,
      })
      const [ms, mb, rule] = child.stdout === '' ? [60_000, 0, child.stderr.slice(-300)] : JSON.parse(child.stdout)
      return { name, ms: ms as number, mb: mb as number, rule: rule as string }
    })
    .sort((a, b) => b.ms - a.ms)
  for (const { name, ms, mb, rule } of rows) {
    process.stdout.write(
      `${name.padEnd(40)} ${ms.toFixed(0).padStart(6)} ms ${mb.toFixed(0).padStart(5)} MB  ${rule}${ms > 500 ? '  TOO SLOW' : ''}${mb > 200 ? '  TOO LARGE' : ''}\n`,
    )
  }
}

// A script for tests of the pages: reports what its arguments ask for. `--hold 1` goes on until it is told to stop.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const given = Object.fromEntries(
  process.argv.slice(2).flatMap((arg, i, all) => (i % 2 === 0 ? [[arg.slice(2), all[i + 1]]] : [])),
)
const say = line => appendFileSync(process.env.FLAMBE_REPORT, `${JSON.stringify(line)}\n`)
const from = process.env.FLAMBE_RESUME_FROM ? join(process.env.FLAMBE_RESUME_FROM, 'step.txt') : ''
let step = existsSync(from) ? Number(readFileSync(from, 'utf8')) : 0
let told = false
process.on('SIGTERM', () => {
  told = true
})

console.log(`begins after step ${step}`)
if (given.word) {
  console.log(given.word)
  console.log(`\u001b[31m${given.word}\u001b[0m`)
}
const last = given.hold ? 6000 : Number(given.steps ?? 3)
while (step < last && !told) {
  step += 1
  const folder = join(process.env.FLAMBE_TRIAL_DIR, `saved-${step}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'step.txt'), String(step))
  if (given.file) writeFileSync(join(folder, given.file), 'text')
  const log = given.tag ? { [given.tag]: step } : {}
  say({ step, log: { 'loop/step': step, ...log } })
  const size = given.size ? { size: Number(given.size) } : {}
  say({ step, metrics: { acc: Number(given.lr ?? 1) * step, ...size }, checkpoint: folder })
  if (given.fail) {
    console.error(`\u001b[31mthis trial fails as it was asked to\u001b[0m: ${given.fail}`)
    process.exit(3)
  }
  await new Promise(go => setTimeout(go, given.hold ? 60 : Number(given.wait ?? 5)))
}

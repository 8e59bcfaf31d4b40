/**
 * A trial program that goes on from its checkpoint, run by a Script block. Every step writes a checkpoint of two files: `shared`, the
 * same bytes in every trial, and `own`. Once it goes on it hurries, so that the attempt that was left behind is the slower one.
 * With --model FOLDER it reads what an earlier block saved, and ends.
 * Arguments: --ledger FOLDER --steps N --pace MS --shared BYTES --number N [--model FOLDER]
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const text = { type: 'string' }
const { values } = parseArgs({
  options: { ledger: text, steps: text, pace: text, shared: text, number: text, model: text },
})
const attempt = basename(dirname(process.env.FLAMBE_TRIAL_DIR))
const note = entry => appendFileSync(join(values.ledger, `${attempt}.jsonl`), `${JSON.stringify(entry)}\n`)
const report = line => appendFileSync(process.env.FLAMBE_REPORT, `${JSON.stringify(line)}\n`)

if (values.model !== undefined) {
  const shared = readFileSync(join(values.model, 'shared'))
  const own = JSON.parse(readFileSync(join(values.model, 'own'), 'utf8'))
  note({ t: 'read', bytes: shared.length, number: own.number })
  report({ step: 1, metrics: { value: own.number } })
  process.exit(0)
}
const before = join(process.env.FLAMBE_RESUME_FROM || '/nowhere', 'own')
const from = existsSync(before) ? JSON.parse(readFileSync(before, 'utf8')).step : 0
note({ t: 'start', from })
const shared = Buffer.alloc(Number(values.shared), 'the same everywhere ')
for (let step = from + 1; step <= Number(values.steps); step++) {
  // A folder of its own for each: the one before may still be read.
  const folder = `checkpoint-${step}`
  mkdirSync(folder)
  writeFileSync(join(folder, 'shared'), shared)
  writeFileSync(join(folder, 'own'), JSON.stringify({ step, number: Number(values.number) }))
  report({ step, metrics: { value: step }, checkpoint: folder })
  await new Promise(resolve => setTimeout(resolve, from > 0 ? 20 : Number(values.pace)))
}

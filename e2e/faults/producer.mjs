/**
 * The trial program of the fault harness, run by a Script block. Keeps a ledger of its own, fsynced, outside of the attempt
 * folder: `will` before and `did` after everything that it writes, so that afterwards the hub's data can be held against it.
 * Arguments: --ledger FOLDER --steps N --pace MS --line CHARACTERS --number N
 */
import { appendFileSync, closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const text = { type: 'string' }
const { values } = parseArgs({ options: { ledger: text, steps: text, pace: text, line: text, number: text } })
const attempt = basename(dirname(process.env.FLAMBE_TRIAL_DIR))
const ledger = openSync(join(values.ledger, `${attempt}.jsonl`), 'a')
const note = entry => {
  writeSync(ledger, `${JSON.stringify(entry)}\n`)
  fsyncSync(ledger)
}

note({ t: 'start', attempt, pid: process.pid, trial: process.ppid })
for (let step = 1; step <= Number(values.steps); step++) {
  const line = `${attempt} step ${step} ${'x'.repeat((step * 7919) % Number(values.line))} é\n`
  note({ t: 'will', what: 'out', line })
  await new Promise((resolve, reject) => process.stdout.write(line, error => (error ? reject(error) : resolve())))
  note({ t: 'did', what: 'out', line })
  const value = step + Number(values.number) / 1000
  note({ t: 'will', what: 'report', step, value })
  appendFileSync(process.env.FLAMBE_REPORT, `${JSON.stringify({ step, metrics: { value } })}\n`)
  note({ t: 'did', what: 'report', step, value })
  await new Promise(resolve => setTimeout(resolve, Number(values.pace)))
}
note({ t: 'end' })
closeSync(ledger)

/** `flambe plan`: checks a file and shows what would run. Runs nothing; without `--install` it asks nobody. */
import { type Json, type PlannedBlock, planAnswer, runsOf, type SearchSpace, variants } from '@flambe/language'
import Table from 'cli-table3'
import pc from 'picocolors'
import { hasErrors, type PlannedFile } from '../client/experiment-file.ts'
import { problemOf, Refused } from '../client/refused.ts'
import { planWithExtensions } from '../extensions/read.ts'
import { hasResults, resultsOf } from '../output/folder.ts'
import { warnOfResume } from '../output/resume.ts'
import { countProblems, showProblems } from '../terminal/problems.ts'
import { plainTable } from '../terminal/table.ts'
import { shortValue } from '../terminal/values.ts'

export interface PlanOptions {
  readonly json?: true
  readonly limit: number
  readonly seed?: number
  readonly install?: true
}

export async function plan(file: string, options: PlanOptions): Promise<number> {
  const planned = options.json ? await orRefusal(file, options) : await planHere(file, options)
  if (options.json) process.stdout.write(`${JSON.stringify(planAnswer(planned, { limit: options.limit }))}\n`)
  else show(planned, Math.min(options.limit, 8))
  return hasErrors(planned.problems) ? 2 : 0
}

async function planHere(file: string, options: PlanOptions): Promise<PlannedFile> {
  const planned = await planWithExtensions(file, options)
  return warnOfResume(planned, hasResults(resultsOf(planned)))
}

/** The one object is printed whatever is wrong, a file that cannot be read included. */
async function orRefusal(file: string, options: PlanOptions): Promise<PlannedFile> {
  try {
    return await planHere(file, options)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    return { file, text: '', plan: null, problems: [problemOf(error, file)], drawn: false, extensions: null }
  }
}

function show({ plan, problems, text, file }: PlannedFile, limit: number): void {
  if (problems.length > 0)
    process.stderr.write(`${showProblems(problems, text)}\n\n${file}: ${countProblems(problems)}\n`)
  if (plan === null || hasErrors(problems)) return
  const total = plan.blocks.reduce((n, b) => n + b.count, 0)
  const say = (line = '') => process.stdout.write(`${line}\n`)
  const runs = runsOf(plan)
  say(`${pc.bold(plan.name)}  ${many(plan.blocks.length, 'block')}, ${many(total, 'variant')}, seed ${plan.seed}`)
  say()
  const table = new Table(plainTable(['block', 'component', 'after', 'variants', 'trials', 'reduce']))
  for (const b of plan.blocks)
    table.push([
      b.id,
      b.tag,
      b.depends_on.join(', ') || '–',
      b.count.toLocaleString('en'),
      (runs.get(b.id) ?? b.count).toLocaleString('en'),
      b.reduce === null ? '' : `to ${b.reduce.k} (${b.reduce.mode})`,
    ])
  say(table.toString())
  for (const b of plan.blocks.filter(b => b.count > 1 || b.search !== null)) {
    say()
    say(pc.bold(b.id))
    if (b.search !== null || b.scheduler !== null) showTuning(b, say)
    if (b.search !== null) continue
    let shown = 0
    for (const v of variants(plan, b.id)) {
      if (shown++ === limit) break
      const params = Object.entries(v.params).map(([k, value]) => `${k}=${shortValue(value)}`)
      say(`  ${pc.dim(v.id.slice(0, 8))}  ${params.join('  ')}`)
    }
    if (b.count > limit) say(pc.dim(`  … and ${(b.count - limit).toLocaleString('en')} more`))
  }
}

/** What proposes the trials and out of which space, and what may stop them. */
function showTuning({ search, scheduler }: PlannedBlock, say: (line: string) => void): void {
  if (search !== null) {
    const many =
      search.n_trials === null ? 'as many trials as it takes' : `${search.n_trials.toLocaleString('en')} trials`
    say(`  search     ${search.tag}, ${many}${settings(search.params)}`)
    const names = optionNames(search.space)
    const wide = Math.min(48, Math.max(0, ...names.map(name => name.length)))
    showSpace(search.space, '    ', wide, say)
  }
  if (scheduler !== null) say(`  scheduler  ${scheduler.tag}${settings(scheduler.params)}`)
}

const optionNames = (space: SearchSpace): string[] =>
  Object.entries(space).flatMap(([name, of]) => [
    name,
    ...(of.kind === 'choice' ? of.options.flatMap(({ children }) => optionNames(children ?? {})) : []),
  ])

/** Options of an alternative stand below it: they exist only when it is chosen. */
function showSpace(space: SearchSpace, indent: string, wide: number, say: (line: string) => void): void {
  for (const [name, distribution] of Object.entries(space)) {
    const { kind, ...rest } = distribution
    const label = `${indent}${name.padEnd(wide)}  ${kind}`
    if (distribution.kind !== 'choice') {
      const { low, high, ...more } = rest as { readonly [part: string]: Json }
      const bounds = low === undefined || high === undefined ? [] : [`${shortValue(low)} to ${shortValue(high)}`]
      const parts = Object.entries(more).map(([part, value]) => `${part}=${shortValue(value)}`)
      say([label, ...bounds, ...parts].join(' '))
      continue
    }
    const values = distribution.options.map(({ value }) => shortValue(value))
    const shown = values.slice(0, CHOICES).join(', ')
    say(`${label} ${shown}${values.length > CHOICES ? `, … (${values.length})` : ''}`)
    for (const { value, children } of distribution.options) {
      if (children === undefined || Object.keys(children).length === 0) continue
      say(`${indent}  with ${shortValue(value)}`)
      showSpace(children, `${indent}    `, wide - 4, say)
    }
  }
}

/** Values shown of a choice. */
const CHOICES = 6
const many = (n: number, what: string): string => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`

const settings = (params: { readonly [name: string]: Json }): string =>
  Object.entries(params)
    .filter(([name]) => name !== 'n_trials')
    .map(([name, value]) => `  ${name}=${shortValue(value)}`)
    .join('')

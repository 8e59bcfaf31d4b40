/** The table that a run ends with: per block with a metric, its best trials with the options in which they differ. */
import { stripVTControlCharacters } from 'node:util'
import type { BlockView, ExperimentDetail, TrialView } from '@flambe/hub'
import Table from 'cli-table3'
import pc from 'picocolors'
import { plainTable } from './table.ts'
import { duration, shortMetric, shortValue } from './values.ts'

const SHOWN = 5
/** Between two columns of a table. */
const GAP = 2

/** @param columns width of the terminal; options that do not fit are named below the table */
export function bestTables(experiment: ExperimentDetail, trials: readonly TrialView[], columns: number): string {
  const tables = experiment.block_list.flatMap(block => {
    const all = trials.filter(t => t.block === block.id && t.metric !== null)
    return all.length === 0 ? [] : [tableOf(block, all, columns)]
  })
  return tables.join('\n\n')
}

function tableOf(block: BlockView, all: readonly TrialView[], columns: number): string {
  const best = [...all].sort((a, b) => rank(a, block) - rank(b, block) || a.number - b.number).slice(0, SHOWN)
  const keys = [...new Set(all.flatMap(t => Object.keys(t.params)))].filter(
    key => new Set(all.map(t => JSON.stringify(t.params[key]))).size > 1,
  )
  const names = shortNames(keys)
  const option = (key: string): string[] => [
    names.get(key) ?? key,
    ...best.map(t => (key in t.params ? shortValue(t.params[key] ?? null) : '')),
  ]
  const marks = best.map(t => (t.kept === true && block.reduce !== null ? pc.green('kept') : ''))
  const fixed = [
    ...(marks.some(mark => mark !== '') ? [['', ...marks]] : []),
    ['trial', ...best.map(t => String(t.number))],
    ['metric', ...best.map(t => pc.bold(shortMetric(t.metric)))],
    ['step', ...best.map(t => String(t.step))],
    ['time', ...best.map(t => (t.started !== null && t.ended !== null ? duration(t.ended - t.started) : ''))],
  ]
  const options = keys.map(option)
  const shown: string[][] = []
  for (const column of options) if (widthOf([...fixed, ...shown, column]) <= columns) shown.push(column)
  const left = options.filter(column => !shown.includes(column)).map(([name]) => name)

  const [head = [], ...rows] = transpose([...fixed, ...shown])
  const table = new Table(plainTable(head))
  for (const row of rows) table.push(row)
  const title =
    all.length > SHOWN ? `best ${SHOWN} of ${all.length}` : `${all.length} trial${all.length === 1 ? '' : 's'}`
  const more = left.length === 0 ? '' : `\n${pc.dim(`and ${left.join(', ')}: see params.json`)}`
  return `${pc.bold(block.id)}  ${pc.dim(title)}\n${table.toString()}${more}`
}

/** Smaller is better. NaN ranks behind every number. */
function rank({ metric }: TrialView, { mode }: BlockView): number {
  const sign = mode === 'min' ? 1 : -1
  if (typeof metric === 'number') return sign * metric
  return metric === '.nan' ? Number.POSITIVE_INFINITY : (metric === '.inf' ? sign : -sign) * Number.MAX_VALUE
}

/** `train.optimizer.lr` is `lr` where no other option ends so. */
export function shortNames(keys: readonly string[]): ReadonlyMap<string, string> {
  const ending = (key: string, parts: number) => key.split('.').slice(-parts).join('.')
  return new Map(
    keys.map(key => {
      let parts = 1
      while (ending(key, parts) !== key && keys.some(k => k !== key && ending(k, parts) === ending(key, parts))) parts++
      return [key, ending(key, parts)]
    }),
  )
}

const widthOf = (table: readonly (readonly string[])[]): number =>
  table.reduce((sum, cells) => sum + Math.max(...cells.map(c => stripVTControlCharacters(c).length)) + GAP, -GAP)

const transpose = (columns: readonly (readonly string[])[]): string[][] =>
  (columns[0] ?? []).map((_, row) => columns.map(column => column[row] ?? ''))

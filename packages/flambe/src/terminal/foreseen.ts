/** A simulated experiment for a person, at 80 columns: rungs, cost, why trials ended; a line for each block that has no search. */
import type { TuningView } from '@flambe/hub/plan'
import type { Plan } from '@flambe/language'
import type { Simulation } from '@flambe/search'
import Table from 'cli-table3'
import pc from 'picocolors'
import type { ForeseenBlock } from '../simulate/foresee.ts'
import { plainTable } from './table.ts'
import { shortNumber } from './values.ts'

/** Rungs and reasons shown of a block. */
const SHOWN = 8

export function showForeseen(plan: Plan, blocks: readonly ForeseenBlock[], slots: number): string {
  const head = `${pc.bold(plan.name)}  ${many(blocks.length, 'block')}, seed ${plan.seed}, ${many(slots, 'slot')}`
  return [
    head,
    ...blocks.flatMap(block => ['', ...(block.tuning === null ? untuned(block) : tuned(block, slots))]),
  ].join('\n')
}

const untuned = ({ id, tag, count }: ForeseenBlock): string[] => [
  `${pc.bold(id)}  !${tag}, ${many(count, 'trial')}, each to its end`,
]

function tuned(block: ForeseenBlock, slots: number): string[] {
  const { id, tag, mode, tuning, simulation, curves, note, objectives } = block
  if (tuning === null) return []
  const by = [tuning.search, tuning.scheduler].filter(name => name !== null).map(name => `!${name}`)
  const trials = tuning.trials === null ? 'trials without end' : many(tuning.trials, 'trial')
  const full = tuning.full === null ? '' : ` of ${many(tuning.full, 'step')}`
  const lines = [`${pc.bold(id)}  !${tag}, ${trials}${full} under ${by.join(' and ')}`]
  const aims =
    objectives.length > 1
      ? objectives.map(own => `${own.name ?? 'metric'} ${better(own.mode)}`).join(', ')
      : `${better(mode)} is better`
  if (curves !== null) lines.push(pc.dim(`  ${curves} curves, ${aims}`))
  if (note !== null) lines.push(`  ${pc.yellow('note')} ${note}`)
  if (simulation === null)
    return tuning.rungs === null ? lines : [...lines, '', ...indented(plannedTable(tuning.rungs))]
  lines.push('', ...indented(rungTable(simulation)), '', ...cost(simulation, slots))
  if (simulation.front !== null) lines.push('', ...indented(frontTable(simulation.front, objectives)))
  const reasons = reasonTable(simulation)
  if (reasons !== null) lines.push('', ...indented(reasons))
  return lines
}

function plannedTable(rungs: NonNullable<TuningView['rungs']>): string {
  const table = new Table({ ...plainTable(['step', 'planned']), colAligns: ['right', 'right'] })
  for (const { step, trials } of rungs.slice(0, SHOWN)) table.push([num(step), num(trials)])
  return table.toString()
}

const better = (mode: 'min' | 'max'): string => (mode === 'min' ? 'lower' : 'higher')

/** Of several objectives: whom nobody is better than in all of them. */
function frontTable(
  { points, points_without, covered }: NonNullable<Simulation['front']>,
  objectives: ForeseenBlock['objectives'],
): string {
  const names = objectives.map(({ name }, at) => name ?? (at === 0 ? 'metric' : `objective ${at + 1}`))
  const head = ['trial', 'step', ...names]
  const table = new Table({ ...plainTable(head), colAligns: head.map(() => 'right' as const) })
  const first = (p: (typeof points)[number]) => Number(p.values[0])
  for (const point of shown([...points].sort((a, b) => first(a) - first(b)))) {
    if (point === null) table.push(head.map(() => '…'))
    else table.push([num(point.trial), num(point.step), ...point.values.map(value => shortNumber(Number(value)))])
  }
  const same = points.length === points_without.length && covered === 1
  const without = same ? '' : `, ${num(points_without.length)} without stopping`
  const share = same || covered === null ? '' : `; ${Math.round(covered * 100)} % of its volume`
  return `Pareto front: ${many(points.length, 'trial')}${without}${share}\n${table}`
}

function rungTable({ rungs }: Simulation): string {
  const planned = rungs.some(rung => rung.planned !== null)
  const head = ['step', ...(planned ? ['planned'] : []), 'got there', 'ended here']
  const table = new Table({ ...plainTable(head), colAligns: head.map(() => 'right' as const) })
  for (const rung of shown(rungs)) {
    if (rung === null) table.push(head.map(() => '…'))
    else {
      const plan = planned ? [rung.planned === null ? '–' : num(rung.planned)] : []
      table.push([num(rung.step), ...plan, num(rung.trials), num(rung.ended)])
    }
  }
  return table.toString()
}

/** The first ones and the last; null for those between. */
function shown<T>(items: readonly T[]): (T | null)[] {
  return items.length <= SHOWN ? [...items] : [...items.slice(0, SHOWN - 1), null, items.at(-1) as T]
}

function cost(
  { steps, steps_without, saved, seconds, seconds_without, best, best_without, front }: Simulation,
  slots: number,
) {
  const less = saved > 0 ? pc.green(`${Math.round(saved * 100)} % saved`) : 'nothing saved'
  const lines = [
    `  ${num(steps)} of ${num(steps_without)} steps, ${less}; at 1 s a step on ${many(slots, 'slot')}`,
    `  ${num(Math.round(seconds))} s instead of ${num(Math.round(seconds_without))} s`,
  ]
  if (front !== null) return lines
  if (best === null) return [...lines, '  no trial reported a value']
  const where = (b: NonNullable<Simulation['best']>) =>
    `${shortNumber(b.value)} (trial ${b.trial}, step ${num(b.step)})`
  const same = best_without === null || best_without.value === best.value
  lines.push(`  best ${where(best)}${same ? '' : `; without stopping ${where(best_without)}`}`)
  return lines
}

/** What the scheduler said when it ended trials, alike ones counted; null when it never spoke. */
function reasonTable({ trials }: Simulation): string | null {
  const groups = Map.groupBy(
    trials.flatMap(({ reason, number }) => (reason === null ? [] : [{ reason, number }])),
    ({ reason }) => reason.split(':')[0] as string,
  )
  if (groups.size === 0) return null
  const table = new Table({
    ...plainTable(['trials', 'why they ended, the first of them']),
    colAligns: ['right', 'left'],
    colWidths: [8, 66],
    wordWrap: true,
  })
  const sorted = [...groups.values()].sort((a, b) => b.length - a.length)
  for (const group of sorted.slice(0, SHOWN)) {
    const [first] = group
    table.push([num(group.length), `${first?.reason} (trial ${first?.number})`])
  }
  const rest = sorted.slice(SHOWN).reduce((sum, group) => sum + group.length, 0)
  if (rest > 0) table.push([num(rest), '…'])
  return table.toString()
}

const indented = (text: string): string[] => text.split('\n').map(line => `  ${line}`.trimEnd())
const num = (n: number): string => n.toLocaleString('en')
const many = (n: number, what: string): string => `${num(n)} ${what}${n === 1 ? '' : 's'}`

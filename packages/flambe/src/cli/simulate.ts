/** `flambe simulate`: what a search and its scheduler will cost, before anything runs. Touches nothing and asks nobody. */
import { planAnswer } from '@flambe/language'
import { hasErrors, type PlannedFile } from '../client/experiment-file.ts'
import { problemOf, Refused } from '../client/refused.ts'
import { planWithExtensions } from '../extensions/read.ts'
import { readCurves } from '../simulate/curves.ts'
import { type ForeseenBlock, foresee } from '../simulate/foresee.ts'
import { showForeseen } from '../terminal/foreseen.ts'
import { countProblems, showProblems } from '../terminal/problems.ts'

export interface SimulateFlags {
  readonly json?: true
  readonly slots: number
  readonly curves?: string
  readonly metric?: string
  readonly trials?: number
  readonly seed?: number
}

export async function simulate(file: string, flags: SimulateFlags): Promise<number> {
  if (!flags.json) return show(file, flags)
  const say = (value: object) => process.stdout.write(`${JSON.stringify(value)}\n`)
  try {
    const planned = await planWithExtensions(file, { seed: flags.seed })
    const { plan } = planned
    const { problems } = planAnswer(planned, { limit: 0 })
    if (plan === null || hasErrors(planned.problems)) {
      say({ ok: false, problems })
      return 2
    }
    const blocks = lookAhead(planned, flags)
    say({ ok: true, name: plan.name, seed: plan.seed, problems, slots: flags.slots, blocks })
    return 0
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    say(planAnswer({ plan: null, problems: [problemOf(error, file)] }))
    return 2
  }
}

async function show(file: string, flags: SimulateFlags): Promise<number> {
  const planned = await planWithExtensions(file, { seed: flags.seed })
  const { plan, problems, text } = planned
  if (problems.length > 0)
    process.stderr.write(`${showProblems(problems, text)}\n\n${file}: ${countProblems(problems)}\n`)
  if (plan === null || hasErrors(problems)) return 2
  process.stdout.write(`${showForeseen(plan, lookAhead(planned, flags), flags.slots)}\n`)
  return 0
}

function lookAhead({ plan }: PlannedFile, { slots, curves, metric, trials }: SimulateFlags): ForeseenBlock[] {
  if (plan === null) throw new Error('only a plan without errors can be simulated')
  if (metric !== undefined && curves === undefined) throw new Refused('--metric names a scalar of --curves')
  const read = curves === undefined ? null : readCurves(curves, metric ?? null)
  if (read !== null && !plan.blocks.some(({ id }) => read.has(id)))
    throw new Refused(`${curves}: no curves of ${plan.blocks.map(({ id }) => id).join(', ')}`, 2, 'file-unreadable')
  return foresee(plan, { slots, curves: read, ...(trials === undefined ? {} : { trials }) })
}

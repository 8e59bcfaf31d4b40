/** Rows as older hubs wrote them, with what has come since. Called by the store for each row that it reads at a start. */
import type { Plan } from '@flambe/language'
import type { Row } from './rows.ts'

const TRIAL = { held: null, verdict: null, drawn: null, schedule: [], reused_from: null } as const

export function upgraded(row: Row): Row {
  switch (row.kind) {
    case 'experiment':
      return { ...row, plan: upgradedPlan(row.plan), earlier: row.earlier ?? { finished: [], searched: {} } }
    case 'block':
      return { ...row, search: row.search ?? null }
    case 'trial':
      return { ...TRIAL, ...row }
    case 'agent':
      return { ...row, refuses: row.refuses ?? null }
    default:
      return row
  }
}

function upgradedPlan(plan: Plan): Plan {
  return {
    ...plan,
    blocks: plan.blocks.map(block => ({ ...block, search: block.search ?? null, scheduler: block.scheduler ?? null })),
    extensions: plan.extensions ?? [],
    settings: {
      ...plan.settings,
      budget: plan.settings.budget ?? { trials: null, hours: null },
      resume: plan.settings.resume ?? null,
      reuse: plan.settings.reuse ?? false,
    },
  }
}

/** `trials.*` and what belongs to one trial: series, output, artifacts. */
import { z } from 'zod'
import { Refused } from '../refused.ts'
import { trialDetail, trialView } from '../views/trials.ts'
import type { HubServices } from './context.ts'
import { defined } from './experiments.ts'
import { commandId, experimentId, rowId, trialState } from './inputs.ts'
import { procedure, router } from './trpc.ts'
import type { FileView, OutputView, SeriesView, TrialDetail, TrialView } from './views.ts'

const sortBy = z
  .string()
  .regex(
    /^(number|block|state|step|metric|best|best_step|epoch|failures|created|started|ended|duration|params\..{1,500})$/,
  )

export const trials = router({
  list: procedure('view')
    .input(
      z.object({
        experiment: experimentId,
        block: z.string().max(64).optional(),
        state: z.union([trialState, z.array(trialState).max(12)]).optional(),
        sort: z
          .array(z.object({ by: sortBy, desc: z.boolean() }))
          .max(5)
          .optional(),
        search: z.string().max(500).optional(),
        offset: z.number().int().min(0),
        limit: z.number().int().min(1).max(1_000),
      }),
    )
    .query(async ({ ctx, input }): Promise<{ items: readonly TrialView[]; total: number }> => {
      const { state, ...rest } = input
      const states = state === undefined ? undefined : typeof state === 'string' ? [state] : state
      const page = await ctx.hub.store.trials(defined({ ...rest, states }) as never)
      return { items: page.items.map(row => trialView(ctx.hub.rows, row)), total: page.total }
    }),

  get: procedure('view')
    .input(z.object({ id: rowId }))
    .query(async ({ ctx, input }): Promise<TrialDetail> => {
      const row = trial(ctx.hub, input.id)
      const attempts = ctx.hub.rows.attemptsOf(row.id).map(a => a.id)
      const { store } = ctx.hub
      return trialDetail(ctx.hub.rows, row, await store.offsets(attempts), await store.dropped(attempts))
    }),

  command: procedure('operate')
    .input(z.object({ id: rowId, command: z.enum(['pause', 'resume', 'cancel', 'retry']), command_id: commandId }))
    .mutation(async ({ ctx, input }) => {
      trial(ctx.hub, input.id)
      const event = { type: 'trial-commanded', trial: input.id, command: input.command } as const
      await ctx.hub.driver.record(event, { id: input.command_id, result: {} })
      return {}
    }),
})

export const series = router({
  tags: procedure('view')
    .input(
      z.union([
        z.object({ experiment: experimentId, block: z.string().max(64).optional() }),
        z.object({ trial: rowId }),
      ]),
    )
    .query(async ({ ctx, input }) => ({ tags: await ctx.hub.store.tags(defined(input) as never) })),

  read: procedure('view')
    .input(
      z.object({
        trials: z.array(rowId).max(100),
        tags: z.array(z.string().max(500)).max(50),
        points: z.number().int().min(1).max(2_000),
        from_step: z.number().optional(),
        to_step: z.number().optional(),
      }),
    )
    .query(async ({ ctx, input }): Promise<{ series: readonly SeriesView[] }> => {
      return { series: await ctx.hub.store.series(defined(input)) }
    }),
})

export const output = router({
  read: procedure('view')
    .input(
      z.object({
        attempt: rowId,
        stream: z.enum(['stdout', 'stderr']),
        from: z.number().int().min(0).optional(),
        line: z.number().int().min(0).optional(),
        bytes: z.number().int().min(1).max(262_144),
        tail: z.boolean().optional(),
      }),
    )
    .query(({ ctx, input }): Promise<OutputView> => {
      if (!ctx.hub.rows.attempts.has(input.attempt)) throw new Refused('UNKNOWN', `no attempt ${input.attempt}`)
      return ctx.hub.store.output(defined(input))
    }),
})

export const artifacts = router({
  list: procedure('view')
    .input(z.object({ trial: rowId }))
    .query(({ ctx, input }): { checkpoint: { number: number; step: number } | null; files: readonly FileView[] } => {
      const { checkpoint } = trial(ctx.hub, input.trial)
      if (checkpoint === null) return { checkpoint: null, files: [] }
      const files = checkpoint.manifest.files.map(f => ({ path: f.path, bytes: f.size, sha256: f.sha256 }))
      return { checkpoint: { number: checkpoint.number, step: checkpoint.step }, files }
    }),
})

function trial(hub: HubServices, id: string) {
  const row = hub.rows.trials.get(id)
  if (row === undefined) throw new Refused('UNKNOWN', `no trial ${id}`)
  return row
}

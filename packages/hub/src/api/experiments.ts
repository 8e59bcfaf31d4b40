/** `experiments.*`: plan, submit, look at, command and archive experiments. */
import { z } from 'zod'
import type { InstallView } from '../extensions/installing.ts'
import { Refused } from '../refused.ts'
import { experimentDetail } from '../views/experiments.ts'
import { feedText } from '../views/feed.ts'
import type { HubServices } from './context.ts'
import { commandId, experimentId, experimentState, extensions, resources, versions, yaml } from './inputs.ts'
import { planned, resolvedText } from './planning.ts'
import { submit } from './submit.ts'
import { procedure, router } from './trpc.ts'
import type { ExperimentDetail, ExperimentSummary, FeedView, PlanView, SubmitAnswer } from './views.ts'

export const experiments = router({
  list: procedure('view')
    .input(
      z.object({
        search: z.string().max(500).optional(),
        state: experimentState.optional(),
        archived: z.boolean().optional(),
        limit: z.number().int().min(1).max(200),
        cursor: z.string().max(500).optional(),
      }),
    )
    .query(
      async ({ ctx, input }): Promise<{ items: readonly ExperimentSummary[]; next: string | null; total: number }> => {
        const page = await ctx.hub.store.experiments(defined(input))
        return { ...page, items: page.items.map(item => ctx.hub.summary(item.id)) }
      },
    ),

  get: procedure('view')
    .input(z.object({ id: experimentId }))
    .query(({ ctx, input }): ExperimentDetail => {
      const row = experiment(ctx.hub, input.id)
      return experimentDetail(ctx.hub.rows, row, ctx.hub.archived.has(row.id))
    }),

  config: procedure('view')
    .input(z.object({ id: experimentId }))
    .query(({ ctx, input }) => {
      const row = experiment(ctx.hub, input.id)
      return { text: row.plan.text, resolved: resolvedText(row) }
    }),

  plan: procedure('view')
    .input(
      z.object({
        text: yaml,
        file: z.string().max(1_000).optional(),
        limit: z.number().int().min(0).max(1_000),
        resources: resources.optional(),
      }),
    )
    .query(({ ctx, input }): PlanView => planned(ctx.hub, { ...input, file: input.file ?? 'experiment.yaml' })),

  submit: procedure('operate')
    .input(
      z.object({
        text: yaml,
        file: z.string().max(1_000).optional(),
        resources,
        extensions: extensions.optional(),
        versions: versions.optional(),
        paused: z.boolean().optional(),
        /** Whose experiment it is, as the command of the hub's own machine says it; else it is who the token is of. */
        user: z.string().min(1).max(200).optional(),
        seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional(),
        force: z.boolean().optional(),
        command: commandId,
      }),
    )
    .mutation(({ ctx, input }): Promise<SubmitAnswer> => {
      const { via, name } = ctx.identity
      return submit(ctx.hub, via === 'local' ? (input.user ?? name) : name, input)
    }),

  command: procedure('operate')
    .input(z.object({ id: experimentId, command: z.enum(['pause', 'resume', 'cancel']), command_id: commandId }))
    .mutation(async ({ ctx, input }) => {
      experiment(ctx.hub, input.id)
      const event = { type: 'experiment-commanded', experiment: input.id, command: input.command } as const
      await ctx.hub.driver.record(event, { id: input.command_id, result: {} })
      return {}
    }),

  /** Has its extensions installed by every agent that is there. Asked again until all have: an agent answers at once how far it is. */
  install: procedure('operate')
    .input(z.object({ id: experimentId }))
    .mutation(
      async ({ ctx, input }): Promise<{ agents: readonly InstallView[] }> => ({
        agents: await ctx.hub.installing.install(experiment(ctx.hub, input.id)),
      }),
    ),

  archive: procedure('operate')
    .input(z.object({ id: experimentId, archived: z.boolean() }))
    .mutation(async ({ ctx, input }) => {
      const row = experiment(ctx.hub, input.id)
      if (!input.archived && ctx.hub.archived.has(row.id)) {
        const taken = (await ctx.hub.store.experimentsNamed(row.name))[0]
        if (taken !== undefined) throw new Refused('CONFLICT', `${row.name} is the name of experiment ${taken.id} now`)
      }
      await ctx.hub.archive(row.id, input.archived)
      return {}
    }),

  events: procedure('view')
    .input(
      z.object({
        id: experimentId,
        limit: z.number().int().min(1).max(500),
        before: z.number().int().positive().optional(),
      }),
    )
    .query(async ({ ctx, input }): Promise<{ items: readonly FeedView[] }> => {
      experiment(ctx.hub, input.id)
      const { id, ...rest } = input
      const items = await ctx.hub.store.events(defined({ experiment: id, ...rest }))
      return {
        items: items.map(item => ({ seq: item.seq, time: item.time, text: feedText(ctx.hub.rows, item, input.id) })),
      }
    }),
})

function experiment(hub: HubServices, id: string) {
  const row = hub.rows.experiments.get(id)
  if (row === undefined) throw new Refused('UNKNOWN', `no experiment ${id}`)
  return row
}

/** zod's optional keys hold undefined; the store's do not. */
export function defined<T extends object>(input: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(input).filter(([, v]) => v !== undefined)) as never
}

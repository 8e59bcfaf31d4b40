/** `agents.*`: who is there, switch on and off, let a machine join. */
import { z } from 'zod'
import { agentCommand } from '../agents/package.ts'
import { Refused } from '../refused.ts'
import { commandId, rowId } from './inputs.ts'
import { procedure, router } from './trpc.ts'
import type { AgentView } from './views.ts'

export const agents = router({
  list: procedure('view').query(({ ctx }): { items: readonly AgentView[] } => ({
    items: [...ctx.hub.rows.agents.keys()].map(id => ctx.hub.agentView(id)),
  })),

  command: procedure('operate')
    .input(
      z.object({
        id: rowId,
        command: z.enum(['enable', 'disable']),
        note: z.string().max(500).optional(),
        command_id: commandId,
      }),
    )
    .mutation(async ({ ctx, input }) => {
      if (!ctx.hub.rows.agents.has(input.id)) throw new Refused('UNKNOWN', `no agent ${input.id}`)
      const event = {
        type: 'agent-commanded',
        agent: input.id,
        command: input.command,
        note: input.note ?? null,
      } as const
      await ctx.hub.driver.record(event, { id: input.command_id, result: {} })
      return {}
    }),

  /** Takes the agent's token back and ends its connections: it gives up its trials, and comes back only with a join token. */
  revoke: procedure('operate')
    .input(z.object({ id: rowId }))
    .mutation(async ({ ctx, input }) => {
      if (!ctx.hub.rows.agents.has(input.id)) throw new Refused('UNKNOWN', `no agent ${input.id}`)
      await ctx.hub.revokeAgent(input.id)
      return {}
    }),

  joinToken: procedure('operate').mutation(
    async ({ ctx }): Promise<{ token: string; command: string; expires: number }> => {
      const { token, expires } = await ctx.hub.auth.joinToken(ctx.identity)
      return { token, expires, command: agentCommand(ctx.hub.agentPackage, ctx.origin) }
    },
  ),
})

/** `hub.*` and `templates.*`: the hub itself, what its files may name, and the examples that it ships. */
import type { Catalogue } from '@flambe/language'
import { catalogue } from '../plan/index.ts'
import { procedure, router } from './trpc.ts'
import type { HubView } from './views.ts'

export const hub = router({
  status: procedure('view').query(({ ctx }): HubView => {
    const { hub, identity } = ctx
    const agents = [...hub.rows.agents.values()]
    const there = agents.filter(a => a.state === 'connected')
    const used = there.flatMap(a => hub.rows.held(a.id)).reduce((sum, attempt) => sum + attempt.slot.cpu, 0)
    return {
      name: hub.name,
      version: hub.version,
      started: hub.started,
      user: { name: identity.name, role: identity.role },
      agents: {
        connected: there.length,
        total: agents.length,
        cpu: there.reduce((sum, a) => sum + a.cpu, 0),
        cpu_used: used,
      },
      agent_package:
        hub.agentPackage === null
          ? null
          : { url: `${ctx.origin}/${hub.agentPackage.name}`, build: hub.agentPackage.build },
    }
  }),

  /** What the editor completes and explains; the same as long as the hub runs. Extensions are not in it. */
  catalogue: procedure('view').query((): Catalogue => catalogue),

  signOut: procedure('view').mutation(async ({ ctx }) => {
    ctx.setCookie(await ctx.hub.auth.signOut(ctx.identity))
    await ctx.hub.recheckPages()
    return {}
  }),

  /** A new one-time link for whoever holds a token of this hub, as the local command does. */
  signInLink: procedure('operate').mutation(
    async ({ ctx }): Promise<{ link: string }> => ({
      link: `${ctx.origin}/sign-in#${await ctx.hub.auth.signInCode()}`,
    }),
  ),
})

export const templates = router({
  list: procedure('view').query(({ ctx }) => ({ items: ctx.hub.templates })),
})

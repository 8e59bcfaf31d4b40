/** All routers, one a noun. `createHub` calls `assertPermissions` on it before it listens. */
import { agents } from './agents.ts'
import { experiments } from './experiments.ts'
import { extensions } from './extensions.ts'
import { hub, templates } from './hub.ts'
import { search } from './search.ts'
import { artifacts, output, series, trials } from './trials.ts'
import { router } from './trpc.ts'

export const appRouter = router({
  agents,
  artifacts,
  experiments,
  extensions,
  hub,
  output,
  search,
  series,
  templates,
  trials,
})

export type AppRouter = typeof appRouter

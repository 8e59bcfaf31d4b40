/**
 * `search.course`: what a block's search has seen (course.ts). `search.find`: what a few typed words may mean, over everything that has a name: experiments (name, id, tags), blocks,
 * trials (`train 3`, `e1abc.train.3`), agents. Newest first, at most `limit` of each kind; reads committed rows only.
 */
import type { ExperimentRow } from '@flambe/engine'
import { z } from 'zod'
import type { HubServices } from './context.ts'
import { courseOf } from './course.ts'
import { experimentId } from './inputs.ts'
import { procedure, router } from './trpc.ts'
import type { FoundView } from './views.ts'
import type { CourseView } from './views-course.ts'

export const search = router({
  course: procedure('view')
    .input(z.object({ experiment: experimentId, block: z.string().max(64) }))
    .query(({ ctx, input }): Promise<CourseView> => courseOf(ctx.hub, input.experiment, input.block)),

  find: procedure('view')
    .input(z.object({ text: z.string().max(200), limit: z.number().int().min(1).max(50) }))
    .query(({ ctx, input }): { items: readonly FoundView[] } => {
      const words = input.text
        .toLowerCase()
        .split(/[\s.#/]+/)
        .filter(Boolean)
        .slice(0, 10)
      if (words.length === 0) return { items: [] }
      return { items: find(ctx.hub, words, input.limit) }
    }),
})

function find(hub: HubServices, words: readonly string[], limit: number): FoundView[] {
  const experiments: FoundView[] = []
  const blocks: FoundView[] = []
  const trials: FoundView[] = []
  const number = /^\d{1,9}$/.test(words.at(-1) ?? '') ? Number(words.at(-1)) : null
  for (const row of [...hub.rows.experiments.values()].sort((a, b) => b.created - a.created)) {
    const text = `${row.name} ${row.plan.settings.tags.join(' ')}`.toLowerCase()
    const fits = (word: string) => text.includes(word) || row.id.startsWith(word)
    if (experiments.length < limit && words.every(fits)) experiments.push(experimentFound(row))
    if (blocks.length >= limit && trials.length >= limit) continue
    for (const block of hub.rows.blocksOf(row.id)) {
      const name = block.id.toLowerCase()
      const meant = (some: readonly string[]) =>
        some.some(word => name.includes(word)) && some.every(word => name.includes(word) || fits(word))
      if (blocks.length < limit && meant(words)) {
        blocks.push({
          kind: 'block',
          id: block.id,
          experiment: row.id,
          name: block.id,
          of: row.name,
          state: block.state,
        })
      }
      if (number === null || trials.length >= limit || !meant(words.slice(0, -1))) continue
      const trial = hub.rows.trials.get(`${row.id}.${block.id}.${number}`)
      if (trial === undefined) continue
      const label = `${block.id} #${number}`
      trials.push({ kind: 'trial', id: trial.id, experiment: row.id, name: label, of: row.name, state: trial.state })
    }
  }
  return [...trials, ...experiments, ...blocks, ...agentsFound(hub, words).slice(0, limit)]
}

function experimentFound(row: ExperimentRow): FoundView {
  const { id, name, state } = row
  return { kind: 'experiment', id, experiment: id, name, of: row.plan.settings.tags.join(', '), state }
}

function agentsFound(hub: HubServices, words: readonly string[]): FoundView[] {
  return [...hub.rows.agents.values()]
    .filter(({ id, name }) => id === words.join('') || words.every(word => name.toLowerCase().includes(word)))
    .map(({ id, name, state }) => ({ kind: 'agent', id, experiment: null, name, of: '', state }))
}

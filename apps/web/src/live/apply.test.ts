import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, expect, it } from 'vitest'
import { makeApplier } from './apply.ts'
import { trial } from './testing.ts'

const key = ['trials.list', { experiment: 'e1', offset: 0, limit: 200 }] as const
const clients: QueryClient[] = []
afterEach(() => {
  for (const client of clients.splice(0)) client.clear()
})

function setup() {
  const queries = new QueryClient()
  clients.push(queries)
  const applier = makeApplier(queries)
  const answers: ((rows: readonly ReturnType<typeof trial>[]) => void)[] = []
  const observer = new QueryObserver(queries, {
    queryKey: key,
    queryFn: () =>
      new Promise(resolve => {
        answers.push(rows => resolve({ items: rows, total: rows.length }))
      }),
  })
  const stop = observer.subscribe(() => {})
  const steps = () =>
    (queries.getQueryData(key) as { items: readonly { step: number }[] } | undefined)?.items.map(row => row.step)
  const settled = () => new Promise(resolve => setTimeout(resolve))
  const end = () => {
    stop()
    applier.stop()
  }
  return { applier, answers, steps, settled, end }
}

it('applies changes to what is read already', async () => {
  const { applier, answers, steps, settled, end } = setup()
  await settled()
  answers[0]?.([trial(1), trial(2)])
  await settled()
  applier.apply([{ kind: 'trial', row: trial(2, { step: 7 }) }])
  expect(steps()).toEqual([0, 7])
  end()
})

it('loses no change that comes while the answer is under way', async () => {
  const { applier, answers, steps, settled, end } = setup()
  await settled()
  applier.apply([{ kind: 'trial', row: trial(1, { step: 3 }) }])
  applier.apply([{ kind: 'trial', row: trial(1, { step: 4 }) }])
  expect(steps()).toBeUndefined()
  // The answer was made before the changes: without them it would be out of date for good.
  answers[0]?.([trial(1, { step: 2 })])
  await settled()
  expect(steps()).toEqual([4])
  end()
})

it('applies what it kept only once', async () => {
  const { applier, answers, steps, settled, end } = setup()
  await settled()
  applier.apply([{ kind: 'trial', row: trial(1, { step: 3 }) }])
  answers[0]?.([trial(1)])
  await settled()
  applier.reset()
  await settled()
  answers[1]?.([trial(1, { step: 9 })])
  await settled()
  expect(steps()).toEqual([9])
  end()
})

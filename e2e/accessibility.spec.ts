/**
 * Every page, light and dark, with real data in it: axe finds no serious or critical violation (WCAG 2.2 AA).
 */
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { experimentState, type Hub, startAgent, startHub, submit, trialsOnDisk, until } from './harness/cluster.ts'
import { experiment, removeFolders } from './harness/places.ts'
import { endAll } from './harness/process.ts'

test.afterEach(async () => {
  await endAll()
  removeFolders()
})

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** The violations that count, as lines a person can act on. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).withTags(RULES).analyze()
  return found
    .filter(v => v.impact === 'serious' || v.impact === 'critical')
    .flatMap(v => v.nodes.map(n => `${v.id} (${v.impact}): ${n.target.join(' ')}: ${n.failureSummary ?? ''}`))
}

async function filledHub(): Promise<{ hub: Hub; id: string; trial: string }> {
  const hub = await startHub()
  await startAgent(hub, 'one', { cpus: 2 })
  const id = await submit(hub, experiment('quick.yaml'), 1)
  await until(
    () => experimentState(hub, id),
    state => state === 'success',
    60_000,
  )
  const trial = trialsOnDisk(hub, id).find(t => t.block === 'train')
  if (trial === undefined) throw new Error('the experiment has no trial of block train')
  return { hub, id, trial: trial.id }
}

test('every page, light and dark, has no serious accessibility violation', async ({ page }) => {
  const { hub, id, trial } = await filledHub()
  await page.goto(`${hub.url}/sign-in`)
  await expect(page.getByRole('heading').first()).toBeVisible()
  expect(await violations(page), 'sign-in').toEqual([])
  await page.goto(hub.link)
  await expect(page.getByRole('heading', { name: 'Experiments' })).toBeVisible()
  const main = page.getByRole('main')
  const pages: readonly [path: string, settled: () => Promise<void>][] = [
    ['/', () => expect(main.getByRole('link', { name: 'quick' })).toBeVisible()],
    ['/?q=nothing-like-this', () => expect(main.getByText('No experiment matches')).toBeVisible()],
    [`/e/${id}`, () => expect(page.locator('.react-flow__node')).toHaveCount(2)],
    [`/e/${id}?pipeline=table&block=train`, () => expect(main.getByRole('table').first()).toBeVisible()],
    [`/e/${id}?tab=search`, () => expect(page.getByLabel('Parallel coordinates', { exact: true })).toBeVisible()],
    [`/e/${id}?tab=config`, () => expect(main.getByText('max_steps').first()).toBeVisible()],
    [`/e/${id}?tab=events`, () => expect(main.getByText(/succe|ended/).first()).toBeVisible()],
    [`/e/${id}?tab=files`, () => expect(main.getByText('train').first()).toBeVisible()],
    [`/t/${trial}`, () => expect(page.getByRole('heading').first()).toBeVisible()],
    ['/agents', () => expect(main.getByText('one', { exact: true }).first()).toBeVisible()],
    ['/submit', () => expect(page.getByRole('textbox', { name: 'Experiment as YAML' })).toBeVisible()],
    ['/e/nothing', () => expect(main.getByText('No such experiment')).toBeVisible()],
  ]
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    for (const [path, settled] of pages) {
      await page.goto(`${hub.url}${path}`)
      await settled()
      expect.soft(await violations(page), `${path} in ${colorScheme}`).toEqual([])
    }
    await page.goto(hub.url)
    await page.getByRole('button', { name: 'Search everything' }).click()
    await expect(page.getByRole('option', { name: /quick/ })).toBeVisible()
    expect.soft(await violations(page), `search in ${colorScheme}`).toEqual([])
  }
})

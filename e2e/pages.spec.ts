/**
 * The main job in a browser: sign in, write and submit the digits experiment, watch it to its end without reloading; the
 * numbers on the pages are those in the hub's database file.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { experimentState, startAgent, startHub, submit, trialsOnDisk, until } from './harness/cluster.ts'
import { signIn, watchConsole } from './harness/pages.ts'
import { experiment, removeFolders } from './harness/places.ts'
import { endAll } from './harness/process.ts'

test.afterEach(async () => {
  await endAll()
  removeFolders()
})

/** Replaces the editor's whole text at once; typing would add the editor's own indentation. */
async function write(page: Page, text: string): Promise<void> {
  const editor = page.getByRole('textbox', { name: 'Experiment as YAML' })
  await editor.click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

test('the digits experiment, submitted in the browser and watched to its end', async ({ page }) => {
  const errors = watchConsole(page)
  const hub = await startHub()
  await startAgent(hub, 'one', { cpus: 2 })
  await signIn(page, hub)

  await page.goto(`${hub.url}/submit`)
  const file = experiment('digits-short.yaml')
  const text = readFileSync(file, 'utf8').replace('name: digits-short', 'name: from-the-browser\nseed: 5')

  // A mistake shows at its line before anything is submitted.
  await write(page, text.replace('!Evaluator', '!Evaluatr'))
  const line = text.split('\n').findIndex(l => l.includes('!Evaluator')) + 1
  await expect(page.getByText(new RegExp(`${line}:\\d+`)).first()).toBeVisible()
  await expect(page.getByText('Evaluator', { exact: false }).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Submit' })).toBeDisabled()

  await write(page, text)
  await expect(page.getByText('9 trials', { exact: true })).toBeVisible()
  await page.getByLabel('Folder for digits').setInputFiles(resolve(dirname(file), '../../examples/data/digits'))
  await expect(page.getByText(/\d+ files?, .* on the hub/)).toBeVisible()
  await page.getByRole('button', { name: 'Submit' }).click()
  await page.waitForURL(/\/e\/[a-z0-9]+/)
  const id = new URL(page.url()).pathname.split('/')[2] as string

  // Live, without reloading: the state, the pipeline's nodes, the trials.
  await expect(page.getByRole('heading', { name: 'from-the-browser' })).toBeVisible()
  for (const block of ['dataset', 'model', 'train', 'evaluate', 'export'])
    await expect(page.getByLabel('Pipeline of blocks').getByText(block, { exact: true }).first()).toBeVisible()
  await until(
    () => experimentState(hub, id),
    state => state === 'success',
    200_000,
  )
  await expect(page.locator('header').getByText('success', { exact: true }).first()).toBeVisible()

  const trials = trialsOnDisk(hub, id)
  const train = trials.filter(t => t.block === 'train')
  expect(train.length).toBe(4)
  expect(train.filter(t => t.kept).length).toBe(1)
  for (const trial of train) {
    await page.goto(`${hub.url}/t/${trial.id}`)
    await expect(page.getByTitle(String(trial.metric), { exact: true }).first()).toBeVisible()
  }
  const evaluated = trials.find(t => t.block === 'evaluate' && t.state === 'success')
  expect(evaluated?.metric).toBeGreaterThan(0.5)
  await page.goto(`${hub.url}/t/${evaluated?.id}`)
  await expect(page.getByTitle(String(evaluated?.metric), { exact: true }).first()).toBeVisible()
  await expect(page.getByText('wasm').first()).toBeVisible()
  expect(errors).toEqual([])
})

test('a page that is open sees what happens elsewhere, without reloading', async ({ page }) => {
  const hub = await startHub()
  await signIn(page, hub)
  await startAgent(hub, 'one', { cpus: 2 })
  const id = await submit(hub, experiment('quick.yaml'), 1)
  await expect(page.getByRole('link', { name: 'quick' }).first()).toBeVisible()
  await until(
    () => experimentState(hub, id),
    state => state === 'success',
    60_000,
  )
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: 'quick' }) })
  await expect(row.getByText('success', { exact: true }).filter({ visible: true })).toBeVisible()
})

test('a sign-in link works once, and pages without a session lead to signing in (S1)', async ({ page, browser }) => {
  const hub = await startHub()
  await page.goto(hub.link)
  await expect(page.getByRole('heading', { name: 'Experiments' })).toBeVisible()
  const other = await (await browser.newContext()).newPage()
  await other.goto(`${hub.url}/agents`)
  await expect(other).toHaveURL(/sign-in/)
  await other.goto(hub.link)
  await expect(other.getByText(/used already/)).toBeVisible()
})

test('the page gives the command that joins a machine', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const hub = await startHub()
  await signIn(page, hub)
  await page.goto(`${hub.url}/agents`)
  await page
    .getByRole('button', { name: /add a machine/i })
    .first()
    .click()
  await page.getByRole('button', { name: 'Make a join token' }).click()
  const command = await page
    .getByText(/^npx -y --allow-remote=all http/)
    .first()
    .textContent()
  expect(command).toContain(`${hub.url}/flambe-agent-`)
  expect(command).toContain(`--hub ${hub.url}`)
  const tarball = /(http\S+\.tgz)/.exec(command ?? '')?.[1] as string
  const answer = await fetch(tarball)
  expect(answer.status).toBe(200)
  expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(500_000)
})

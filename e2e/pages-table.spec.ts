/** The trials table, what can be taken away, the search over everything, the theme: done in a browser on real trials. */
import { expect, test } from '@playwright/test'
import { type Hub, trialsOnDisk } from './harness/cluster.ts'
import { column, hubWithAgent, saved, signIn, submitted, watchConsole } from './harness/pages.ts'
import { removeFolders } from './harness/places.ts'
import { endAll } from './harness/process.ts'

let hub: Hub
let id: string

test.beforeAll(async () => {
  hub = await hubWithAgent()
  id = await submitted(hub, 'table.yaml', 'table', 'success')
})
test.afterAll(async () => {
  await endAll()
  removeFolders()
})

test('trials are sorted, filtered, their columns chosen and resized, and the address keeps it', async ({ page }) => {
  const errors = watchConsole(page)
  await signIn(page, hub)
  await page.goto(`${hub.url}/e/${id}?block=train`)
  const table = page.getByRole('table', { name: 'Trials' })
  await expect(table.locator('tbody tr')).toHaveCount(12)

  // Metrics go best first, then the other way round, then as they were.
  const head = (name: string) => table.getByRole('columnheader', { name, exact: true })
  await head('Best').getByRole('button').click()
  await expect.poll(async () => (await column(page, 'Best'))[0]).toBe('0.9000')
  await expect(head('Best')).toHaveAttribute('aria-sort', 'descending')
  await head('Best').getByRole('button').click()
  await expect.poll(async () => (await column(page, 'Best'))[0]).toBe('0.03000')
  // Shift adds: within each lr, by number from the first.
  await head('lr').getByRole('button').click()
  await head('#')
    .getByRole('button')
    .click({ modifiers: ['Shift'] })
  await expect.poll(async () => (await column(page, 'lr')).slice(0, 3)).toEqual(['0.01', '0.01', '0.04'])
  expect((await column(page, '#')).slice(0, 4)).toEqual(['3', '4', '7', '8'])

  // The address holds the view: opened anew it shows the same.
  const before = await column(page, '#')
  await page.reload()
  await expect.poll(() => column(page, '#')).toEqual(before)

  // The hub searches; parameters are looked through too.
  await page.getByLabel('Search trials').fill('other')
  await expect(table.locator('tbody tr')).toHaveCount(6)
  expect(new Set(await column(page, 'kind'))).toEqual(new Set(['other']))
  await page.getByLabel('Search trials').fill('nothing-like-this')
  await expect(page.getByText('No trial matches')).toBeVisible()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await expect(page).not.toHaveURL(/q=/)
  await page.getByLabel('Block', { exact: true }).selectOption('test')
  await expect(table.locator('tbody tr')).toHaveCount(12)
  await page.getByLabel('State', { exact: true }).selectOption('success')
  await expect(table.locator('tbody tr')).toHaveCount(2)

  // Columns: hidden ones come, shown ones go.
  await page.getByRole('button', { name: 'Choose columns' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Attempts' }).click()
  await page.getByRole('menuitemcheckbox', { name: 'Step', exact: true }).click()
  await page.keyboard.press('Escape')
  await expect(head('Attempts')).toBeVisible()
  await expect(head('Step')).toHaveCount(0)
  await expect(page).toHaveURL(/columns=/)

  // A heading's right edge drags its width.
  const state = head('State')
  const width = async () => (await state.boundingBox())?.width ?? 0
  const old = await width()
  const edge = await state.locator('span[aria-hidden]').last().boundingBox()
  if (edge === null) throw new Error('no edge to drag')
  await page.mouse.move(edge.x + edge.width / 2, edge.y + edge.height / 2)
  await page.mouse.down()
  await page.mouse.move(edge.x + edge.width / 2 + 60, edge.y + edge.height / 2, { steps: 4 })
  await page.mouse.up()
  expect(await width()).toBeGreaterThan(old + 50)

  // Arrow keys walk the rows, Enter opens.
  await table.locator('tbody tr').first().getByRole('link').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/t\//)
  expect(errors).toEqual([])
})

test('what can be taken away: trials as CSV and JSON, results as tar, output, checkpoint files, the file itself', async ({
  page,
}) => {
  await signIn(page, hub)
  await page.goto(`${hub.url}/e/${id}?block=train`)
  const onDisk = trialsOnDisk(hub, id).filter(trial => trial.block === 'train')
  const take = async (name: string) => {
    await page.getByRole('button', { name: 'Export' }).click()
    return saved(page, () => page.getByRole('menuitem', { name }).click())
  }
  const json = await take('All matching as JSON')
  expect(json.name).toBe('table-train-trials.json')
  const rows = JSON.parse(json.bytes.toString()) as { id: string; metric: number }[]
  expect(rows.map(row => [row.id, row.metric])).toEqual(onDisk.map(trial => [trial.id, trial.metric]))
  const csv = (await take('All matching as CSV')).bytes.toString().trim().split('\n')
  expect(csv).toHaveLength(13)
  expect(csv[0]).toContain('train.kwargs.lr')

  await page.getByRole('button', { name: 'More' }).click()
  const tar = await saved(page, () => page.getByRole('menuitem', { name: 'Results (tar)', exact: true }).click())
  expect(tar.name).toBe('table.tar')
  expect(tar.bytes.includes('step.txt')).toBe(false)
  await page.getByRole('tab', { name: 'Files' }).click()
  const models = await saved(page, () => page.getByRole('link', { name: 'With models (tar)' }).click())
  expect(models.bytes.includes('step.txt')).toBe(true)

  await page.getByRole('tab', { name: 'Configuration' }).click()
  const file = await saved(page, () => page.getByRole('button', { name: 'Save' }).click())
  expect(file.name).toBe('table.yaml')
  expect(file.bytes.toString()).toContain('said.mjs')

  await page.goto(`${hub.url}/t/${id}.train.1`)
  await expect(page.getByText('begins after step 0')).toBeVisible()
  const output = await saved(page, () => page.getByRole('button', { name: 'Save stdout' }).click())
  expect(output.bytes.toString()).toBe('begins after step 0\n')
  const step = await saved(page, () => page.getByRole('link', { name: /step\.txt/ }).click())
  expect(step).toEqual({ name: 'step.txt', bytes: Buffer.from('3') })
  const one = await saved(page, () => page.getByRole('link', { name: 'Download', exact: true }).click())
  expect(one.name).toBe('table-1.tar')
})

test('the search over everything is opened by a key and walked by keys; light and dark stay chosen', async ({
  page,
}) => {
  const errors = watchConsole(page)
  await signIn(page, hub)
  await expect(page.getByRole('button', { name: 'Live' })).toBeVisible()
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: /Search experiments/ })
  await expect(page.getByRole('option', { name: /table/ })).toBeVisible()
  await field.fill('train 3')
  await expect(page.getByRole('option', { name: /train #3/ })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${hub.url}/t/${id}.train.3`)

  await page.keyboard.press('Control+k')
  await field.fill('tests')
  await expect(page.getByRole('option', { name: /table/ })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${hub.url}/e/${id}`)

  await page.keyboard.press('Control+k')
  await field.fill('one')
  await page.getByRole('option', { name: /^one/ }).click()
  await page.waitForURL(/agents\?agent=/)
  await page.keyboard.press('Control+k')
  await field.fill('nothing-like-this')
  await expect(page.getByText('Nothing on this hub has that name.')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(field).toHaveCount(0)

  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  const light = await background()
  await page.getByRole('button', { name: 'Theme' }).click()
  await page.getByRole('menuitem', { name: 'Dark' }).click()
  await expect.poll(background).not.toBe(light)
  const dark = await background()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Theme' })).toBeVisible()
  expect(await background()).toBe(dark)
  expect(errors).toEqual([])
})

test('the search of a block is drawn from its trials, and a range on an axis chooses trials', async ({ page }) => {
  const errors = watchConsole(page)
  await signIn(page, hub)
  await page.goto(`${hub.url}/e/${id}`)
  await page.getByRole('tab', { name: 'Search' }).click()
  await expect(page.getByText('12 with a metric of 12 trials')).toBeVisible()
  await expect(page.getByRole('img', { name: 'History of 12 trials' })).toBeVisible()
  await expect(page.getByRole('img', { name: 'Metric by kind' })).toBeVisible()
  const rows = page.getByRole('table', { name: 'Trials within the ranges' }).locator('tbody tr')
  await expect(rows).toHaveCount(12)
  await expect(rows.first()).toContainText('0.9000')

  // By the pointer: the upper half of the metric.
  const axis = page.getByRole('slider', { name: 'Range of metric' })
  const box = await axis.locator('rect').last().boundingBox()
  if (box === null) throw new Error('the axis has no place')
  const x = box.x + box.width / 2
  await page.mouse.move(x, box.y + 1)
  await page.mouse.down()
  await page.mouse.move(x, box.y + box.height / 2, { steps: 5 })
  await page.mouse.up()
  await expect(rows).toHaveCount(4)
  await expect(page).toHaveURL(/brush=/)
  await page.reload()
  await expect(rows).toHaveCount(4)
  await page.getByRole('button', { name: 'Clear ranges' }).click()
  await expect(rows).toHaveCount(12)

  // By keys: the lowest quarter of the learning rates, then away with it.
  await page.getByRole('slider', { name: 'Range of lr' }).focus()
  await page.keyboard.press('ArrowDown')
  await expect(rows).not.toHaveCount(12)
  await page.keyboard.press('Escape')
  await expect(rows).toHaveCount(12)

  const drawn = await saved(page, () => page.getByRole('button', { name: 'Save as SVG' }).first().click())
  expect(drawn.name).toBe('history.svg')
  expect(drawn.bytes.toString()).not.toContain('var(')
  await rows.first().getByRole('link').click()
  await page.waitForURL(/\/t\//)
  expect(errors).toEqual([])
})

test('no page scrolls sideways, on a phone, a tablet or a desk', async ({ page }) => {
  await signIn(page, hub)
  const paths = ['/', `/e/${id}`, `/e/${id}?tab=search`, `/e/${id}?tab=files`, `/t/${id}.train.1`, '/agents', '/submit']
  for (const path of paths) {
    await page.goto(`${hub.url}${path}`)
    await expect(page.locator('main .skeleton').filter({ visible: true })).toHaveCount(0)
    for (const width of [390, 768, 1440]) {
      await page.setViewportSize({ width, height: 900 })
      const over = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      await expect.poll(over, `${path} at ${width} px`).toBeLessThanOrEqual(0)
    }
  }
})

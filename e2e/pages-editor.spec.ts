/**
 * The editor of the submit page knows the language: it completes tags, parameters and links, explains what stands at a place and
 * goes to where a name is written, by keys alone. What a search will do stands beside it, and an extension is sent from the browser.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { call, experimentState, type Hub, trialsOnDisk, until } from './harness/cluster.ts'
import { hubWithAgent, signIn, watchConsole } from './harness/pages.ts'
import { example, folder, removeFolders } from './harness/places.ts'
import { endAll } from './harness/process.ts'

let hub: Hub

test.beforeAll(async () => {
  hub = await hubWithAgent()
})
test.afterAll(async () => {
  await endAll()
  removeFolders()
})

const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Experiment as YAML' })

async function open(page: Page, text: string): Promise<void> {
  await signIn(page, hub)
  await page.goto(`${hub.url}/submit`)
  await write(page, text)
}

/** Replaces the whole text at once; the cursor stands at its end. */
async function write(page: Page, text: string): Promise<void> {
  await editorOf(page).click()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.insertText(text)
}

const lines = (page: Page) => page.locator('.cm-line').allInnerTexts()

/** A key for the list: for a moment it lets keys be those of the text, so that nobody takes what just came up. */
async function press(page: Page, key: 'Enter' | 'ArrowDown' | 'ArrowUp'): Promise<void> {
  await page.waitForTimeout(200)
  await page.keyboard.press(key)
}

test('tags, parameters and links are completed, explained and followed, by keys alone', async ({ page }) => {
  const errors = watchConsole(page)
  await open(page, '!Experiment\nname: t\npipeline:\n  data: !ImageDataset.from_idx {path: x}\n  train:')
  const offers = page.getByRole('listbox', { name: 'Completions' })
  const offer = (name: RegExp) => offers.getByRole('option', { name })

  await page.keyboard.type(' !Tr', { delay: 30 })
  await expect(offer(/^!Trainer/)).toHaveAttribute('aria-selected', 'true')
  // Escape closes the list and nothing else; Ctrl+Space opens it again.
  await page.keyboard.press('Escape')
  await expect(offers).toHaveCount(0)
  await page.keyboard.press('Control+Space')
  await expect(offer(/^!Trainer/)).toHaveAttribute('aria-selected', 'true')
  await press(page, 'Enter')
  await expect.poll(async () => (await lines(page)).at(-1)).toBe('  train: !Trainer')

  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Space')
  await expect(offer(/^dataset.*Dataset, required/)).toHaveAttribute('aria-selected', 'true')
  await press(page, 'ArrowDown')
  await expect(offer(/^train_sampler/)).toHaveAttribute('aria-selected', 'true')
  await press(page, 'ArrowUp')
  await expect(page.locator('.cm-completionInfo')).toContainText('train split')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // The list is scrolled by the arrow keys of the text (a combobox): it needs no focus of its own.
    const axe = new AxeBuilder({ page }).include('.cm-editor').disableRules('scrollable-region-focusable')
    const { violations } = await axe.analyze()
    expect.soft(violations.map(v => [v.id, v.nodes.map(n => n.failureSummary)])).toEqual([])
  }
  await press(page, 'Enter')
  await expect.poll(async () => (await lines(page)).at(-1)).toBe('    dataset: ')

  await page.keyboard.type('!@ da', { delay: 30 })
  await expect(offer(/^data.*ImageDataset/)).toHaveAttribute('aria-selected', 'true')
  await press(page, 'Enter')
  await expect.poll(async () => (await lines(page)).at(-1)).toBe('    dataset: !@ data')

  // F1 explains what the cursor stands on, the pointer what it stands on; Escape closes.
  const note = page.getByRole('note', { name: /^data: / })
  await page.keyboard.press('F1')
  await expect(note).toContainText('data: !ImageDataset')
  await page.keyboard.press('Escape')
  await expect(note).toHaveCount(0)
  await page.locator('.cm-flambe-tag').filter({ hasText: '!Trainer' }).hover()
  const trainer = page.getByRole('note', { name: '!Trainer' })
  await expect(trainer).toContainText('max_steps')
  await expect(trainer).toContainText('whole number, default 10')
  await page.mouse.move(5, 5)
  await expect(trainer).toHaveCount(0)

  const active = page.locator('.cm-activeLine')
  await page.keyboard.press('F12')
  await expect(active).toHaveText(/^ {2}data: !ImageDataset/)
  expect(await page.evaluate(() => getSelection()?.toString())).toBe('data')
  await expect(editorOf(page)).toBeFocused()
  // The same with the pointer, from the last line again.
  await page.keyboard.press('ControlOrMeta+End')
  await expect(active).toHaveText(/dataset:/)
  await page
    .locator('.cm-flambe-link')
    .last()
    .click({ modifiers: ['ControlOrMeta'] })
  await expect(active).toHaveText(/^ {2}data: !ImageDataset/)
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('F12')
  await expect(page.getByText('This names no other place.').filter({ visible: true }).first()).toBeVisible()

  // Tab leaves the editor.
  await page.keyboard.press('Escape')
  for (let i = 0; i < 3; i += 1) await page.keyboard.press('Tab')
  await expect(editorOf(page)).not.toBeFocused()
  expect(errors).toEqual([])
})

/** As a person pastes: Chromium's own insertion of so much text is not the editor's. */
const paste = (page: Page, text: string) =>
  editorOf(page).evaluate((editor, pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    editor.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)

test('a text of a megabyte or a hostile one keeps nobody from typing (S7)', async ({ page }) => {
  const errors = watchConsole(page)
  await open(page, '')
  const hostile: { readonly [name: string]: string } = {
    'open lists': '['.repeat(200_000),
    'tags without end': '!a '.repeat(80_000),
    'block scalars': '- |\n'.repeat(60_000),
    'a bomb of aliases': `!Experiment\nname: t\npipeline:\n  a: !Any\n    x0: &x0 [1]\n${Array.from({ length: 28 }, (_, i) => `    x${i + 1}: &x${i + 1} [*x${i}, *x${i}]`).join('\n')}\n`,
    'a megabyte': `!Experiment\nname: t\n${'# what nobody reads\n'.repeat(52_000)}`,
  }
  for (const [name, text] of Object.entries(hostile)) {
    await editorOf(page).click()
    await page.keyboard.press('ControlOrMeta+a')
    await paste(page, text)
    await page.keyboard.press('Control+Space')
    await page.keyboard.press('F1')
    await page.keyboard.press('F12')
    await page.keyboard.type(' typed: !Tr', { delay: 20 })
    await expect(page.locator('.cm-line').last(), name).toContainText('typed: !Tr')
    if (name === 'a megabyte') await expect(page.getByText('The file is longer than 256 KiB')).toBeVisible()
    else await expect(page.getByText(/\d+ errors? to mend|No !Experiment in this text/).first(), name).toBeVisible()
  }
  // And all is well again with a good text.
  await write(page, '!Experiment\nname: t\npipeline:\n  train:')
  await page.keyboard.type(' !Tr', { delay: 30 })
  await expect(page.getByRole('option', { name: /^!Trainer/ })).toBeVisible()
  expect(errors).toEqual([])
})

test('what a search will do stands beside the text: trials, rungs, steps saved', async ({ page }) => {
  const text = readFileSync(example('asha.yaml'), 'utf8')
  await open(page, text)
  const plan = await call<{
    blocks: { id: string; tuning: { rungs: { step: number; trials: number }[]; saved: number } | null }[]
  }>(hub, 'experiments.plan', { text, limit: 0 }, 'query')
  const tuning = plan.blocks.find(block => block.id === 'train')?.tuning
  // 24 begin, a third goes on from step 1 to 3, a third of those to 9.
  expect(tuning?.rungs.map(({ step, trials }) => [step, trials])).toEqual([
    [1, 24],
    [3, 8],
    [9, 2],
  ])
  const rungs = page.getByRole('table', { name: 'Planned rungs' })
  await expect(rungs.locator('tbody tr')).toHaveText(['124', '38', '92'])
  const block = page.getByRole('listitem').filter({ has: rungs })
  await expect(block).toContainText('!Random under !ASHA, 24 trials of up to 9 steps')
  await expect(block).toContainText(`${Math.round(100 * (tuning?.saved ?? 0))} % saved`)
  // It follows the text: other numbers, then no scheduler at all.
  await write(page, text.replace('n_trials: 24', 'n_trials: 12'))
  await expect(rungs.locator('tbody tr').first()).toHaveText('112')
  await write(page, text.replace(/\nschedulers:\n.*\n/, '\n'))
  await expect(rungs).toHaveCount(0)
  await expect(page.getByText('!Random, 24 trials of up to 9 steps')).toBeVisible()
  await expect(page.getByText(/% saved/)).toHaveCount(0)
})

const EXTENSION = `import { Component, log } from '@flambe/components'
export class Count extends Component {
  static uses_backend = false
  static lower_is_better = true
  total = 0
  #by
  constructor({ by }) { super(); this.#by = by }
  run() { this.total += this.#by; log('total', this.total); return false }
  metric() { return this.total }
}
`

test('an extension is a folder chosen in the browser, read by an agent, completed, and run', async ({ page }) => {
  const errors = watchConsole(page)
  const dir = join(folder(), 'ext')
  mkdirSync(join(dir, 'node_modules/left-out'), { recursive: true })
  writeFileSync(
    join(dir, 'package.json'),
    '{"name": "ext", "version": "1.0.0", "type": "module", "exports": "./index.js"}',
  )
  writeFileSync(join(dir, 'index.js'), EXTENSION)
  cpSync(join(dir, 'index.js'), join(dir, 'node_modules/left-out/index.js'))
  const text =
    'ext: ./ext\n---\n!Experiment\nname: from-a-folder\nseed: 3\npipeline:\n  a: !ext.Count {by: !g [3, 1, 2]}\n'
  await open(page, text)
  const submit = page.getByRole('button', { name: 'Submit', exact: true })
  await expect(page.getByText('Choose its folder here', { exact: false })).toBeVisible()
  await expect(submit).toBeDisabled()
  await page.getByLabel('Folder of the extension ext').setInputFiles(dir)
  await expect(page.getByText('brings 1 component')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByText('3 trials', { exact: true })).toBeVisible()
  // Its tags are checked and offered now.
  await write(page, text.replace('by:', 'bye:'))
  await expect(page.getByText(/bye/).filter({ visible: true }).first()).toBeVisible()
  await write(page, `${text}  b: !ext.`)
  await page.keyboard.type('C', { delay: 30 })
  await expect(page.getByRole('option', { name: /^!ext\.Count/ })).toBeVisible()
  await page.keyboard.press('Escape')
  await write(page, text)
  await expect(submit).toBeEnabled()
  await submit.click()
  await page.waitForURL(/\/e\/[a-z0-9]+/)
  const id = new URL(page.url()).pathname.split('/')[2] as string
  await until(
    () => experimentState(hub, id),
    state => state === 'success',
    60_000,
  )
  expect(trialsOnDisk(hub, id).map(trial => trial.metric)).toEqual([3, 1, 2])
  expect(errors).toEqual([])
})

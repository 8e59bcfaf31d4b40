/** What the tests of the pages share: signing in, a hub where something has run, the console's errors, files that are saved. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, type Locator, type Page } from '@playwright/test'
import { call, experimentState, type Hub, startAgent, startHub, submit, until } from './cluster.ts'
import { experiment, folder } from './places.ts'

/** Every error that the page's console shows, for a test to find none. */
export function watchConsole(page: Page): string[] {
  const errors: string[] = []
  page.on('console', message => {
    if (message.type() === 'error') errors.push(message.text())
  })
  page.on('pageerror', error => errors.push(String(error)))
  return errors
}

/** With a link of its own, so that several tests can use one hub. */
export async function signIn(page: Page, hub: Hub): Promise<void> {
  const { link } = await call<{ link: string }>(hub, 'hub.signInLink', undefined, 'mutation')
  await page.goto(link)
  await expect(page.getByRole('heading', { name: 'Experiments' })).toBeVisible()
}

/** A hub with one agent, named `one`. */
export async function hubWithAgent(): Promise<Hub> {
  const hub = await startHub()
  await startAgent(hub, 'one', { cpus: 2 })
  return hub
}

/** Submits one of the tests' experiments under a name of its own, and waits until it is in a state. */
export async function submitted(hub: Hub, file: string, name: string, state: string): Promise<string> {
  const dir = folder()
  cpSync(experiment('said.mjs'), join(dir, 'said.mjs'))
  const text = readFileSync(experiment(file), 'utf8').replace(/^name: .*$/m, `name: ${name}`)
  writeFileSync(join(dir, file), text)
  const id = await submit(hub, join(dir, file), 1)
  await until(
    () => experimentState(hub, id),
    seen => seen === state,
    60_000,
  )
  return id
}

/** The file that the browser saves when `act` is done. */
export async function saved(page: Page, act: () => Promise<void>): Promise<{ name: string; bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), act()])
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

/** The words of a column's cells in the trials table, in the order of the rows; none while the column is not there. */
export async function column(page: Page, heading: string): Promise<string[]> {
  const table = page.getByRole('table', { name: 'Trials' })
  const heads = await table.getByRole('columnheader').allTextContents()
  const at = heads.findIndex(text => text.replace(/\d+$/, '').trim() === heading)
  if (at < 0) return []
  const rows = await table
    .locator('tbody tr')
    .evaluateAll((all, place) => all.map(row => row.children[place]?.textContent ?? ''), at)
  return rows.map(text => text.trim())
}

export function badge(within: Page | Locator, state: string): Locator {
  return within.getByText(state, { exact: true }).filter({ visible: true }).first()
}

/** A folder of its own with the given files and one of the tests' scripts. @returns the path of `file` in it */
export function written(file: string, script: string, files: { readonly [name: string]: string }): string {
  const dir = folder()
  cpSync(experiment(script), join(dir, script))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  return join(dir, file)
}

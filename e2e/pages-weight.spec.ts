/**
 * The budget of the first view: at most 250 kB of compressed JavaScript before a page is ready. Counted in a real browser: the
 * scripts that the page's HTML names (what it waits for), and beside them all that it loads once it stands. Prints both.
 */
import { gzipSync } from 'node:zlib'
import { expect, type Page, test } from '@playwright/test'
import { hubWithAgent, signIn, submitted } from './harness/pages.ts'
import { removeFolders } from './harness/places.ts'
import { endAll } from './harness/process.ts'

const BUDGET = 250_000

test.afterEach(async () => {
  await endAll()
  removeFolders()
})

interface Weight {
  readonly first: number
  readonly all: number
}

/** Loads a page from an empty cache. Sizes are those of gzip, whatever the server sent. */
async function weigh(page: Page, url: string): Promise<Weight> {
  const scripts: Promise<readonly [path: string, bytes: number]>[] = []
  let html = Promise.resolve('')
  page.on('response', response => {
    const type = response.request().resourceType()
    if (type === 'document') html = response.text()
    const path = new URL(response.url()).pathname
    if (type === 'script') scripts.push(response.body().then(body => [path, gzipSync(body).length] as const))
  })
  await page.goto(url, { waitUntil: 'networkidle' })
  // What is loaded apart (charts, the graph) is asked for once the data is there; it counts for the second number only.
  await page.waitForTimeout(1000)
  const text = await html
  let first = 0
  let all = 0
  for (const [path, bytes] of new Map(await Promise.all(scripts))) {
    all += bytes
    if (text.includes(path)) first += bytes
  }
  return { first, all }
}

test('the first view of every page is ready with at most 250 kB of compressed JavaScript', async ({ browser }) => {
  const hub = await hubWithAgent()
  const id = await submitted(hub, 'table.yaml', 'table', 'success')
  const context = await browser.newContext()
  await signIn(await context.newPage(), hub)
  const state = await context.storageState()
  const lines: string[] = []
  for (const path of ['/', `/e/${id}`, `/t/${id}.train.1`, '/agents', '/submit', '/sign-in']) {
    const fresh = await browser.newContext({ storageState: state })
    const { first, all } = await weigh(await fresh.newPage(), `${hub.url}${path}`)
    await fresh.close()
    const kB = (bytes: number) => `${(bytes / 1000).toFixed(1).padStart(7)} kB`
    lines.push(`${path.replace(id, '[id]').padEnd(20)} first view ${kB(first)}, all in all ${kB(all)}`)
    expect.soft(first, path).toBeGreaterThan(50_000)
    expect.soft(first, path).toBeLessThanOrEqual(BUDGET)
  }
  console.log(lines.join('\n'))
})

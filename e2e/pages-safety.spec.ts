/** S6: text that people and trials wrote stays text on every page, and the policy refuses scripts that are not the pages' own. */
import { expect, test } from '@playwright/test'
import { call, type Hub } from './harness/cluster.ts'
import { hubWithAgent, signIn, submitted } from './harness/pages.ts'
import { removeFolders } from './harness/places.ts'
import { endAll } from './harness/process.ts'

let hub: Hub

test.beforeAll(async () => {
  hub = await hubWithAgent()
})
test.afterAll(async () => {
  await endAll()
  removeFolders()
})

declare global {
  interface Window {
    hurt?: string
  }
}

test('notes, tags, parameters, tags of points, output, reasons and file names stay text (S6)', async ({ page }) => {
  const id = await submitted(hub, 'hostile.yaml', 'hostile', 'failure')
  await page.addInitScript(() => {
    window.alert = text => {
      window.hurt = `alert ${text}`
    }
  })
  await signIn(page, hub)
  const harmless = async (where: string) => {
    expect(await page.evaluate(() => window.hurt ?? null), where).toBe(null)
    expect(await page.locator('img[src=x]').count(), where).toBe(0)
  }
  await expect(page.getByTitle("<img src=x onerror=window.hurt='tag'>").first()).toBeVisible()
  await harmless('experiments')
  await page.goto(`${hub.url}/e/${id}?block=train`)
  await expect(page.getByText("<script>window.hurt = 'notes'</script>", { exact: false }).first()).toBeVisible()
  await expect(page.getByText("<img src=x onerror=window.hurt='word'>").first()).toBeVisible()
  await expect(page.getByText("loss<img src=x onerror=window.hurt='tag'>").first()).toBeVisible()
  await harmless('experiment')
  for (const tab of ['config', 'events', 'files']) {
    await page.goto(`${hub.url}/e/${id}?tab=${tab}`)
    await expect(page.getByRole('tabpanel')).not.toBeEmpty()
    await harmless(tab)
  }
  await page.goto(`${hub.url}/t/${id}.train.1`)
  const output = page.getByRole('region', { name: /stdout of attempt/ })
  await expect(output.getByText("<script>window.hurt='word'</script>").first()).toBeVisible()
  await expect(page.getByText("<img src=x onerror=window.hurt='file'>.html").first()).toBeVisible()
  await harmless('trial')
  await page.goto(`${hub.url}/t/${id}.fails.1`)
  await expect(page.getByText(/<script>window.hurt='reason'<\/script>/).first()).toBeVisible()
  await harmless('failed trial')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /Search experiments/ }).fill('hostile')
  await expect(page.getByRole('option', { name: /<img src=x/ })).toBeVisible()
  await harmless('search')

  // A file that calls itself a page leaves as an attachment, and is no page when it is opened anyway.
  const { files } = await call<{ files: { path: string }[] }>(
    hub,
    'artifacts.list',
    { trial: `${id}.train.1` },
    'query',
  )
  const path = files.find(file => file.path.endsWith('.html'))?.path ?? ''
  const url = `${hub.url}/api/trials/${id}.train.1/files/${path.split('/').map(encodeURIComponent).join('/')}`
  const answer = await page.request.get(url)
  expect(answer.status()).toBe(200)
  expect(answer.headers()['content-disposition']).toMatch(/^attachment/)
  expect(answer.headers()['content-type']).toBe('application/octet-stream')
  expect(answer.headers()['x-content-type-options']).toBe('nosniff')
})

test('the policy of a page refuses inline scripts and handlers, and lets its own scripts run (S6)', async ({
  page,
}) => {
  const refused: string[] = []
  page.on('console', message => {
    if (/content security policy/i.test(message.text())) refused.push(message.text())
  })
  await signIn(page, hub)
  expect(refused).toEqual([])
  const policy = (await page.request.get(hub.url)).headers()['content-security-policy'] ?? ''
  expect(policy).toContain("object-src 'none'")
  expect(policy).not.toContain('unsafe-eval')
  expect(/script-src [^;]*/.exec(policy)?.[0]).not.toContain('unsafe-inline')
  // As if some text had become HTML after all: markup of the parser's own making, with the page's policy.
  await page.evaluate(() => {
    const script = document.createElement('div')
    script.innerHTML = '<img src="data:," onerror="window.hurt = \'handler\'"><a href="javascript:window.hurt=1">x</a>'
    document.body.append(script)
    const frame = document.createElement('iframe')
    frame.srcdoc = "<script>parent.hurt = 'inline'</script>"
    document.body.append(frame)
  })
  await expect.poll(() => refused.length).toBeGreaterThanOrEqual(2)
  expect(await page.evaluate(() => window.hurt ?? null)).toBe(null)
})

/** Resources by URL through the real command, hub and agent: a web server and one that speaks S3, both written here. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { flambe, folder, removeFolders } from './harness/places.ts'
import { endAll, start } from './harness/process.ts'

test.setTimeout(60_000)

const CONTENT = 'a,b\n1,2\n'
const HASH = createHash('sha256').update(CONTENT).digest('hex')
let server: Server
let base: string
let asked: string[]

test.beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const object = request.url?.startsWith('/bucket/') === true
    if (object && !/^AWS4-HMAC-SHA256 Credential=key\//.test(request.headers.authorization ?? ''))
      return response.writeHead(403).end('no')
    if (!object && request.url !== '/data.csv') return response.writeHead(404).end('nothing here')
    return response.writeHead(200, { 'content-length': CONTENT.length }).end(CONTENT)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
test.afterEach(async () => {
  await endAll()
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
  removeFolders()
})

async function run(location: string) {
  const save = folder()
  const file = join(save, 'x.yaml')
  writeFileSync(
    file,
    `!Experiment\nname: urls\nresources: {data: "${location}"}\npipeline:\n  a: !Script {command: [cat], args: [!@ data], kwargs: {}}\n  b: !Script {command: [cat], args: [!@ data]}\n`,
  )
  const env = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL: base }
  const command = start([flambe, 'run', file, '--save-path', save, '--slots', '1'], env)
  const code = await command.ended
  const out = join(save, 'output__urls')
  const progress = JSON.parse(readFileSync(join(out, 'progress.json'), 'utf8'))
  const trial = progress.blocks[0].trials[0]
  const read = (name: string) => readFileSync(join(out, trial.folder, name), 'utf8')
  return { code, text: command.lines.join('\n'), trial, progress, read }
}

for (const [kind, location] of [
  ['http', () => `${base}/data.csv`],
  ['s3', () => 's3://bucket/folder/data.csv'],
] as const) {
  test(`${kind}: one download serves the experiment; trials read the file and the output tells size and hash`, async () => {
    const { code, read, progress } = await run(location())
    expect(code).toBe(0)
    expect(progress.state).toBe('success')
    expect(read('stdout')).toContain(CONTENT)
    expect(read('stderr')).toContain(`fetched ${location()}: 0.0 MB, sha256=${HASH}`)
    expect(asked).toHaveLength(1)
    const pinned = await run(`${location()}#sha256=${HASH}`)
    expect(pinned.code).toBe(0)
  })
}

test('what is not there, or holds something else, fails the trials that need it, once, with URL and reason: exit 1', async () => {
  const gone = await run(`${base}/gone.csv`)
  expect(gone.code).toBe(1)
  expect(gone.text).toContain(`resource data: ${base}/gone.csv answered 404 Not Found`)
  expect(gone.trial.attempts).toHaveLength(1)
  expect(gone.trial.attempts[0].failure.class).toBe('configuration')
  const other = await run(`${base}/data.csv#sha256=${'0'.repeat(64)}`)
  expect(other.code).toBe(1)
  expect(other.text).toContain(`has the SHA-256 ${HASH}, and the experiment asks for ${'0'.repeat(64)}`)
  expect(other.trial.attempts).toHaveLength(1)
})

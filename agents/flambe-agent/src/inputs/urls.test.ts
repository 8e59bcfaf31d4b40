/** Resources by URL against a real server, which plays a web server and an S3-compatible one that checks signatures. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse, specOf, until } from '../testing/house.ts'
import { TIMING } from '../timing.ts'
import { openCache } from './cache.ts'
import { signedHeaders } from './s3-signature.ts'
import { type Content, openUrls, UrlRefused } from './urls.ts'

const SECRET = { accessKey: 'key', secretKey: 'secret', sessionToken: null, region: 'eu-central-1' }
const timing = { ...TIMING, fetch: [1, 2] } as const
let server: Server
let base: string
let folder: string
let asked: string[]
/** Connections that are cut in the middle of the body. */
let cuts: number

beforeEach(async () => {
  asked = []
  cuts = 0
  folder = mkdtempSync(join(tmpdir(), 'flambe-urls-'))
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url?.startsWith('/bucket/?')) {
      if (!isSigned(request)) return response.writeHead(403).end()
      const query = new URL(request.url, base).searchParams
      return response.end(listing(query.get('prefix') ?? '', query.get('continuation-token')))
    }
    if (request.url?.startsWith('/bucket/data')) {
      const key = decodeURIComponent(request.url.slice('/bucket/'.length))
      return KEYS.includes(key) ? response.end(`of ${key}`) : response.writeHead(404).end()
    }
    if (request.url?.startsWith('/bucket/')) {
      response.statusCode = isSigned(request) ? 200 : 403
      return response.end('object')
    }
    if (request.url === '/moved') return response.writeHead(302, { location: '/data.csv' }).end()
    if (request.url === '/silent') return
    if (request.url !== '/data.csv') return response.writeHead(404).end('no such file')
    response.setHeader('content-length', 5)
    if (cuts-- > 0) {
      response.write('1,')
      return setTimeout(() => response.destroy(), 10)
    }
    return response.end('1,2,3')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

const KEYS = ['data/a b&c.csv', 'data/deep/er/x.txt', 'data/empty/', 'data-other/y.txt']

/** One key a page, as a server that speaks S3 lists them. */
function listing(prefix: string, token: string | null): string {
  const keys = KEYS.filter(key => key.startsWith(prefix))
  const at = token === null ? 0 : Number(token.replace('<+/=', ''))
  const [key] = keys.slice(at)
  const more = at + 1 < keys.length
  const entry = `<Contents><Key>${encodeURIComponent(key ?? '')}</Key><Size>${`of ${key}`.length}</Size></Contents>`
  return `<?xml version="1.0"?><ListBucketResult><IsTruncated>${more}</IsTruncated>${key === undefined ? '' : entry}${
    more ? `<NextContinuationToken>&lt;+/=${at + 1}</NextContinuationToken>` : ''
  }</ListBucketResult>`
}

/** As a server does it: the time is that of the request. */
function isSigned(request: IncomingMessage): boolean {
  const time = String(request.headers['x-amz-date'])
  const at = Date.parse(time.replace(/^(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'))
  return signedHeaders(new URL(request.url ?? '', base), {}, SECRET, at).authorization === request.headers.authorization
}

function urls(more: { limit?: number; patience?: number; env?: NodeJS.ProcessEnv } = {}) {
  const log = pino({ level: 'silent' })
  const cache = openCache({ folder: join(folder, 'cache'), hub: base, timing, log, limit: 1e9, token: () => '' })
  return openUrls({ folder: join(folder, 'urls'), cache, timing, limit: 1e6, env: {}, ...more })
}
const told: string[] = []
const kept = (content: Content | undefined): string => content?.files[0]?.kept ?? ''
const get = (of: ReturnType<typeof urls>, location: string, experiment = 'e1', signal = new AbortController().signal) =>
  of.fetch(experiment, location, signal, words => told.push(words))

test('one download serves all trials of an experiment, also after a restart; the content is kept once', async () => {
  const first = urls()
  const all = await Promise.all([1, 2, 3].map(() => get(first, `${base}/data.csv`)))
  expect(new Set(all.map(kept)).size).toBe(1)
  expect(readFileSync(kept(all[0]), 'utf8')).toBe('1,2,3')
  expect(all[0]).toMatchObject({ name: 'data.csv', files: [{ path: null, size: 5 }] })
  await get(urls(), `${base}/data.csv`)
  expect(asked).toEqual(['/data.csv'])
  expect(kept(await get(first, `${base}/data.csv`, 'e2'))).toBe(kept(all[0]))
  expect(kept(await get(first, `${base}/moved`))).toBe(kept(all[0]))
  expect(readdirSync(join(folder, 'urls')).filter(name => name.endsWith('.part'))).toEqual([])
})

test('anything but 2xx is refused at once, with URL and status', async () => {
  const refusal = get(urls(), `${base}/missing.csv`)
  await expect(refusal).rejects.toThrow(UrlRefused)
  await expect(refusal).rejects.toThrow(`${base}/missing.csv answered 404 Not Found`)
  expect(asked).toHaveLength(1)
})

test('a URL with #sha256= is fetched when that is its content, and refused when it is not', async () => {
  const right = createHash('sha256').update('1,2,3').digest('hex')
  expect((await get(urls(), `${base}/data.csv#sha256=${right}`)).name).toBe('data.csv')
  const wrong = get(urls(), `${base}/data.csv#sha256=${'0'.repeat(64)}`)
  await expect(wrong).rejects.toThrow(UrlRefused)
  await expect(wrong).rejects.toThrow(
    `data.csv has the SHA-256 ${right}, and the experiment asks for ${'0'.repeat(64)}`,
  )
  expect(asked).toEqual(['/data.csv', '/data.csv'])
  expect(readdirSync(join(folder, 'urls')).filter(name => name.endsWith('.part'))).toEqual([])
})

test('an agent that starts removes what a download left and the notes of a month ago', async () => {
  await get(urls(), `${base}/data.csv`)
  const notes = join(folder, 'urls')
  const [young = ''] = readdirSync(notes)
  writeFileSync(join(notes, 'a.part'), 'half')
  writeFileSync(join(notes, 'b.json'), '{}')
  const old = Date.now() / 1000 - 31 * 24 * 3600
  utimesSync(join(notes, 'b.json'), old, old)
  urls()
  expect(readdirSync(notes)).toEqual([young])
})

test('what is cut off is fetched again; what is too large or stays silent is given up', async () => {
  cuts = 2
  expect(readFileSync(kept(await get(urls(), `${base}/data.csv`)), 'utf8')).toBe('1,2,3')
  expect(asked).toHaveLength(3)
  await expect(get(urls({ limit: 4 }), `${base}/data.csv`, 'e2')).rejects.toThrow(UrlRefused)
  await expect(get(urls({ patience: 50 }), `${base}/silent`)).rejects.toThrow('no byte in 0.05 s')
})

test('who waits for the download of another goes on when that one is ended', async () => {
  const mine = urls()
  const ending = new AbortController()
  const first = get(mine, `${base}/data.csv`, 'e1', ending.signal)
  const second = get(mine, `${base}/data.csv`)
  ending.abort(new Error('ended'))
  await expect(first).rejects.toThrow('ended')
  expect((await second).files[0]?.size).toBe(5)
})

test('s3:// is asked for with the signature of the agent’s credentials, at the endpoint of its environment', async () => {
  const env = {
    AWS_ACCESS_KEY_ID: SECRET.accessKey,
    AWS_SECRET_ACCESS_KEY: SECRET.secretKey,
    AWS_REGION: SECRET.region,
    AWS_ENDPOINT_URL: base,
  }
  const found = await get(urls({ env }), 's3://bucket/a folder/x(1)+é.csv')
  expect(readFileSync(kept(found), 'utf8')).toBe('object')
  expect(found.name).toBe('x_1_.csv'.replace('_.', '_.'))
  expect(asked).toEqual(['/bucket/a%20folder/x%281%29%2B%C3%A9.csv'])
  const wrong = urls({ env: { ...env, AWS_SECRET_ACCESS_KEY: 'other' } })
  await expect(get(wrong, 's3://bucket/x.csv')).rejects.toThrow('s3://bucket/x.csv answered 403')
  await expect(get(urls({ env }), 's3://bucket/../x.csv')).rejects.toThrow(UrlRefused)
})

test('an s3:// that is no object is the folder of all that lies below it (RSC-4)', async () => {
  const env = {
    AWS_ACCESS_KEY_ID: SECRET.accessKey,
    AWS_SECRET_ACCESS_KEY: SECRET.secretKey,
    AWS_REGION: SECRET.region,
    AWS_ENDPOINT_URL: base,
  }
  const mine = urls({ env })
  for (const location of ['s3://bucket/data', 's3://bucket/data/']) {
    const { name, files } = await get(mine, location)
    expect(name).toBe('data')
    expect(files.map(file => [file.path, readFileSync(file.kept, 'utf8')])).toEqual([
      ['a b&c.csv', 'of data/a b&c.csv'],
      ['deep/er/x.txt', 'of data/deep/er/x.txt'],
    ])
  }
  asked = []
  await get(urls({ env }), 's3://bucket/data')
  expect(asked).toEqual([])
  await expect(get(mine, 's3://bucket/data/none')).rejects.toThrow('s3://bucket/data/none answered 404')
  await expect(get(mine, 's3://bucket/data/none/')).rejects.toThrow('nothing in the bucket begins so')
  await expect(get(mine, `s3://bucket/data#sha256=${'0'.repeat(64)}`)).rejects.toThrow('is a folder')
  await expect(get(urls({ env, limit: 20 }), 's3://bucket/data', 'e2')).rejects.toThrow('more than 20')
  expect(readdirSync(join(folder, 'urls')).filter(file => file.endsWith('.part'))).toEqual([])
})

test('signs the example of the documentation of AWS as it says', () => {
  const { authorization } = signedHeaders(
    new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
    { range: 'bytes=0-9' },
    {
      accessKey: 'AKIAIOSFODNN7EXAMPLE',
      secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      sessionToken: null,
      region: 'us-east-1',
    },
    Date.UTC(2013, 4, 24),
  )
  expect(authorization).toContain('Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41')
})

test('S9: the agent fetches; a 404 is a configuration failure, a file stands in the folder, and the output tells of it', async () => {
  const house = await openHouse()
  try {
    await house.agent()
    const assign = (attempt: string, location: string) =>
      house.hub.send('assign', {
        attempt,
        spec: specOf(attempt, {}, { resources: { data: { kind: 'cluster', location } } }),
      })
    await assign('a-1', `${base}/data.csv`)
    await assign('a-2', `${base}/gone.csv`)
    const [good, bad] = [
      await until(() => house.hub.ledger('a-1').ended),
      await until(() => house.hub.ledger('a-2').ended),
    ]
    expect(good.exit).toEqual({ kind: 'done' })
    expect(Buffer.from(house.hub.ledger('a-1').bytes.stderr).toString()).toContain(`fetched ${base}/data.csv`)
    const message = `resource data: ${base}/gone.csv answered 404 Not Found`
    expect(bad.exit).toMatchObject({ kind: 'failed', failure: { class: 'configuration', message } })
  } finally {
    await house.close()
  }
})

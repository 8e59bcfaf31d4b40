/** A small npm registry on this machine for tests: packuments and tarballs of what a test publishes. Asks nobody else. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

export interface Registry {
  readonly url: string
  /** `damaged`: the tarball is not what its integrity says. */
  publish(
    about: { readonly name: string; readonly version: string; readonly [key: string]: unknown },
    files: Files,
    damaged?: boolean,
  ): void
  close(): Promise<void>
}
type Files = { readonly [path: string]: string }

export async function openRegistry(): Promise<Registry> {
  const dir = mkdtempSync(join(tmpdir(), 'flambe-registry-'))
  const versions = new Map<string, { [version: string]: object }>()
  const tarballs = new Map<string, Buffer>()
  const server = createServer(({ url = '' }, response) => {
    const path = decodeURIComponent(url).slice(1)
    const tarball = tarballs.get(path)
    if (tarball !== undefined) return response.end(tarball)
    const found = versions.get(path)
    if (found === undefined)
      return response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}')
    const latest = Object.keys(found).at(-1)
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify({ name: path, 'dist-tags': { latest }, versions: found }))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  return {
    url,
    publish(about, files, damaged = false) {
      const { name, version } = about
      const file = `${name.replace('/', '-')}-${version}.tgz`
      const root = join(dir, file, 'package')
      for (const [path, text] of Object.entries({ 'package.json': JSON.stringify(about), ...files })) {
        mkdirSync(dirname(join(root, path)), { recursive: true })
        writeFileSync(join(root, path), text)
      }
      execFileSync('tar', ['-czf', join(dir, `${file}.out`), '-C', join(dir, file), 'package'])
      const data = readFileSync(join(dir, `${file}.out`))
      const integrity = `sha512-${createHash('sha512').update(data).digest('base64')}`
      tarballs.set(file, damaged ? Buffer.concat([data, Buffer.alloc(8)]) : data)
      const known = versions.get(name) ?? {}
      known[version] = { ...about, dist: { tarball: `${url}/${file}`, integrity } }
      versions.set(name, known)
    },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

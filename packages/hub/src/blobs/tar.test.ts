import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type TarEntry, tar } from './tar.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'flambe-tar-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const entry = (name: string, content: string, size = Buffer.byteLength(content)): TarEntry => ({
  name,
  size,
  time: 1_700_000_000,
  content: async function* () {
    yield Buffer.from(content)
  },
})

async function pack(...entries: TarEntry[]): Promise<Buffer> {
  async function* all() {
    yield* entries
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of tar(all())) chunks.push(chunk)
  return Buffer.concat(chunks)
}

it('is read by the system tar: empty files, long and non-ASCII names, sizes around a block', async () => {
  const long = `deep/${'folder-with-a-long-name/'.repeat(8)}weights.bin`
  const contents: Record<string, string> = {
    'a.txt': 'hello',
    empty: '',
    [long]: 'long',
    [`größe/${'ü'.repeat(80)}.txt`]: 'umlauts',
    'block-511': 'x'.repeat(511),
    'block-512': 'x'.repeat(512),
    'block-513': 'x'.repeat(513),
  }
  const packed = await pack(...Object.entries(contents).map(([name, content]) => entry(name, content)))
  expect(packed.length % 512).toBe(0)
  await writeFile(join(dir, 'x.tar'), packed)
  execFileSync('tar', ['-xf', 'x.tar'], { cwd: dir })
  for (const [name, content] of Object.entries(contents)) expect(await readFile(join(dir, name), 'utf8')).toBe(content)
})

it('stops when a content has another size than was told', async () => {
  await expect(pack(entry('short', 'abc', 5))).rejects.toThrow('short has 3 bytes, not 5')
})

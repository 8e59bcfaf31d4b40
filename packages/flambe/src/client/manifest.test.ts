/** What is sent with an experiment: every file by content, what `.gitignore` names left out, nothing from outside. */
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { localManifest } from './manifest.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'flambe-manifest-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

const write = (path: string, text: string) => {
  mkdirSync(join(dir, path, '..'), { recursive: true })
  writeFileSync(join(dir, path), text)
}
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

describe('a manifest', () => {
  it('names a single file by its own name, size and content', async () => {
    write('data.csv', 'a,b\n')
    const { manifest, sources } = await localManifest(join(dir, 'data.csv'))
    expect(manifest).toEqual({ kind: 'file', files: [{ path: 'data.csv', sha256: sha('a,b\n'), size: 4 }] })
    expect(sources.get(sha('a,b\n'))).toBe(join(dir, 'data.csv'))
  })

  it('lists a folder in one order, executables marked, .git and node_modules left out', async () => {
    write('z.py', '1')
    write('pkg/a.py', '2')
    write('.git/config', 'x')
    write('node_modules/m/index.js', 'x')
    write('run.sh', '3')
    chmodSync(join(dir, 'run.sh'), 0o755)
    const { manifest } = await localManifest(dir)
    expect(manifest.files.map(f => [f.path, f.executable ?? false])).toEqual([
      ['pkg/a.py', false],
      ['run.sh', true],
      ['z.py', false],
    ])
  })

  it('respects .gitignore files, each from its own folder down', async () => {
    write('.gitignore', '*.log\nout/\n')
    write('a.log', 'x')
    write('out/b.txt', 'x')
    write('sub/.gitignore', '!keep.log\nsecret\n')
    write('sub/secret', 'x')
    write('sub/c.txt', 'x')
    write('secret', 'kept: the rule stands in sub')
    const { manifest } = await localManifest(dir)
    expect(manifest.files.map(f => f.path)).toEqual(['.gitignore', 'secret', 'sub/.gitignore', 'sub/c.txt'])
  })

  it('refuses a link that leaves the folder, and follows one that does not', async () => {
    write('in/a.txt', '1')
    symlinkSync(join(dir, 'in', 'a.txt'), join(dir, 'in', 'b.txt'))
    expect((await localManifest(join(dir, 'in'))).manifest.files.length).toBe(2)
    write('outside.txt', '2')
    symlinkSync(join(dir, 'outside.txt'), join(dir, 'in', 'c.txt'))
    await expect(localManifest(join(dir, 'in'))).rejects.toThrow('leaves')
  })
})

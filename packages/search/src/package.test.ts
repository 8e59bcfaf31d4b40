// The package as others get it: packed, installed into an empty folder, and used by plain Node and by a TypeScript compiler there.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pack } from '../scripts/pack.ts'

const folder = mkdtempSync(join(tmpdir(), 'search-package-'))
const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const [first = '', second = ''] = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code)
const loss = '(a, step = 1) => Math.abs(Math.log10(Number(a.lr)) + 3) + Number(a.layers) / 10 + 1 / step'

function node(file: string, code: string): string {
  writeFileSync(join(folder, file), code)
  return execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8' })
}

beforeAll(() => {
  const tarball = pack(folder)
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: folder, stdio: 'pipe' })
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the package', () => {
  it('runs the lines of its README with plain Node, ask and tell in five', () => {
    expect(
      first
        .trim()
        .split('\n')
        .filter(line => line !== '').length,
    ).toBeLessThanOrEqual(6)
    const plain = `${first}${second}`.replaceAll(' as const', '')
    const printed = node('plain.js', `const loss = ${loss}\n${plain}`)
    const bests = [...printed.matchAll(/value: ([\d.]+)/g)].map(([, value]) => Number(value))
    expect(bests).toHaveLength(2)
    // The least is 0.1, and 1 more at step 1.
    expect(bests[0]).toBeGreaterThan(1.1)
    expect(bests[0]).toBeLessThan(1.6)
    expect(bests[1]).toBeLessThan(0.7)
  })

  it('has all that its exports name', () => {
    const code = (path: string) =>
      `import * as all from '@flambe/search${path}'\nconsole.log(Object.keys(all).sort().join())`
    expect(node('a.js', code(''))).toContain('createScheduler,createSearch,createStudy')
    expect(node('b.js', code('/insight'))).toContain('pedAnova')
    expect(node('c.js', code('/testing'))).toContain('algorithmCases,goldenLoss,schedulerCases')
  })

  it('has types that a strict compiler takes, and that tell what is wrong', () => {
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          module: 'nodenext',
          target: 'es2023',
          lib: ['es2023', 'dom'],
          types: [],
        },
        files: ['typed.ts'],
      }),
    )
    const compile = (code: string) => {
      writeFileSync(join(folder, 'typed.ts'), code)
      try {
        return execFileSync('npx', ['tsc', '-p', folder], { cwd: join(import.meta.dirname, '..'), encoding: 'utf8' })
      } catch (error) {
        return String((error as { stdout?: unknown }).stdout)
      }
    }
    const typed = `const loss = ${loss.replace('(a,', '(a: { readonly [name: string]: unknown },')}\n${first}${second}`
    expect(compile(typed)).toBe('')
    expect(compile(typed.replace("mode: 'min'", "mode: 'least'"))).toContain('\'"least"\' is not assignable')
  })
})

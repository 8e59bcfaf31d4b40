/** Each import rule is shown failing on a small tree that breaks it: a rule that cannot fail is no rule. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { table } from '../.dependency-cruiser.mjs'
import { check } from './imports.mjs'

const made: string[] = []
afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
})

/** Writes a tree of files and returns the names of the rules that it breaks. */
async function broken(files: Record<string, string>): Promise<string[]> {
  const dir = mkdtempSync(join(tmpdir(), 'flambe-imports-'))
  made.push(dir)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  const { cruised, violations } = await check(['.'], dir)
  expect(cruised).toBeGreaterThan(0)
  return violations.map(v => v.rule)
}

/** A place that the room may not import: another room that is not on its list. */
const forbiddenFor = (room: string, may: readonly string[]) =>
  Object.keys(table).find(
    other => other !== room && !may.some(m => other.startsWith(m) || m.startsWith(other)),
  ) as string

const up = (room: string) => '../'.repeat(room.split('/').length + 1)

describe('import rules', () => {
  for (const [room, may] of Object.entries(table)) {
    it(`${room} may import only ${may.join(', ') || 'nothing of ours'}`, async () => {
      const other = forbiddenFor(room, may)
      const rules = await broken({
        [`${room}/src/a.ts`]: `import { b } from '${up(room)}${other}/src/b.ts'\nexport const a = b\n`,
        [`${other}/src/b.ts`]: 'export const b = 1\n',
      })
      expect(rules).toContain(`room:${room}`)
    })
    const [first] = may
    if (first !== undefined)
      it(`${room} may import ${first}`, async () => {
        const target = first.includes('/src') ? `${first}/b.ts` : `${first}/src/b.ts`
        const rules = await broken({
          [`${room}/src/a.ts`]: `import { b } from '${up(room)}${target}'\nexport const a = b\n`,
          [target]: 'export const b = 1\n',
        })
        expect(rules).toEqual([])
      })
  }

  for (const room of ['packages/language', 'packages/engine', 'packages/protocol']) {
    it(`${room} uses no Node builtin`, async () => {
      expect(
        await broken({
          [`${room}/src/a.ts`]: "import { readFileSync } from 'node:fs'\nexport const a = readFileSync\n",
        }),
      ).toContain(`pure:${room}`)
    })
    it(`${room} uses no library beyond its own`, async () => {
      const rules = await broken({
        [`${room}/src/a.ts`]: "import x from 'left-pad'\nexport const a = x\n",
        'node_modules/left-pad/package.json': '{"name":"left-pad","main":"index.js"}',
        'node_modules/left-pad/index.js': 'module.exports = 1\n',
      })
      expect(rules).toContain(`libraries:${room}`)
    })
  }

  it('no file imports itself in a circle', async () => {
    const rules = await broken({
      'packages/hub/src/a.ts': "import { b } from './b.ts'\nexport const a = () => b\n",
      'packages/hub/src/b.ts': "import { a } from './a.ts'\nexport const b = () => a\n",
    })
    expect(rules).toContain('no-circular')
  })
})

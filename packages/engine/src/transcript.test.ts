/** The stories in testdata/. `REWRITE=1 npx vitest run packages/engine` writes what the engine says now; read the diff. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { runTranscript } from './testing/index.ts'

const folder = new URL('../testdata/', import.meta.url)
const stories = readdirSync(folder).filter(name => name.endsWith('.txt'))

for (const name of stories)
  it(`tells the story ${name}`, () => {
    const file = new URL(name, folder)
    const told = runTranscript(readFileSync(file, 'utf8'))
    if (process.env.REWRITE) writeFileSync(file, told)
    expect(readFileSync(file, 'utf8')).toBe(told)
  })

it('has stories to tell, and would notice a wrong one', () => {
  expect(stories.length).toBeGreaterThan(8)
  expect(runTranscript('agent g1 cpu=4\n----\nnonsense')).not.toContain('nonsense')
})

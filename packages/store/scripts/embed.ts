/**
 * Writes src/migrations.ts from drizzle/: a bundle has no folder to read migrations from. `pnpm migrations` in this package
 * runs drizzle-kit and then this; migrations.test.ts fails when the two are out of step.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

export function embedded(): string {
  const journal: { readonly entries: readonly { readonly tag: string }[] } = JSON.parse(
    readFileSync(at('drizzle/meta/_journal.json'), 'utf8'),
  )
  const entries = journal.entries.map(entry => {
    const sql = readFileSync(at(`drizzle/${entry.tag}.sql`), 'utf8')
    const statements = sql.split('--> statement-breakpoint').map(s => s.trim())
    return `  {\n    tag: ${JSON.stringify(entry.tag)},\n    statements: [\n${statements
      .map(s => `      ${JSON.stringify(s)},\n`)
      .join('')}    ],\n  },\n`
  })
  return `/** Generated from drizzle/ by scripts/embed.ts; do not edit. */
// biome-ignore format: generated
export const MIGRATIONS: readonly { readonly tag: string; readonly statements: readonly string[] }[] = [
${entries.join('')}]
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(at('src/migrations.ts'), embedded())

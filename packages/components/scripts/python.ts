/** Writes python/flambe.py into src/script/flambe-py.ts, because the trial runtime is one bundle. A test holds them in step. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

export const embedded = (python: string): string => {
  const text = python.replace(/[\\`]|\$\{/g, found => `\\${found}`)
  return `/** Generated from python/flambe.py by scripts/python.ts. */\nexport const FLAMBE_PY = \`${text}\`\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(at('src/script/flambe-py.ts'), embedded(readFileSync(at('python/flambe.py'), 'utf8')))

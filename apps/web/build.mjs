/** Bundles server/main.ts to dist/server.mjs: ESM, native and Next's own parts left outside. `next build` makes the pages. */
import { rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const at = path => fileURLToPath(new URL(path, import.meta.url))

await rm(at('dist'), { recursive: true, force: true })
await build({
  entryPoints: [at('server/main.ts')],
  outfile: at('dist/server.mjs'),
  bundle: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  sourcemap: true,
  legalComments: 'none',
  external: ['next', 'better-sqlite3', 'bufferutil', 'utf-8-validate'],
  // CommonJS packages inside the bundle call require for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
})

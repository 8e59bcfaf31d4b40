/**
 * Bundles command and API into `dist` (or another folder, for tests): one file a subcommand, loaded when called, so that
 * `flambe plan` starts fast; `index.mjs` is the API.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build as bundle } from 'esbuild'

export async function build(outdir, sourcemap) {
  rmSync(outdir, { recursive: true, force: true })
  await bundle({
    absWorkingDir: import.meta.dirname,
    entryPoints: { main: 'src/cli/main.ts', index: 'src/index.ts' },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: sourcemap ? 'linked' : false,
    external: ['better-sqlite3', 'bufferutil', 'utf-8-validate'],
    banner: {
      js: "import { createRequire as nodeRequire } from 'node:module'; const require = nodeRequire(import.meta.url);",
    },
    logLevel: 'warning',
  })
}

if (process.argv[1] === import.meta.filename) await build(process.argv[2] ?? join(import.meta.dirname, 'dist'), true)

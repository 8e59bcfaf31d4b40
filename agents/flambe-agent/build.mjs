/**
 * Builds dist/: agent.mjs, trial.mjs (the trial runtime with TensorFlow.js) and its .wasm files, build.json {version, build}, and flambe-agent.tgz, the npm package of the same files without
 * dependencies. Run by turbo; the hub serves what stands here. `build` is the hash of all that runs.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
// Written aside: an agent that runs from dist finds whole files at any time.
const dist = join(here, 'node_modules', '.dist')
const { name, version, license, description, engines, bin } = JSON.parse(
  readFileSync(join(here, 'package.json'), 'utf8'),
)

rmSync(dist, { recursive: true, force: true })
mkdirSync(dist)

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
  // Some dependencies are CommonJS and call require for Node's own modules; the trial runtime also finds itself by it.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __toPath } from 'node:url'; const require = __createRequire(import.meta.url); const __filename = __toPath(import.meta.url); const __dirname = __toPath(new URL('.', import.meta.url));",
  },
}
// Speed-ups of the WebSocket library that need a compiler; it tries them and does without.
const native = ['bufferutil', 'utf-8-validate']

await build({ ...common, entryPoints: [join(here, 'src/main.ts')], outfile: join(dist, 'agent.mjs'), external: native })
await build({
  ...common,
  entryPoints: [fileURLToPath(import.meta.resolve('@flambe/components/trial'))],
  outfile: join(dist, 'trial.mjs'),
  // Tags, kinds and save folders are made of class names.
  keepNames: true,
  // Found on the machine, if the user has put them there.
  external: [
    ...native,
    'webgpu',
    '@tensorflow/tfjs-node',
    '@tensorflow/tfjs-node-gpu',
    '@tensorflow/tfjs-backend-webgpu',
  ],
})
const wasm = dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm/package.json')))
for (const file of readdirSync(join(wasm, 'dist'))) {
  // Threads are off in Node by design (stack.md, B3), so their build stays out.
  if (file.endsWith('.wasm') && !file.includes('threaded')) copyFileSync(join(wasm, 'dist', file), join(dist, file))
}

const hash = createHash('sha256').update(version)
for (const file of readdirSync(dist).sort()) hash.update(file).update(readFileSync(join(dist, file)))
writeFileSync(join(dist, 'build.json'), JSON.stringify({ version, build: hash.digest('hex').slice(0, 12) }))

const stage = join(dist, 'stage')
mkdirSync(join(stage, 'bin'), { recursive: true })
mkdirSync(join(stage, 'dist'))
cpSync(join(here, 'bin'), join(stage, 'bin'), { recursive: true })
chmodSync(join(stage, 'bin/flambe-agent.mjs'), 0o755)
for (const file of readdirSync(dist)) if (file !== 'stage') copyFileSync(join(dist, file), join(stage, 'dist', file))
copyFileSync(join(here, '../../LICENSE'), join(stage, 'LICENSE'))
const manifest = { name, version, description, license, type: 'module', engines, bin, files: ['bin', 'dist'] }
writeFileSync(join(stage, 'package.json'), JSON.stringify(manifest, null, 2))
const [packed] = JSON.parse(
  execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', dist], {
    cwd: stage,
    encoding: 'utf8',
  }),
)
renameSync(join(dist, packed.filename), join(dist, 'flambe-agent.tgz'))
rmSync(stage, { recursive: true })

rmSync(join(here, 'dist'), { recursive: true, force: true })
renameSync(dist, join(here, 'dist'))

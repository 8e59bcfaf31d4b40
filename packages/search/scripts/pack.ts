/**
 * Packs the package for npm: JavaScript and declarations of `src` in a folder with a package.json of its own, and a tarball of it.
 * `node scripts/pack.ts [FOLDER]` (default `dist`) prints the tarball's path; `npm publish TARBALL` is left to people.
 * In the workspace the exports name the sources, which Node does not read inside of node_modules.
 */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = join(import.meta.dirname, '..')

/** The path of the tarball. Throws what the compiler or npm said when they fail. */
export function pack(folder: string): string {
  const out = join(folder, 'package')
  rmSync(out, { recursive: true, force: true })
  mkdirSync(out, { recursive: true })
  run('npx', ['tsc', '-p', 'tsconfig.publish.json', '--outDir', out], root)
  const { name, version, description, type, license, exports } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as Manifest
  const published = Object.entries(exports).map(([path, source]) => {
    const built = source.replace('./src/', './').replace(/\.ts$/, '')
    return [path, { types: `${built}.d.ts`, default: `${built}.js` }]
  })
  const manifest = {
    name,
    version,
    description,
    type,
    license,
    sideEffects: false,
    engines: { node: '>=20' },
    exports: Object.fromEntries(published),
  }
  writeFileSync(join(out, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  copyFileSync(join(root, 'README.md'), join(out, 'README.md'))
  copyFileSync(join(root, '../../LICENSE'), join(out, 'LICENSE'))
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], out)) as {
    filename: string
  }[]
  if (packed === undefined) throw new Error('npm packed nothing')
  return join(folder, packed.filename.replace('@', '').replace('/', '-'))
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly type: string
  readonly license: string
  readonly exports: { readonly [path: string]: string }
}

function run(command: string, args: readonly string[], cwd: string): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

if (process.argv[1] === import.meta.filename) console.log(pack(resolve(process.argv[2] ?? join(root, 'dist'))))

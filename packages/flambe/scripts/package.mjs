/**
 * Makes the npm package of this folder, `node scripts/package.mjs FOLDER`: the bundled command and API, their types, the built agent
 * beside them, and nothing of the workspace among the dependencies. Prints the path of the .tgz. `dist` and the agent must be
 * built. Called by package.test.ts, and by whoever publishes.
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { build } from '../build.mjs'

const here = resolve(import.meta.dirname, '..')
const root = resolve(here, '../..')

/** @returns path of the .tgz */
export async function makePackage(folder) {
  const stage = join(folder, 'package')
  rmSync(stage, { recursive: true, force: true })
  mkdirSync(stage, { recursive: true })
  await build(join(stage, 'dist'), false)
  declarations(join(stage, 'types'), join(folder, 'declarations'))
  cpSync(join(here, 'bin'), join(stage, 'bin'), { recursive: true })
  const agent = join(root, 'agents/flambe-agent')
  for (const part of ['bin', 'dist'])
    cpSync(join(agent, part), join(stage, 'agent', part), {
      recursive: true,
      filter: from => !from.endsWith('flambe-agent.tgz'),
    })
  const { name, version, type } = JSON.parse(readFileSync(join(agent, 'package.json'), 'utf8'))
  writeFileSync(join(stage, 'agent/package.json'), `${JSON.stringify({ name, version, type })}\n`)
  for (const file of [join(here, 'README.md'), join(root, 'LICENSE')]) cpSync(file, join(stage, file.split('/').at(-1)))
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(published(), null, 2)}\n`)
  const packed = execFileSync('npm', ['pack', '--json', '--ignore-scripts'], { cwd: stage, encoding: 'utf8' })
  return join(stage, JSON.parse(packed)[0].filename)
}

function published() {
  const { name, version, description, license, type, bin, dependencies } = JSON.parse(
    readFileSync(join(here, 'package.json'), 'utf8'),
  )
  return {
    name,
    version,
    description,
    license,
    type,
    bin,
    engines: { node: '>=20' },
    exports: { '.': { types: './types/flambe/index.d.ts', default: './dist/index.mjs' } },
    // Everything else is in the bundle.
    dependencies: { 'better-sqlite3': dependencies['better-sqlite3'] },
  }
}

/** What index.d.ts reaches, of this package and of the language, with `.ts` in imports turned into what a consumer resolves. */
function declarations(to, aside) {
  const tsc = join(root, 'node_modules/.bin/tsc')
  const emit = (project, name, rootDir) =>
    execFileSync(
      tsc,
      [
        ...['-p', project, '--noEmit', 'false', '--declaration', '--emitDeclarationOnly'],
        ...['--outDir', join(aside, name), '--rootDir', rootDir],
      ],
      { stdio: 'inherit' },
    )
  emit(join(here, 'tsconfig.declarations.json'), 'flambe', join(here, 'src'))
  emit(join(root, 'packages/language/tsconfig.json'), 'language', join(root, 'packages/language/src'))
  const files = ['flambe/index.d.ts']
  for (const file of files) {
    const text = readFileSync(join(aside, file), 'utf8').replace(
      /(['"])(\.{1,2}\/[^'"]+|@flambe\/language)\1/g,
      (_, __, from) => {
        const target = from.startsWith('@')
          ? 'language/index.d.ts'
          : relative(aside, resolve(aside, dirname(file), from.replace(/\.ts$/, '.d.ts')))
        if (!files.includes(target)) files.push(target)
        const path = relative(dirname(file), target).replace(/\.d\.ts$/, '.js')
        return `'${path.startsWith('.') ? path : `./${path}`}'`
      },
    )
    const foreign = /from '([^.][^']*)'/.exec(text)?.[1]
    if (foreign !== undefined) throw new Error(`${file}: a type of ${foreign} cannot leave the workspace`)
    mkdirSync(dirname(join(to, file)), { recursive: true })
    writeFileSync(join(to, file), text)
  }
}

if (process.argv[1] === import.meta.filename) {
  const folder = resolve(process.argv[2] ?? 'published')
  if (!existsSync(join(root, 'agents/flambe-agent/dist/agent.mjs')))
    throw new Error('the agent is not built: pnpm build')
  process.stdout.write(`${await makePackage(folder)}\n`)
}

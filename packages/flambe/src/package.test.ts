/** The published package: packed, installed into an empty folder without a registry, used from plain Node.js and from TypeScript. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { agentBuilt, folder, tidy } from './testing/command.ts'

afterEach(tidy)

const here = resolve(import.meta.dirname, '..')
const MADE = `import { c, Experiment, g, link, ParsingExperimentError } from 'flambe'
const made = (tag) => new Experiment({
  name: 'packed',
  seed: 1,
  pipeline: {
    a: c(tag, { command: ['sh', '-c', 'echo "::flambe {\\\\"step\\\\": 1, \\\\"metrics\\\\": {\\\\"v\\\\": $1}}"', '-'], args: [g([1, 2])], metric: 'v' }),
    b: c('Script', { command: ['true'], args: [link('a[args][0]')] }),
  },
  reduce: { a: 1 },
})
`

/** Loaded before everything else: the process takes itself for an older Node.js than it is. */
const PRETENDED = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } })
Object.defineProperty(process, 'version', { value: 'v20.19.0' })`
const INSTEAD = /needs Node\.js 22 or newer, this is v20\.\d+\.\d+: .*`flambe run FILE`.*or run it on a hub$/

/** Packs a package of this workspace's store as a registry would have it. @returns path of the .tgz */
function pack(from: string, to: string): string {
  const out = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', to, from], {
    encoding: 'utf8',
  })
  return join(to, JSON.parse(out)[0].filename)
}

it.skipIf(!agentBuilt)('installs and runs anywhere, with its types', { timeout: 180_000 }, () => {
  const tgz = folder()
  const path = execFileSync(process.execPath, [join(here, 'scripts/package.mjs'), tgz], { encoding: 'utf8' }).trim()
  const sqlite = realpathSync(join(here, 'node_modules/better-sqlite3'))
  const needed = [sqlite, join(sqlite, '../node-addon-api')].map(from => pack(from, tgz))

  const empty = folder()
  const quiet = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  writeFileSync(join(empty, 'package.json'), '{"private": true, "type": "module"}\n')
  execFileSync('npm', ['install', ...quiet, path, ...needed], { cwd: empty, stdio: 'pipe' })
  expect(readdirSync(join(empty, 'node_modules')).filter(name => !name.startsWith('.'))).toEqual([
    'better-sqlite3',
    'flambe',
    'node-addon-api',
  ])

  writeFileSync(
    join(empty, 'look.mjs'),
    `${MADE}
const { plan } = await made('Script').parse()
await made('Script').dumpExperimentFile('out.yaml')
const wrong = await made('Scrpt').parse().catch(error => error)
console.log(JSON.stringify([plan.blocks.map(b => b.count), wrong instanceof ParsingExperimentError, wrong.problems[0].hint]))`,
  )
  // The oldest Node.js that is to work, where the machine has one, beside the one of the tests.
  const old = '/usr/bin/node'
  const version = existsSync(old) ? execFileSync(old, ['--version'], { encoding: 'utf8' }) : ''
  const older = version.startsWith('v20.') ? [old] : []
  const nodes = [process.execPath, ...older]
  const env = { ...process.env, HOME: folder(), NO_COLOR: '1' }
  const node = (program: string, file: string) =>
    execFileSync(program, [file], { cwd: empty, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  for (const program of nodes)
    expect(JSON.parse(node(program, 'look.mjs'))).toEqual([[2, 2], true, 'did you mean !Script?'])
  expect(readFileSync(join(empty, 'out.yaml'), 'utf8')).toContain('!Script')

  writeFileSync(
    join(empty, 'refused.mjs'),
    `import { ExperimentError } from 'flambe'
${MADE}
const refused = await made('Script').run({ slots: 1 }).catch(error => error)
console.log(JSON.stringify([refused instanceof ExperimentError, refused.phase, refused.message]))`,
  )
  // A run needs a newer one: said before anything is touched, with what to do instead. Where there is no old one, one that claims to be.
  const pretended = ['--import', `data:text/javascript,${encodeURIComponent(PRETENDED)}`]
  for (const [program, ...options] of [[process.execPath, ...pretended], ...older.map(one => [one])]) {
    const said = execFileSync(program as string, [...options, 'refused.mjs'], { cwd: empty, env, encoding: 'utf8' })
    expect(JSON.parse(said)).toEqual([true, 'check', expect.stringMatching(INSTEAD)])
  }
  expect(existsSync(join(empty, 'flambe-output'))).toBe(false)

  writeFileSync(join(empty, 'run.mjs'), `${MADE}await made('Script').run({ slots: 1 })`)
  expect(node(process.execPath, 'run.mjs')).toContain('success')
  const results = join(empty, 'flambe-output/output__packed')
  expect(JSON.parse(readFileSync(join(results, 'progress.json'), 'utf8'))).toMatchObject({ state: 'success' })
  const command = join(empty, 'node_modules/.bin/flambe')
  expect(execFileSync(command, ['plan', 'out.yaml'], { cwd: empty, env, encoding: 'utf8' })).toContain('packed')

  mkdirSync(join(empty, 'src'))
  const typed = (text: string) => {
    writeFileSync(join(empty, 'src/x.ts'), `import { c, Experiment, type Plan } from 'flambe'\n${text}`)
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', '']
    try {
      execFileSync(join(here, '../../node_modules/.bin/tsc'), [...options, 'src/x.ts'], {
        cwd: empty,
        encoding: 'utf8',
      })
      return ''
    } catch (error) {
      return (error as { stdout: string }).stdout
    }
  }
  const use = (lr: string) =>
    `const e = new Experiment({ name: 'x', pipeline: { a: c('Adam', { lr: ${lr} }) } })\nexport const n: Promise<Plan> = e.parse().then(p => p.plan)\n`
  expect(typed(use('0.1'))).toBe('')
  expect(typed(use("'fast'"))).toMatch(/TS2322/)
})

/** `pnpm bench` lists the bench scripts of all rooms; `pnpm bench NAME [args]` runs one. They print medians and ratios. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './workspace.mjs'

const rooms = ['packages', 'agents', 'apps'].flatMap(top => readdirSync(join(root, top)).map(name => join(top, name)))
const benches = rooms
  .map(room => join(room, 'bench'))
  .filter(dir => existsSync(join(root, dir)))
  .flatMap(dir => readdirSync(join(root, dir)).map(file => join(dir, file)))
  .filter(file => /^\/\*\*/.test(readFileSync(join(root, file), 'utf8')))

const nameOf = file =>
  file
    .split('/')
    .at(-1)
    .replace(/\.\w+$/, '')
const [wanted, ...args] = process.argv.slice(2)
if (wanted === undefined) {
  for (const file of benches) {
    const about = /^\/\*\*[\s*]*([^\n]+)/.exec(readFileSync(join(root, file), 'utf8'))?.[1] ?? ''
    process.stdout.write(`${nameOf(file).padEnd(16)} ${file.padEnd(40)} ${about.replace(/\s*\*\/$/, '')}\n`)
  }
} else {
  const file = benches.find(f => nameOf(f) === wanted || f === wanted)
  if (file === undefined) {
    process.stderr.write(`no bench ${wanted}; \`pnpm bench\` lists them\n`)
    process.exit(2)
  }
  process.exit(
    spawnSync(process.execPath, ['--expose-gc', join(root, file), ...args], { stdio: 'inherit', cwd: root }).status ??
      1,
  )
}

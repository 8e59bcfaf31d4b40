#!/usr/bin/env node
// Checked in, so that the workspace links a bin before anything is built. Runs on any Node: no syntax newer than 14 here.
import { existsSync } from 'node:fs'

if (Number(process.versions.node.split('.')[0]) < 20) {
  process.stderr.write(
    `flambe-agent: needs Node 20 or newer, this is ${process.version}. Install a newer one: https://nodejs.org\n`,
  )
  process.exit(2)
}
const built = new URL('../dist/agent.mjs', import.meta.url)
if (!existsSync(built)) {
  process.stderr.write('flambe-agent: not built yet. In a checkout run: npm start\n')
  process.exit(2)
}
await import(built.href)

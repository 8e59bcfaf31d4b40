#!/usr/bin/env node
// The `flambe` command: finds the right Node.js, then runs the built command (or, in a checkout not yet built, its sources).
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { underRightNode } from './right-node.mjs'

await underRightNode(fileURLToPath(import.meta.url))
const built = new URL('../dist/main.mjs', import.meta.url)
const { main } = await import(existsSync(built) ? built.href : new URL('../src/cli/main.ts', import.meta.url).href)
process.exitCode = await main(process.argv.slice(2))
// A handle that stayed open must not keep a finished command; what is still to be written has this long.
setTimeout(() => process.exit(), 1000).unref()

/**
 * The trial process: `main ATTEMPT_FOLDER` runs one attempt, `main --spare BACKEND` waits for attempts, one after the other (spare.ts),
 * `main --pack FOLDER` and `main --describe NAME FOLDER` make an extension's folder ready and tell what it brings (extension/),
 * `main --probe BACKEND` tries one rung of the backend ladder and prints one JSON line. Started by the agent, which bundles this file; a bundler must keep class names (esbuild: keepNames),
 * because tags, kinds and save folders are made of them. Exit code: 0 done, paused or stopped; 1 failed; 2 wrong call;
 * 75 another process has this attempt.
 */
import { resolve } from 'node:path'
import { Component } from '../core/component.ts'
import { claim } from './claim.ts'
import { classify, watchEnding } from './ending.ts'
import { watchWishes } from './wishes.ts'

/** ms that a description takes; whoever started it ends it before, unless it was killed itself. */
const LONGEST = 90_000

const [first, second, third] = process.argv.slice(2)
if (Component.name !== 'Component') throw new Error('this bundle has lost its class names: build it with keepNames')

// The agent's, for this program alone.
delete process.env.NODE_COMPILE_CACHE

// No await at the top: an event loop that runs dry is for ending.ts to tell.
main().catch(error => {
  console.error(error)
  process.exitCode = 1
})

async function main(): Promise<void> {
  if (first === '--probe' && second !== undefined) await probeBackend(second)
  else if (first === '--pack' && second !== undefined) await packFolder(second)
  else if (first === '--describe' && second !== undefined && third !== undefined) await tell(second, third)
  else if (first === '--spare' && second !== undefined) {
    const { wait } = await import('./spare.ts')
    await wait(second, third === 'once')
    process.exit()
  } else if (first !== undefined && !first.startsWith('-')) await run(resolve(first))
  else {
    process.stderr.write(
      'usage: main ATTEMPT_FOLDER | --probe BACKEND | --spare BACKEND [once] | --pack FOLDER | --describe NAME FOLDER\n',
    )
    process.exitCode = 2
  }
}

async function run(folder: string): Promise<void> {
  if (!claim(folder)) {
    process.stderr.write(`${folder} is run by another process\n`)
    process.exitCode = 75
    return
  }
  const ending = watchEnding(folder)
  try {
    const wishes = watchWishes(folder)
    // Loaded after the guards stand: whatever goes wrong from here on ends in an exit record.
    await Promise.all([import('../library/index.ts'), import('../script/index.ts')])
    const { runAttempt } = await import('./attempt.ts')
    ending.end((await runAttempt(folder, ending, wishes)).exit)
  } catch (error) {
    ending.end({ kind: 'failed', failure: classify(error) })
  }
}

async function packFolder(folder: string): Promise<void> {
  const { packInPlace } = await import('../extension/pack.ts')
  process.stdout.write(`${JSON.stringify(packInPlace(resolve(folder)))}\n`)
}

async function tell(name: string, folder: string): Promise<void> {
  setTimeout(() => process.exit(1), LONGEST).unref()
  const { describeExtension } = await import('../extension/describe.ts')
  const described = await describeExtension(name, resolve(folder))
  // Behind whatever the extension itself has printed; and what it has started must not keep this process.
  process.stdout.write(`\n${JSON.stringify(described)}\n`, () => process.exit(0))
}

async function probeBackend(name: string): Promise<void> {
  const { BACKENDS, probe } = await import('../backend/index.ts')
  const backend = BACKENDS.find(b => b === name)
  const { accepted, detail, versions } =
    backend === undefined
      ? { accepted: false, detail: `there is no backend ${name}`, versions: {} }
      : await probe(backend)
  // A driver's threads may keep the process alive; the answer is all that is wanted.
  process.stdout.write(`${JSON.stringify({ accepted, detail, versions })}\n`, () => process.exit(0))
}

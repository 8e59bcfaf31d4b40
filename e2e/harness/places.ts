/** Where the built programs lie, and temporary folders that a test throws away. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')
export const server = join(root, 'apps/web/dist/server.mjs')
export const agentProgram = join(root, 'agents/flambe-agent/bin/flambe-agent.mjs')
export const flambe = join(root, 'packages/flambe/bin/flambe.mjs')
export const experiment = (name: string) => join(root, 'e2e/experiments', name)
export const example = (name: string) => join(root, 'examples', name)

const made: string[] = []

export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'flambe-e2e-'))
  made.push(dir)
  return dir
}

export function removeFolders(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true, maxRetries: 5 })
}

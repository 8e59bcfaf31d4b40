/**
 * The agent that this hub hands out: one tarball for npx and one file for plain Node, read from the agent package's dist
 * folder at run time. npx never updates an install of the same URL, so the content's hash stands in the name.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

export interface AgentPackage {
  readonly version: string
  /** Content hash that a matching agent says at hello. */
  readonly build: string
  /** `flambe-agent-<version>-h<hash>.tgz` */
  readonly name: string
  readonly tarball: string
  readonly single: string
}

const description = z.object({
  version: z.string().regex(/^[A-Za-z0-9.+-]{1,40}$/),
  build: z.string().regex(/^[A-Za-z0-9]{6,100}$/),
})

/** Null when the agent was not built (development without a build, tests). */
export async function readAgentPackage(dir: string | undefined): Promise<AgentPackage | null> {
  if (dir === undefined) return null
  let text: string
  try {
    text = await readFile(join(dir, 'build.json'), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const { version, build } = description.parse(JSON.parse(text))
  const name = `flambe-agent-${version}-h${build.slice(0, 10)}.tgz`
  return { version, build, name, tarball: join(dir, 'flambe-agent.tgz'), single: join(dir, 'agent.mjs') }
}

/** The command that the page shows; works on npm 10, 11 and 12. */
export const agentCommand = (pack: AgentPackage | null, url: string): string =>
  pack === null ? `npx flambe-agent --hub ${url}` : `npx -y --allow-remote=all ${url}/${pack.name} --hub ${url}`

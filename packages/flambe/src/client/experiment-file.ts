/**
 * Reads and plans an experiment file on this machine: the same checks that the hub makes, plus what only this machine can
 * check (local resources exist). Draws the seed where neither file nor command line gives one.
 */
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { planText } from '@flambe/hub/plan'
import type { Plan, Problem } from '@flambe/language'
import type { FoundExtensions } from '../extensions/found.ts'
import { fileTrouble } from './file-trouble.ts'
import { Refused } from './refused.ts'

/** Text of an experiment. Relative paths start where `file` lies, or would lie: an experiment of the API is not on disk. */
export interface Source {
  readonly file: string
  readonly text: string
}

export interface PlannedFile extends Source {
  readonly plan: Plan | null
  readonly problems: readonly Problem[]
  /** True when the seed was drawn here. */
  readonly drawn: boolean
  /** Null: nobody looked at them. */
  readonly extensions: FoundExtensions | null
}

/** `force`: earlier results are to be deleted, so the experiment may not resume them. */
export function planSource(
  { file, text }: Source,
  options: { readonly seed?: number | undefined; readonly force?: boolean | undefined },
  extensions: FoundExtensions | null,
): PlannedFile {
  const { seed } = options
  const { plan, problems, written } = planText(text, {
    file,
    seed: seed ?? null,
    fallbackSeed: randomInt(1, 2 ** 31),
    force: options.force ?? false,
    ...(extensions === null ? {} : { extensions: extensions.pieces }),
    resourceExists: location => existsSync(localPath(file, location)),
  })
  return { file, text, plan, problems, drawn: seed === undefined && written === null, extensions }
}

/** Throws Refused. */
export function readSource(file: string): Source {
  try {
    if (!statSync(file).isFile()) throw new Refused(`${file}: not a file`, 2, 'file-unreadable')
    return { file, text: readFileSync(file, 'utf8') }
  } catch (error) {
    const why = fileTrouble(error)
    if (why === null) throw error
    throw new Refused(`${file}: ${why}`, 2, 'file-unreadable')
  }
}

/** Where a location written in `file` lies: relative to the file, `~` is the home folder. */
export function localPath(file: string, location: string): string {
  const expanded = location === '~' || location.startsWith('~/') ? join(homedir(), location.slice(1)) : location
  return isAbsolute(expanded) ? expanded : resolve(dirname(file), expanded)
}

export const hasErrors = (problems: readonly Problem[]): boolean => problems.some(p => p.severity === 'error')

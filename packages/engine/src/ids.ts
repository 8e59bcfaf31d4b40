/** How ids are made of ids. Names never contain a dot, so each splits in one way. Also `must`, for what cannot be missing. */

export const blockKey = (experiment: string, block: string): string => `${experiment}.${block}`
export const trialId = (experiment: string, block: string, number: number): string => `${experiment}.${block}.${number}`
export const attemptId = (trial: string, epoch: number): string => `${trial}.${epoch}`

/** For rows that other rows refer to: their absence is a bug, never a user's mistake. */
export function must<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new Error(`engine: ${what} is missing`)
  return value
}

// Rules that ask once per interval of steps: the first report in [grace + k * interval, grace + (k + 1) * interval) asks.

import type { TrialRecord } from '../history.ts'

/** Whether an earlier report of the trial lies in the interval of this step. */
export function askedBefore(record: TrialRecord | undefined, step: number, grace: number, interval: number): boolean {
  const lower = Math.floor((step - grace) / interval) * interval + grace
  const reports = record?.reports ?? []
  for (let at = reports.length - 1; at >= 0; at--) {
    const earlier = reports[at]?.step ?? 0
    if (earlier < step) return earlier >= lower
  }
  return false
}

/** Times and durations in words; `now` is always given, so that one clock drives the whole page. */

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `now`, `42 s ago`, `3 min ago`, `5 h ago`, `2 d ago`, then the date. Times are ms since the epoch. */
export function agoText(time: number, now: number): string {
  const passed = now - time
  if (passed < 5 * SECOND) return 'now'
  if (passed < MINUTE) return `${Math.floor(passed / SECOND)} s ago`
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`
  if (passed < 14 * DAY) return `${Math.floor(passed / DAY)} d ago`
  return dateText(time).slice(0, 10)
}

/** `850 ms`, `4.2 s`, `42 s`, `3 m 07 s`, `2 h 05 m`, `3 d 04 h`. */
export function durationText(ms: number): string {
  const span = Math.max(0, ms)
  if (span < SECOND) return `${Math.round(span)} ms`
  if (span < 10 * SECOND) return `${(span / SECOND).toFixed(1)} s`
  if (span < MINUTE) return `${Math.floor(span / SECOND)} s`
  if (span < HOUR) return `${Math.floor(span / MINUTE)} m ${two((span % MINUTE) / SECOND)} s`
  if (span < DAY) return `${Math.floor(span / HOUR)} h ${two((span % HOUR) / MINUTE)} m`
  return `${Math.floor(span / DAY)} d ${two((span % DAY) / HOUR)} h`
}

/** `2026-11-24 10:32:05`, local time. */
export function dateText(time: number): string {
  const d = new Date(time)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${clockText(time)}`
}

/** `10:32:05`, local time. */
export function clockText(time: number): string {
  const d = new Date(time)
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}

/** Time spent between start and end, or until `now` while it lasts; null before the start. */
export function spent(row: { readonly started: number | null; readonly ended: number | null }, now: number) {
  return row.started === null ? null : Math.max(0, (row.ended ?? now) - row.started)
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0')
}

/** Values as people read them: four significant digits, short JSON. */
import type { MetricValue } from '@flambe/engine'
import type { Json } from '@flambe/language'

export function shortNumber(n: number): string {
  if (Number.isInteger(n) && Math.abs(n) < 1e6) return String(n)
  const text = n.toPrecision(4)
  return text.includes('e') ? String(Number(text)) : text.replace(/\.?0+$/, '')
}

export const shortMetric = (m: MetricValue | null): string =>
  m === null ? '–' : typeof m === 'number' ? shortNumber(m) : m.replace('.', '')

export function shortValue(value: Json): string {
  if (typeof value === 'number') return shortNumber(value)
  if (typeof value === 'string') return value
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const { tag, link } = value as { tag?: Json; link?: Json }
    if (typeof tag === 'string') return `!${tag}`
    if (typeof link === 'string') return `!@ ${link}`
  }
  const text = JSON.stringify(value)
  return text.length > 24 ? `${text.slice(0, 23)}…` : text
}

/** `1:02:03`, `4:05`, `12.3 s`. */
export function duration(ms: number): string {
  const s = ms / 1000
  if (s < 60) return `${s.toFixed(1)} s`
  const pad = (n: number) => String(Math.floor(n)).padStart(2, '0')
  return s < 3600
    ? `${Math.floor(s / 60)}:${pad(s % 60)}`
    : `${Math.floor(s / 3600)}:${pad((s / 60) % 60)}:${pad(s % 60)}`
}

/**
 * Numbers as people read them: 4 significant digits in tables (the full value goes into the hover), sizes in binary units.
 * Metrics come as numbers or as the names of the non-finite ones.
 */
import type { MetricValue } from '../api/views.ts'

export const NOTHING = '–'

/** 4 significant digits, trailing zeros kept so that columns line up; integers below a million as they are. */
export function metricText(value: MetricValue | null | undefined): string {
  if (value === null || value === undefined) return NOTHING
  if (typeof value === 'string') return specialText(value)
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '-∞'
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value)
  const size = Math.abs(value)
  if (size >= 1e6 || size < 1e-4) return exponent(value)
  return value.toPrecision(4)
}

/** Every digit, for hovers and exports. */
export function metricFull(value: MetricValue | null | undefined): string {
  if (value === null || value === undefined) return 'no value'
  return typeof value === 'string' ? specialText(value) : String(value)
}

/** The number behind a metric; NaN when there is none. */
export function metricNumber(value: MetricValue | null | undefined): number {
  if (value === null || value === undefined || value === '.nan') return Number.NaN
  if (value === '.inf') return Number.POSITIVE_INFINITY
  return value === '-.inf' ? Number.NEGATIVE_INFINITY : value
}

/** A parameter's or axis' number: at most 4 significant digits, no trailing zeros. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return metricText(value)
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size >= 1e6 || size < 1e-4) return exponent(value)
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4)))
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

export function bytesText(bytes: number): string {
  let size = bytes
  let unit = 0
  while (size >= 1024 && unit < UNITS.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`
}

/** 12,345 */
export function countText(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

/** CPU shares: `2`, `0.5`. */
export function shareText(share: number): string {
  return String(Math.round(share * 100) / 100)
}

/** `1 CPU`, `0.25 CPUs`. */
export function cpuText(cpus: number): string {
  return `${shareText(cpus)} ${cpus === 1 ? 'CPU' : 'CPUs'}`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`
}

function specialText(value: '.nan' | '.inf' | '-.inf'): string {
  return value === '.nan' ? 'NaN' : value === '.inf' ? '∞' : '-∞'
}

function exponent(value: number): string {
  const [digits = '', power = ''] = value.toExponential(3).split('e')
  return `${digits.replace(/\.?0+$/, '')}e${power.replace('+', '')}`
}

/** Ranges chosen on the axes of the parallel coordinates, as the URL holds them: `brush=lr:0.2-0.5,~:0.8-1`. Pure. */
import { METRIC, type ParallelAxis, type ParallelLine } from './plots.ts'

/** Places 0..1, low first. */
export interface Span {
  readonly from: number
  readonly to: number
}
export type Brush = ReadonlyMap<string, Span>

const LEAST = 0.01
/** Stands for the metric in the address. */
const SHORT = '~'

export function brushOf(text: string): Brush {
  const brush = new Map<string, Span>()
  for (const part of text.split(',').slice(0, 20)) {
    const match = /^(.+):([\d.]+)-([\d.]+)$/.exec(part)
    const [, name = '', from, to] = match ?? []
    const span = spanOf(Number(from), Number(to))
    if (match && span) brush.set(name === SHORT ? METRIC : named(name), span)
  }
  return brush
}

export function brushText(brush: Brush): string {
  const short = (place: number) => String(Number(place.toFixed(3)))
  return [...brush]
    .map(([name, { from, to }]) => `${name === METRIC ? SHORT : encodeURIComponent(name)}:${short(from)}-${short(to)}`)
    .join(',')
}

/** What nobody encoded is a name as it stands. */
function named(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Within 0..1 and in order; null for what is no range or too small to be meant. */
export function spanOf(a: number, b: number): Span | null {
  if (Number.isNaN(a) || Number.isNaN(b)) return null
  const from = Math.max(0, Math.min(a, b))
  const to = Math.min(1, Math.max(a, b))
  return to - from < LEAST ? null : { from, to }
}

export function withSpan(brush: Brush, name: string, span: Span | null): Brush {
  const next = new Map(brush)
  if (span === null) next.delete(name)
  else next.set(name, span)
  return next
}

/** Lines within every range; a line without an option is in no range of it. */
export function brushed(
  lines: readonly ParallelLine[],
  axes: readonly ParallelAxis[],
  brush: Brush,
): readonly ParallelLine[] {
  const spans = axes.flatMap(({ name }, i) => {
    const span = brush.get(name)
    return span ? [{ i, span }] : []
  })
  return lines.filter(({ places }) =>
    spans.every(({ i, span }) => {
      const place = places[i] ?? null
      return place !== null && place >= span.from && place <= span.to
    }),
  )
}

/** What a key does to the range of an axis: arrows move it, with Shift they widen and narrow it, Escape takes it away. */
export function spanByKey(span: Span | undefined, key: string, shift: boolean): Span | null | undefined {
  if (key === 'Escape' || key === 'Delete') return null
  const step = key === 'ArrowUp' ? 0.05 : key === 'ArrowDown' ? -0.05 : 0
  if (step === 0) return undefined
  if (!span) return step > 0 ? { from: 0.75, to: 1 } : { from: 0, to: 0.25 }
  if (shift) return spanOf(span.from, span.to + step) ?? span
  const move = Math.max(-span.from, Math.min(1 - span.to, step))
  return { from: span.from + move, to: span.to + move }
}

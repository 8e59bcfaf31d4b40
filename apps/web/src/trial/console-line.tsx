/** One line of output: spans of text with their look, and what a search found marked. Never HTML (S6). */
import { cx } from '../ui/class.ts'
import { type AnsiSpan, type AnsiStyle, ansiLine } from './ansi.ts'

export function ConsoleLine({
  line,
  style,
  search,
}: {
  readonly line: string
  readonly style: AnsiStyle
  readonly search: string
}) {
  const { spans } = ansiLine(line, style)
  return (
    <>
      {spans.map((span, i) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: spans of a line have no other identity
          key={i}
          className={cx(
            span.style.bold && 'font-bold',
            span.style.dim && 'opacity-60',
            span.style.italic && 'italic',
            span.style.underline && 'underline',
          )}
          style={colors(span)}
        >
          {search === '' ? span.text : marked(span.text, search)}
        </span>
      ))}
    </>
  )
}

function colors({ style }: AnsiSpan): React.CSSProperties {
  const fg = style.inverse ? (style.bg ?? 'var(--surface)') : style.fg
  const bg = style.inverse ? (style.fg ?? 'var(--ink)') : style.bg
  return { ...(fg === null ? {} : { color: fg }), ...(bg === null ? {} : { background: bg }) }
}

function marked(text: string, search: string) {
  const parts: React.ReactNode[] = []
  const low = text.toLowerCase()
  let at = 0
  for (;;) {
    const found = low.indexOf(search, at)
    if (found < 0) break
    parts.push(text.slice(at, found))
    parts.push(
      <mark key={found} className="rounded-xs bg-accent text-surface">
        {text.slice(found, found + search.length)}
      </mark>,
    )
    at = found + search.length
  }
  return [...parts, text.slice(at)]
}

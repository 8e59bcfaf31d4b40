'use client'
/**
 * Output of an attempt: the end first, live, only the lines in view in the document. Scrolling up reads earlier text; following
 * stops while one looks back and goes on at the end.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownToLine, ChevronDown, ChevronUp, Download, Pause, WrapText } from 'lucide-react'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { errorText } from '../api/client.ts'
import type { AttemptView } from '../api/views.ts'
import { bytesText, countText, plural } from '../format/number.ts'
import { bareText } from '../format/plain.ts'
import { IconButton, Segments } from '../ui/button.tsx'
import { cx } from '../ui/class.ts'
import { SearchField, Select } from '../ui/field.tsx'
import { Failed, Panel } from '../ui/panel.tsx'
import { useToast } from '../ui/toast.tsx'
import { type AnsiStyle, PLAIN, styleAfter } from './ansi.ts'
import { ConsoleLine } from './console-line.tsx'
import { lineCount } from './console-window.ts'
import { saveOutput } from './save-output.ts'
import { useConsole } from './use-console.ts'

const ROW = 18
const AT_END = 24

export function Console({ attempts, ready }: { readonly attempts: readonly AttemptView[]; readonly ready: boolean }) {
  const newest = attempts.at(-1)
  const [chosen, setChosen] = useState<string | null>(null)
  const attempt = attempts.find(one => one.id === chosen) ?? newest
  const [wanted, setStream] = useState<'stdout' | 'stderr' | null>(null)
  if (!attempt) return null
  // What was written is shown first: an attempt that ended with words on stderr alone opens there.
  const silent = attempt.ended !== null && attempt.bytes.stdout === 0 && attempt.bytes.stderr > 0
  const stream = wanted ?? (silent ? 'stderr' : 'stdout')
  return (
    <ConsoleOf
      key={`${attempt.id} ${stream}`}
      attempt={attempt}
      stream={stream}
      ready={ready}
      choose={
        <>
          {attempts.length > 1 && (
            <Select
              label="Attempt"
              value={attempt.id}
              onChange={setChosen}
              options={attempts.map(one => ({ value: one.id, text: `attempt ${one.epoch}` }))}
            />
          )}
          <Segments
            label="Stream"
            value={stream}
            onChange={setStream}
            options={(['stdout', 'stderr'] as const).map(value => ({
              value,
              text: (
                <>
                  {value}
                  {attempt.ended !== null && attempt.bytes[value] > 0 && (
                    <span className="font-normal text-faint">{bytesText(attempt.bytes[value])}</span>
                  )}
                </>
              ),
            }))}
          />
        </>
      }
    />
  )
}

function ConsoleOf({
  attempt,
  stream,
  ready,
  choose,
}: {
  readonly attempt: AttemptView
  readonly stream: 'stdout' | 'stderr'
  readonly ready: boolean
  readonly choose: React.ReactNode
}) {
  const scroller = useRef<HTMLDivElement>(null)
  const toast = useToast()
  const [follow, setFollow] = useState(true)
  const [wrap, setWrap] = useState(true)
  const [search, setSearch] = useState('')
  const [hit, setHit] = useState(0)
  const { window: text, error, earlier, toEnd } = useConsole(attempt.id, stream, ready, follow)
  const count = text ? lineCount(text) : 0
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 20,
  })
  const items = virtual.getVirtualItems()
  const styles = useStyles(text?.lines)

  const needle = search.trim().toLowerCase()
  const hits = useMemo(() => {
    if (needle === '' || !text) return []
    return text.lines.flatMap((line, i) => (bareText(line).toLowerCase().includes(needle) ? [i] : []))
  }, [needle, text])
  const go = useCallback(
    (to: number) => {
      if (hits.length === 0) return
      const next = (to + hits.length) % hits.length
      setHit(next)
      setFollow(false)
      virtual.scrollToIndex(hits[next] ?? 0, { align: 'center' })
    },
    [hits, virtual],
  )

  useLayoutEffect(() => {
    if (follow && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' })
  }, [follow, count, virtual])

  // Earlier lines push the ones in view down: stay at the same line.
  const from = text?.from ?? 0
  const before = useRef({ from, count })
  useLayoutEffect(() => {
    const old = before.current
    before.current = { from, count }
    if (from < old.from && count > old.count && !follow) {
      virtual.scrollToIndex(count - old.count + (virtual.range?.startIndex ?? 0), { align: 'start' })
    }
  }, [from, count, follow, virtual])

  const first = items[0]?.index ?? 0
  useEffect(() => {
    if (!follow && first < 40 && from > 0) earlier()
  }, [first, from, follow, earlier])

  const onScroll = () => {
    const box = scroller.current
    if (!box) return
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < AT_END
    if (atEnd && !follow && text && text.to >= text.size) setFollow(true)
  }

  return (
    <Panel
      flush
      title="Output"
      note={
        text && text.size > 0
          ? `${bytesText(text.size)}${from > 0 ? `, last ${plural(count, 'line')} here` : ''}`
          : undefined
      }
      actions={
        <>
          {choose}
          <SearchField label="Search in it" value={search} onChange={setSearch} className="w-32" />
          {needle !== '' && (
            <span className="nums flex items-center text-xs text-muted">
              {hits.length === 0
                ? 'none'
                : `${countText(Math.min(hit, hits.length - 1) + 1)}/${countText(hits.length)}`}
              <IconButton
                label="Previous"
                icon={ChevronUp}
                className="size-6"
                disabled={hits.length === 0}
                onClick={() => go(hit - 1)}
              />
              <IconButton
                label="Next"
                icon={ChevronDown}
                className="size-6"
                disabled={hits.length === 0}
                onClick={() => go(hit + 1)}
              />
            </span>
          )}
          <IconButton label="Wrap long lines" icon={WrapText} pressed={wrap} onClick={() => setWrap(!wrap)} />
          <IconButton
            label={follow ? 'Stop following' : 'To the end, and follow'}
            icon={follow ? Pause : ArrowDownToLine}
            onClick={() => {
              if (!follow) toEnd()
              setFollow(!follow)
            }}
          />
          <IconButton
            label={`Save ${stream}`}
            icon={Download}
            disabled={count === 0}
            onClick={() => {
              saveOutput(attempt.id, stream).catch(failure => toast({ kind: 'error', text: errorText(failure) }))
            }}
          />
        </>
      }
    >
      {error !== null && count === 0 ? (
        <Failed text={error} retry={toEnd} />
      ) : text === null ? (
        <div className="skeleton m-3 h-40" />
      ) : count === 0 ? (
        <p className="px-3 py-6 text-center text-muted">
          {attempt.ended === null ? `Nothing on ${stream} so far.` : `This attempt wrote nothing to ${stream}.`}
        </p>
      ) : (
        <section
          ref={scroller}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keyboard
          tabIndex={0}
          aria-label={`${stream} of attempt ${attempt.epoch}`}
          onScroll={onScroll}
          onWheel={event => event.deltaY < 0 && setFollow(false)}
          onTouchMove={() => setFollow(false)}
          onKeyDown={event => ['ArrowUp', 'PageUp', 'Home'].includes(event.key) && setFollow(false)}
          style={{ height: `min(${virtual.getTotalSize() + 14}px, 28rem, 60vh)` }}
          className="overflow-auto rounded-b-lg bg-sunken py-1.5 font-mono text-xs leading-[18px] [font-variant-ligatures:none]"
        >
          <div className={cx('relative', !wrap && 'min-w-max')} style={{ height: virtual.getTotalSize() }}>
            {items.map(item => (
              <div
                key={item.key}
                ref={wrap ? virtual.measureElement : undefined}
                data-index={item.index}
                className={cx(
                  'top-0 left-0 px-3',
                  wrap ? 'absolute w-full break-words whitespace-pre-wrap' : 'absolute w-full whitespace-pre',
                  hits[hit] === item.index && needle !== '' && 'bg-selected',
                )}
                style={{ transform: `translateY(${item.start}px)`, minHeight: ROW }}
              >
                <ConsoleLine line={text.lines[item.index] ?? ''} style={styles[item.index] ?? PLAIN} search={needle} />
              </div>
            ))}
          </div>
        </section>
      )}
      {text && text.dropped > 0 && (
        <p className="border-t border-line px-3 py-1.5 text-xs text-warning">
          {bytesText(text.dropped)} of this output were cut: more than the agent's limit of output.
        </p>
      )}
    </Panel>
  )
}

/** The style that each line begins with: escapes reach over line ends. */
function useStyles(lines: readonly string[] | undefined): readonly AnsiStyle[] {
  return useMemo(() => {
    let style = PLAIN
    return (lines ?? []).map(line => {
      const begins = style
      style = styleAfter(line, style)
      return begins
    })
  }, [lines])
}

'use client'
/** All panels of some trials: one a tag. A panel reads its series when it comes into view, and keeps them live. */
import { useEffect, useMemo, useRef, useState } from 'react'
import { errorText } from '../api/client.ts'
import { useRead } from '../api/query.ts'
import type { SeriesView } from '../api/views.ts'
import { Button } from '../ui/button.tsx'
import type { Crosshair } from './crosshair.ts'
import { CurvePanel } from './curve-panel.tsx'
import type { Curve } from './series.ts'

/** Buckets a series; more than a panel has pixels for is wasted. */
const POINTS = 400
const PANELS = 12

export interface CurveTrial {
  readonly id: string
  readonly number: number
  readonly label: string
}

export interface Tag {
  readonly tag: string
  readonly trials: number
}

interface Shared {
  readonly trials: readonly CurveTrial[]
  readonly smoothing: number
  readonly log: boolean
  readonly crosshair: Crosshair
  /** Curves in a panel at most. */
  readonly most: number
  readonly onOpen?: ((trial: string) => void) | undefined
}

export default function Curves({ tags, ...shared }: Shared & { readonly tags: readonly Tag[] }) {
  const [panels, setPanels] = useState(PANELS)
  const [wide, setWide] = useState<string | null>(null)
  return (
    <>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(min(100%,17rem),1fr))] gap-2">
        {tags.slice(0, panels).map(tag => (
          <TagPanel
            key={tag.tag}
            tag={tag}
            {...shared}
            wide={wide === tag.tag}
            onWide={tags.length > 1 ? () => setWide(wide === tag.tag ? null : tag.tag) : undefined}
          />
        ))}
      </div>
      {tags.length > panels && (
        <div className="flex justify-center pt-3">
          <Button onClick={() => setPanels(panels + PANELS)}>
            {panels} of {tags.length} tags shown: show more
          </Button>
        </div>
      )}
    </>
  )
}

function TagPanel({
  tag,
  trials,
  most,
  ...rest
}: Shared & { readonly tag: Tag; readonly wide: boolean; readonly onWide: (() => void) | undefined }) {
  const box = useRef<HTMLDivElement>(null)
  const seen = useSeen(box)
  const answer = useRead(
    'series.read',
    { trials: trials.map(trial => trial.id), tags: [tag.tag], points: POINTS },
    { enabled: seen && trials.length > 0, keep: true },
  )
  const { curves, have } = useMemo(() => curvesOf(trials, answer.data?.series ?? [], most), [trials, answer.data, most])
  const total = Math.max(tag.trials, have)
  return (
    <div ref={box} className={rest.wide ? 'col-span-full min-w-0' : 'min-w-0'}>
      {answer.isError && !answer.data ? (
        <div className="flex h-58 items-center justify-center rounded-lg border border-line bg-surface p-4 text-xs text-muted">
          {errorText(answer.error)}
        </div>
      ) : answer.data === undefined && trials.length > 0 ? (
        <div className="h-58 rounded-lg border border-line bg-surface p-3">
          <div className="text-xs font-semibold">{tag.tag}</div>
          <div className="skeleton mt-3 h-40" />
        </div>
      ) : (
        <CurvePanel
          {...rest}
          tag={tag.tag}
          curves={curves}
          note={total === 1 ? '' : `${curves.length} of ${total} shown`}
        />
      )}
    </div>
  )
}

function curvesOf(trials: readonly CurveTrial[], series: readonly SeriesView[], most: number) {
  const byTrial = new Map(series.map(one => [one.trial, one]))
  const all = trials.flatMap((trial): Curve[] => {
    const one = byTrial.get(trial.id)
    if (!one || one.steps.length === 0) return []
    const { steps, values, mins, maxs } = one
    return [{ id: trial.id, label: trial.label, number: trial.number, steps, values, mins, maxs }]
  })
  return { curves: all.slice(0, most), have: all.length }
}

/** True from the first time that the element is near the visible part. */
function useSeen(box: React.RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!box.current || seen) return
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(entry => entry.isIntersecting)) setSeen(true)
      },
      { rootMargin: '200px' },
    )
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [box, seen])
  return seen
}

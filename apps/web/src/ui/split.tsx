'use client'
/** Two panes side by side with a divider to drag (or arrow keys on it); one above the other where there is no room. */
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'

const LEAST = 0.25
const MOST = 0.75

export function Split({
  name,
  left,
  right,
}: {
  /** Under which the browser remembers the place of the divider. */
  readonly name: string
  readonly left: ReactNode
  readonly right: ReactNode
}) {
  const box = useRef<HTMLDivElement>(null)
  const [share, setShare] = useState(0.52)
  useEffect(() => {
    const kept = Number(localStorage.getItem(`split.${name}`))
    if (kept >= LEAST && kept <= MOST) setShare(kept)
  }, [name])
  const move = useCallback(
    (next: number) => {
      const fixed = Math.min(MOST, Math.max(LEAST, next))
      setShare(fixed)
      localStorage.setItem(`split.${name}`, fixed.toFixed(3))
    },
    [name],
  )
  return (
    <div
      ref={box}
      className="grid grid-cols-1 gap-3 xl:grid-cols-[minmax(0,var(--share))_8px_minmax(0,1fr)] xl:gap-1"
      style={{ '--share': `${share * 100}%` } as React.CSSProperties}
    >
      <div className="min-w-0">{left}</div>
      {/* biome-ignore lint/a11y/useSemanticElements: a divider that can be moved is no hr */}
      <div
        role="separator"
        tabIndex={0}
        aria-label="Divider"
        aria-orientation="vertical"
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={LEAST * 100}
        aria-valuemax={MOST * 100}
        className="group hidden cursor-col-resize touch-none items-center justify-center rounded-sm xl:flex"
        onKeyDown={event => {
          if (event.key === 'ArrowLeft') move(share - 0.03)
          if (event.key === 'ArrowRight') move(share + 0.03)
        }}
        onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={event => {
          if (!event.currentTarget.hasPointerCapture(event.pointerId) || !box.current) return
          const area = box.current.getBoundingClientRect()
          move((event.clientX - area.left) / area.width)
        }}
      >
        <span className="sticky top-1/2 h-10 w-0.5 rounded-full bg-line-strong group-hover:bg-accent" />
      </div>
      <div className="min-w-0">{right}</div>
    </div>
  )
}

'use client'
/** One ticking clock for the page: relative times and running durations all move together, once a second. */
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import { NOTHING } from '../format/number.ts'
import { agoText, dateText, durationText, spent } from '../format/time.ts'

const Clock = createContext(0)

export function ClockProvider({ children }: { readonly children: ReactNode }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now())
    }, 1000)
    return () => clearInterval(timer)
  }, [])
  return <Clock.Provider value={now}>{children}</Clock.Provider>
}

export function useNow(): number {
  return useContext(Clock)
}

export function Ago({ time, className }: { readonly time: number; readonly className?: string }) {
  const now = useNow()
  return (
    <time dateTime={new Date(time).toISOString()} title={dateText(time)} className={className} suppressHydrationWarning>
      {agoText(time, now)}
    </time>
  )
}

/** How long something took, or takes so far. */
export function Spent({ row }: { readonly row: { readonly started: number | null; readonly ended: number | null } }) {
  const now = useNow()
  const ms = spent(row, now)
  if (ms === null || row.started === null) return <span className="text-faint">{NOTHING}</span>
  const from = dateText(row.started)
  return (
    <span
      className="nums"
      title={row.ended === null ? `since ${from}` : `${from} to ${dateText(row.ended)}`}
      suppressHydrationWarning
    >
      {durationText(ms)}
    </span>
  )
}

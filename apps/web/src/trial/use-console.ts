'use client'
/** Reads and follows one output stream: the end first, earlier text on demand, live pieces as they come. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { errorText, read } from '../api/client.ts'
import { useChanges } from '../live/live.tsx'
import { append, type ConsoleWindow, openWindow, prepend } from './console-window.ts'

const BYTES = 131_072
const MOST_BYTES = 262_144

export function useConsole(attempt: string, stream: 'stdout' | 'stderr', ready: boolean, follow: boolean) {
  const [window, setWindow] = useState<ConsoleWindow | null>(null)
  const [error, setError] = useState<string | null>(null)
  const current = useRef<ConsoleWindow | null>(null)
  const busy = useRef(false)
  const alive = useRef(true)

  const show = useCallback((next: ConsoleWindow) => {
    if (!alive.current) return
    current.current = next
    setWindow(next)
    setError(null)
  }, [])

  const run = useCallback(async (work: () => Promise<void>) => {
    if (busy.current) return
    busy.current = true
    try {
      await work()
    } catch (failure) {
      if (alive.current) setError(errorText(failure))
    } finally {
      busy.current = false
    }
  }, [])

  const toEnd = useCallback(() => {
    run(async () => show(openWindow(await read('output.read', { attempt, stream, bytes: BYTES, tail: true })))).catch(
      () => {},
    )
  }, [attempt, stream, run, show])

  const earlier = useCallback(() => {
    run(async () => {
      const old = current.current
      if (!old || old.from === 0) return
      const from = Math.max(0, old.from - MOST_BYTES)
      const view = await read('output.read', { attempt, stream, from, bytes: old.from - from })
      if (current.current) show(prepend(current.current, view))
    }).catch(() => {})
  }, [attempt, stream, run, show])

  /** What lies between the window and the end, when live pieces left a hole. */
  const catchUp = useCallback(() => {
    run(async () => {
      const old = current.current
      if (!old) return
      const view = await read('output.read', { attempt, stream, from: old.to, bytes: MOST_BYTES })
      const joined = append(old, { from: view.from, text: view.text })
      if (joined.kind === 'gap' || view.size - view.to > MOST_BYTES) {
        show(openWindow(await read('output.read', { attempt, stream, bytes: BYTES, tail: true })))
      } else show({ ...joined.window, size: Math.max(view.size, joined.window.size), dropped: view.dropped })
    }).catch(() => {})
  }, [attempt, stream, run, show])

  useEffect(() => {
    alive.current = true
    if (ready) toEnd()
    return () => {
      alive.current = false
    }
  }, [ready, toEnd])

  useChanges(changes => {
    let next = current.current
    let hole = false
    for (const change of changes) {
      if (change.kind !== 'output' || change.attempt !== attempt || change.stream !== stream || !next) continue
      const joined = append(next, change)
      if (joined.kind === 'joined') next = joined.window
      else hole = true
    }
    if (next && next !== current.current) show(next)
    if (hole && follow) catchUp()
  })

  return { window, error, earlier, toEnd }
}

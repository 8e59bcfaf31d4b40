'use client'
/**
 * The feed for React: `LiveProvider` once around everything, `useWatch(topics)` in pages. Queries wait for `useWatch` to say
 * true (watch first, then read); when the socket stays silent they go on after a moment and are read again once it speaks.
 */
import { useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useContext, useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { must } from '../api/must.ts'
import type { LiveChange, Topic } from '../api/views.ts'
import { makeApplier } from './apply.ts'
import { Feed, type FeedState } from './feed.ts'

const PATIENCE = 1200
const Context = createContext<Feed | null>(null)

export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient()
  const [feed] = useState(() => new Feed())
  useEffect(() => {
    const applier = makeApplier(queries)
    const off = [feed.onChanges(changes => applier.apply(changes)), feed.onReset(() => applier.reset())]
    return () => {
      for (const stop of off) stop()
      applier.stop()
      feed.close()
    }
  }, [feed, queries])
  return <Context.Provider value={feed}>{children}</Context.Provider>
}

export function useFeed(): Feed {
  return must(useContext(Context), 'LiveProvider is missing')
}

export function useFeedState(): FeedState {
  const feed = useFeed()
  return useSyncExternalStore(
    feed.subscribe,
    () => feed.state,
    () => SERVER_STATE,
  )
}

const SERVER_STATE: FeedState = { status: 'connecting', paused: false, held: 0, watched: new Set() }

/** True once the topics are watched, or after a moment of silence. */
export function useWatch(topics: readonly Topic[]): boolean {
  const feed = useFeed()
  const queries = useQueryClient()
  const { watched } = useFeedState()
  const [late, setLate] = useState(false)
  const key = topics.join(' ')
  useEffect(() => {
    const release = feed.watch(key === '' ? [] : key.split(' '))
    const timer = setTimeout(() => setLate(true), PATIENCE)
    return () => {
      clearTimeout(timer)
      release()
    }
  }, [feed, key])
  const ready = topics.every(topic => watched.has(topic))
  const wasLate = useRef(false)
  useEffect(() => {
    if (!ready && late) wasLate.current = true
    if (!ready || !wasLate.current) return
    wasLate.current = false
    queries.invalidateQueries().catch(() => {})
  }, [ready, late, queries])
  return ready || late
}

/** Every batch of changes as it comes, for what is not kept in a query (the console). */
export function useChanges(listener: (changes: readonly LiveChange[]) => void): void {
  const feed = useFeed()
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  })
  useEffect(() => feed.onChanges(changes => latest.current(changes)), [feed])
}

/**
 * Puts batches of live changes into the query cache. A change that arrives while its answer is being read is kept and applied
 * again once the answer is there, so nothing falls between. Answers that cannot be patched are read again, at most every
 * READ_AGAIN ms, and not while somebody points at something marked `data-freeze`.
 */
import type { Query, QueryClient } from '@tanstack/react-query'
import type { LiveChange } from '../api/views.ts'
import { outdated, patch } from './patch.ts'

const READ_AGAIN = 1500
const MAX_KEPT = 5000

export interface Applier {
  apply(changes: readonly LiveChange[]): void
  /** The feed lost its place: everything on the screen is read again. */
  reset(): void
  stop(): void
}

export function makeApplier(queries: QueryClient): Applier {
  const cache = queries.getQueryCache()
  const kept = new Map<string, LiveChange[]>()
  const again = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | null = null

  const unsubscribe = cache.subscribe(event => {
    if (event.type === 'removed') kept.delete(event.query.queryHash)
    if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return
    const changes = kept.get(event.query.queryHash)
    kept.delete(event.query.queryHash)
    if (changes) patchQuery(event.query, changes)
  })

  function patchQuery(query: Query, changes: readonly LiveChange[]): void {
    const [path, input] = query.queryKey as [string, unknown]
    const before = query.state.data
    if (before === undefined) return
    let data: unknown = before
    for (const change of changes) {
      if (outdated(path, input, data, change)) again.add(query.queryHash)
      data = patch(path, input, data, change)
    }
    if (data !== before) queries.setQueryData(query.queryKey, data)
  }

  function readAgain(): void {
    timer = null
    if (again.size === 0) return
    if (document.querySelector('[data-freeze]:hover') === null) {
      for (const hash of again) {
        const query = cache.get(hash)
        if (query) queries.invalidateQueries({ queryKey: query.queryKey, exact: true }).catch(() => {})
      }
      again.clear()
    }
    if (again.size > 0) schedule()
  }

  function schedule(): void {
    timer ??= setTimeout(readAgain, READ_AGAIN)
  }

  return {
    apply(changes) {
      for (const query of cache.getAll()) {
        if (query.state.fetchStatus === 'fetching') {
          const list = kept.get(query.queryHash) ?? []
          list.push(...changes)
          if (list.length > MAX_KEPT) again.add(query.queryHash)
          kept.set(query.queryHash, list.slice(-MAX_KEPT))
        }
        patchQuery(query, changes)
      }
      if (again.size > 0) schedule()
    },
    reset() {
      kept.clear()
      queries.invalidateQueries().catch(() => {})
    },
    stop() {
      unsubscribe()
      if (timer !== null) clearTimeout(timer)
    },
  }
}

'use client'
/** View state in the URL: every filter, tab and choice is a search parameter, so that a link shows what its sender saw. */
import { usePathname, useSearchParams } from 'next/navigation'
import { useCallback } from 'react'

export interface ViewState {
  get(name: string, fallback?: string): string
  /** Empty text removes the parameter. Replaces the history entry unless `push`. */
  set(values: { readonly [name: string]: string }, push?: boolean): void
}

export function useViewState(): ViewState {
  const params = useSearchParams()
  const path = usePathname()
  const get = useCallback((name: string, fallback = '') => params.get(name) ?? fallback, [params])
  const set = useCallback(
    (values: { readonly [name: string]: string }, push = false) => {
      // The address bar is newer than `params` when two changes come in one turn.
      const next = new URLSearchParams(window.location.search)
      for (const [name, value] of Object.entries(values)) {
        if (value === '') next.delete(name)
        else next.set(name, value)
      }
      const query = next.toString()
      const url = query === '' ? path : `${path}?${query}`
      if (push) window.history.pushState(null, '', url)
      else window.history.replaceState(null, '', url)
    },
    [path],
  )
  return { get, set }
}

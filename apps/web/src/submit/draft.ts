'use client'
/** The text that is being written, kept in this browser so that a closed tab loses nothing. */
import { useCallback, useEffect, useState } from 'react'

const KEY = 'flambe.draft'

export function useDraft(): [string, (text: string) => void] {
  const [text, setText] = useState('')
  useEffect(() => setText(localStorage.getItem(KEY) ?? ''), [])
  const write = useCallback((next: string) => {
    setText(next)
    try {
      if (next === '') localStorage.removeItem(KEY)
      else localStorage.setItem(KEY, next)
    } catch {
      // A full or forbidden storage: the draft lives as long as the page, which is all that is left.
    }
  }, [])
  return [text, write]
}

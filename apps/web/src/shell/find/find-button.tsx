'use client'
/** Opens the search over everything: ⌘K or Ctrl K anywhere, or this button. What it opens is loaded when first asked for. */
import { Search } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'

const Find = dynamic(() => import('./find.tsx'), { ssr: false })

export function FindButton() {
  const [open, setOpen] = useState(false)
  const [mac, setMac] = useState(false)
  useEffect(() => {
    setMac(/mac|iphone|ipad/i.test(navigator.userAgent))
    const byKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      setOpen(now => !now)
    }
    window.addEventListener('keydown', byKey)
    return () => window.removeEventListener('keydown', byKey)
  }, [])
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-keyshortcuts="Meta+K Control+K"
        className="flex size-7 shrink-0 items-center justify-center gap-2 rounded-md text-xs text-faint hover:bg-hover hover:text-ink lg:w-52 lg:justify-start lg:border lg:border-line lg:bg-sunken lg:px-2 pointer-coarse:h-9 max-lg:pointer-coarse:w-9"
      >
        <Search aria-hidden className="size-4 lg:size-3.5" strokeWidth={1.75} />
        <span className="max-lg:sr-only">
          Search<span className="sr-only"> everything</span>
        </span>
        <kbd
          aria-hidden
          className="ml-auto rounded-sm border border-line bg-surface px-1 text-2xs leading-4 max-lg:hidden"
        >
          {mac ? '⌘K' : 'Ctrl K'}
        </kbd>
      </button>
      {open && <Find onClose={() => setOpen(false)} />}
    </>
  )
}

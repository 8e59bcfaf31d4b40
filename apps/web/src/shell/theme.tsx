'use client'
/** Light, dark or as the system says. The choice is a cookie, so that the server sends the right page at once: no flash. */
import { Monitor, Moon, Sun } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem } from '../ui/menu.tsx'

export type Theme = 'system' | 'light' | 'dark'
export const THEME_COOKIE = 'flambe_theme'
const CHANGED = 'flambe-theme'

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>('system')
  useEffect(() => setTheme((document.documentElement.dataset.theme as Theme | undefined) ?? 'system'), [])
  const choose = (next: Theme) => {
    setTheme(next)
    if (next === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = next
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing on plain http
    document.cookie = `${THEME_COOKIE}=${next}; path=/; max-age=31536000; samesite=lax`
    window.dispatchEvent(new Event(CHANGED))
  }
  return (
    <Menu trigger={<IconButton label="Theme" icon={theme === 'dark' ? Moon : theme === 'light' ? Sun : Monitor} />}>
      <MenuItem onSelect={() => choose('light')}>
        <Sun aria-hidden className="size-4" /> Light
      </MenuItem>
      <MenuItem onSelect={() => choose('dark')}>
        <Moon aria-hidden className="size-4" /> Dark
      </MenuItem>
      <MenuItem onSelect={() => choose('system')}>
        <Monitor aria-hidden className="size-4" /> As the system
      </MenuItem>
    </Menu>
  )
}

/** `light` or `dark`, as it looks now: for what is drawn on a canvas. */
export function useLook(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, currentLook, () => 'light')
}

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia('(prefers-color-scheme: dark)')
  media.addEventListener('change', listener)
  window.addEventListener(CHANGED, listener)
  return () => {
    media.removeEventListener('change', listener)
    window.removeEventListener(CHANGED, listener)
  }
}

function currentLook(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset.theme
  if (chosen === 'light' || chosen === 'dark') return chosen
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
